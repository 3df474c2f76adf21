"""A poll, from fetch to commit, over fakes."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from monitor.entities.roster import build_roster
from monitor.errors import StoreBusy
from monitor.flow.decide import Document
from monitor.flow.poll import PollPorts, _with_language, poll, read
from monitor.flow.watch import FeedWatch, Watch
from monitor.model.entries import Entry, ParsedFeed, ParseFailed, Text
from monitor.model.polls import FailureKind, FeedState, Fetched, FetchFailed, NotModified, Validators
from monitor.model.rhythm import Moving
from monitor.model.rules import RuleName, RuleSpec
from monitor.model.stories import PollPlan, Question
from monitor.rules.ruleset import Ruleset, compile_ruleset
from tests.fakes.store import FakeStore
from tests.fakes.world import Publisher, Reader, SetClock
from tests.plain_values import NOW, PACE, entry, parsed
from tests.store_values import Store

HOME, OTHER = "https://harbour.example/rss", "https://wire.example/rss"
SISTER = "https://harbour.example/sport"
NO_VALIDATORS = Validators()
RULES = {"strikes": "strike OR walkout", "bridges": "bridge"}


def rules(queries: dict[str, str]) -> Ruleset:
    specs = tuple(RuleSpec(name=RuleName(name), query=query) for name, query in queries.items())
    made = compile_ruleset(specs, build_roster(()))
    assert isinstance(made, Ruleset)
    return made


@dataclass(slots=True)
class Desk:
    """Everything around a poll; `publish` puts a document up and polls it."""

    store: Store = field(default_factory=FakeStore)
    publisher: Publisher = field(default_factory=Publisher)
    reader: Reader = field(default_factory=Reader)
    clock: SetClock = field(default_factory=SetClock)
    ruleset: Ruleset = field(default_factory=lambda: rules(RULES))
    is_stated: bool = False
    """whether their pace was said of the feeds"""

    @property
    def watch(self) -> Watch:
        pace = replace(PACE, is_stated=self.is_stated)
        feeds = {
            url: FeedWatch(url=url, outlets=(name,), tags=("coast",), language="en", pace=pace)
            for url, name in ((HOME, "The Harbour"), (OTHER, "The Wire"))
        }
        return Watch(feeds=feeds, ruleset=self.ruleset, channels=("screen", "desk"))

    async def feed(self, url: str = HOME) -> FeedState:
        states = await self.store.polls.register([(HOME, NOW), (OTHER, NOW)])
        return next(state for state in states if state.url == url)

    async def publish(
        self, *entries: Entry, url: str = HOME, validators: Validators = NO_VALIDATORS, is_whole: bool = True
    ) -> PollPlan:
        body = f"{url} {len(self.reader.documents)}".encode()
        self.reader.documents[body] = parsed(*entries, is_whole=is_whole)
        return await self.answer(Fetched(body=body, url=url, validators=validators), url)

    async def answer(self, answer: Fetched | NotModified | FetchFailed, url: str = HOME) -> PollPlan:
        self.publisher.answers[url] = answer
        ports = PollPorts(fetcher=self.publisher, parser=self.reader, store=self.store.polls, clock=self.clock)
        return await poll(await self.feed(url), self.watch, ports)


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_a_document_that_was_read_whole_is_not_held_until_the_writer_is_free(desk: Desk) -> None:
    """Dozens wait for it at a first update, and nobody reads their bodies again."""
    desk.reader.documents[b"body"] = parsed(entry(1))
    ports = PollPorts(fetcher=desk.publisher, parser=desk.reader, store=desk.store.polls, clock=desk.clock)
    answer = Fetched(body=b"body", url=HOME, validators=NO_VALIDATORS)
    document = await read(answer, await desk.feed(), desk.watch.feeds[HOME], ports)
    assert isinstance(document, Document)
    assert (len(document.entries), document.answer.body) == (1, b"")


def told(plan: PollPlan) -> list[tuple[str, str]]:
    return [(alert.content.rule, alert.content.title) for alert in plan.alerts]


async def test_the_first_poll_is_a_baseline_and_the_second_alerts(desk: Desk) -> None:
    """What was there before us is known and silent; what comes is told, once, on every channel."""
    first = await desk.publish(entry(1, title="Dock strike ends"))
    assert told(first) == []
    assert first.found == ()
    second = await desk.publish(entry(2, title="Tram strike begins on Monday"), entry(1, title="Dock strike ends"))
    assert told(second) == [("strikes", "Tram strike begins on Monday")]
    assert second.alerts[0].channels == ("screen", "desk")
    third = await desk.publish(entry(2, title="Tram strike begins on Monday"))
    assert told(third) == []


async def test_a_document_that_is_not_whole_gives_no_lasting_baseline(desk: Desk) -> None:
    """The rest of a broken-off first document must not alert as new; after the second poll the baseline stands."""
    first = await desk.publish(entry(1, title="Dock strike ends"), is_whole=False)
    assert first.feed.baseline_at is None
    second = await desk.publish(
        entry(1, title="Dock strike ends"), entry(2, title="Rail strike goes on"), is_whole=False
    )
    assert (second.alerts, second.feed.baseline_at) == ((), NOW)
    third = await desk.publish(entry(3, title="Bakers call a strike"), is_whole=False)
    assert told(third) == [("strikes", "Bakers call a strike")]


async def test_a_broken_document_never_replaces_the_validators(desk: Desk) -> None:
    """Else a 304 would hide the rest of it."""
    good, bad = Validators(etag=b'"good"'), Validators(etag=b'"bad"')
    await desk.publish(entry(1), validators=good)
    plan = await desk.publish(entry(2), validators=bad, is_whole=False)
    assert plan.feed.validators == good


async def test_a_broken_document_that_comes_twice_is_no_whole_one_the_second_time(desk: Desk) -> None:
    """The very same bytes, with validators: a 304 must not hide for ever what they left out."""
    bad = Validators(etag=b'"bad"')
    cut = Fetched(body=b"cut", url=HOME, validators=bad)
    desk.reader.documents[b"cut"] = parsed(entry(1), is_whole=False)
    await desk.publish(entry(9))
    for _ in range(3):
        plan = await desk.answer(cut)
        assert plan.feed.validators == NO_VALIDATORS
    assert desk.reader.read == 4


async def test_a_broken_document_without_entries_is_a_failure(desk: Desk) -> None:
    """Nothing was read, so nothing is known of what is new: it is asked ever less, and a day of it is an alarm."""
    before = (await desk.publish(entry(1), validators=Validators(etag=b'"good"'))).feed
    desk.reader.documents[b"cut"] = replace(parsed(is_whole=False), flaw="no element found, line 1")
    plan = await desk.answer(Fetched(body=b"cut", url=HOME, validators=Validators(etag=b'"cut"')))
    assert (plan.feed.last_outcome, plan.feed.failures) == ("failed", 1)
    assert plan.feed.last_error == "the document is broken: no element found, line 1"
    assert (plan.feed.validators, plan.feed.body_digest) == (before.validators, before.body_digest)
    empty = await desk.publish()
    assert (empty.feed.last_outcome, empty.feed.failures) == ("fetched", 0)


async def test_validators_are_replaced_together_also_by_nothing(desk: Desk) -> None:
    """A 200 says all there is."""
    await desk.publish(entry(1), validators=Validators(etag=b'"1"', last_modified=b"yesterday"))
    plan = await desk.publish(entry(1), validators=Validators(etag=b'"2"'))
    assert plan.feed.validators == Validators(etag=b'"2"')


async def test_not_modified_is_success_and_may_bring_new_validators(desk: Desk) -> None:
    """The other one is kept."""
    await desk.publish(entry(1), validators=Validators(etag=b'"1"', last_modified=b"yesterday"))
    plan = await desk.answer(NotModified(validators=Validators(etag=b'"2"'), max_age_seconds=7200))
    assert plan.feed.validators == Validators(etag=b'"2"', last_modified=b"yesterday")
    assert plan.feed.last_outcome == "not modified"
    assert plan.feed.next_poll_at == NOW + timedelta(hours=2)


async def test_the_same_body_is_not_parsed_again(desk: Desk) -> None:
    """Servers without validators send the same bytes all day."""
    body = Fetched(body=b"same", url=HOME)
    desk.reader.documents[b"same"] = parsed(entry(1))
    await desk.answer(body)
    plan = await desk.answer(body)
    assert desk.reader.read == 1
    assert plan.feed.last_outcome == "fetched"


async def test_a_failed_poll_changes_nothing_but_the_waiting(desk: Desk) -> None:
    """Validators, digest and seen-set stay; the reason is kept."""
    before = (await desk.publish(entry(1), validators=Validators(etag=b'"1"'))).feed
    plan = await desk.answer(FetchFailed(kind=FailureKind.HTTP, status=500, reason="answered 500"))
    expected = replace(
        before,
        next_poll_at=NOW + timedelta(minutes=15),
        next_reason="after 15 min: failed",
        failures=1,
        failing_since=NOW,
        last_outcome="failed",
        last_error="answered 500",
        fault=FailureKind.HTTP,
    )
    assert plan.feed == expected
    again = await desk.answer(FetchFailed(kind=FailureKind.HTTP, status=500, reason="answered 500"))
    assert again.feed.next_poll_at == NOW + timedelta(minutes=30)
    assert told(await desk.publish(entry(2, title="Walkout at the yard"))) == [("strikes", "Walkout at the yard")]


async def test_a_page_that_is_no_feed_is_a_failure(desk: Desk) -> None:
    """HTML at 200 marks nothing as seen."""
    desk.reader.documents[b"<html>"] = ParseFailed(reason="not a feed: an HTML page")
    plan = await desk.answer(Fetched(body=b"<html>", url=HOME))
    assert (plan.feed.last_outcome, plan.feed.last_error) == ("failed", "not a feed: an HTML page")
    assert plan.feed.baseline_at is None


async def test_retry_after_holds_the_whole_origin(desk: Desk) -> None:
    """And a feed that is gone is never due again."""
    plan = await desk.answer(
        FetchFailed(kind=FailureKind.HTTP, status=429, reason="answered 429", retry_after_seconds=7200)
    )
    assert plan.hold_origin_until == plan.feed.next_poll_at == NOW + timedelta(hours=2)
    gone = await desk.answer(FetchFailed(kind=FailureKind.GONE, status=410, reason="gone"), OTHER)
    assert gone.feed.is_gone
    assert await desk.store.polls.due(NOW + timedelta(days=3650), 10) != ()
    assert all(state.url == HOME for state in await desk.store.polls.due(NOW + timedelta(days=3650), 10))


async def test_a_refusal_behind_a_redirect_holds_the_server_that_refused(desk: Desk) -> None:
    """One publisher's 429 must not silence everybody whose feeds come by way of the same service."""
    refused = FetchFailed(
        kind=FailureKind.HTTP, status=429, reason="answered 429", retry_after_seconds=7200, address=f"{OTHER}?x"
    )
    plan = await desk.answer(refused)
    assert plan.feed.next_poll_at == plan.hold_origin_until == NOW + timedelta(hours=2)
    due = await desk.store.polls.due(NOW + timedelta(hours=1, minutes=59), 10)
    assert due == (), "the feed itself waits, and so does the other server"
    await desk.store.polls.register([(HOME, NOW), (OTHER, NOW), (SISTER, NOW)])
    assert [feed.url for feed in await desk.store.polls.due(NOW + timedelta(minutes=1), 10)] == [SISTER]


async def test_a_feed_whose_new_address_is_gone_is_asked_at_home_at_once(desk: Desk) -> None:
    """The configured address knows better by now, or says itself that it is gone; other failures take three."""
    lost = FetchFailed(kind=FailureKind.HTTP, status=410, reason="answered 410")
    moved = Moving(adopted="https://new.example/rss", adopted_at=NOW)
    for failure, address in ((lost, HOME), (replace(lost, status=404), moved.adopted)):
        feed = await desk.feed()
        question = Question(feed=feed.id, keys=frozenset(), fingerprints=frozenset(), since=NOW)
        well = replace(feed, moving=moved, failures=0)
        await desk.store.polls.commit(question, lambda _, well=well: PollPlan(feed=well, at=NOW))  # type: ignore[misc]
        plan = await desk.answer(failure)
        assert (plan.feed.is_gone, plan.feed.address) == (False, address)
        assert plan.notes == (("it is asked at its configured address again",) if address == HOME else ())


async def test_a_429_that_says_nothing_holds_the_origin_as_well(desk: Desk) -> None:
    """And so does a 403 to a feed that was welcome; a 500 is the feed's own trouble."""
    plan = await desk.answer(FetchFailed(kind=FailureKind.HTTP, status=429, reason="answered 429"))
    assert plan.hold_origin_until == NOW + timedelta(minutes=15)
    forbidden = FetchFailed(kind=FailureKind.HTTP, status=403, reason="answered 403")
    assert (await desk.answer(forbidden, OTHER)).hold_origin_until is None
    await desk.publish(entry(1), url=OTHER)
    assert (await desk.answer(forbidden, OTHER)).hold_origin_until is not None
    assert (await desk.answer(replace(forbidden, status=500), OTHER)).hold_origin_until is None


async def test_a_429_is_obeyed_for_as_long_as_it_holds(desk: Desk) -> None:
    """Its max-age is a floor, this once."""
    asked = FetchFailed(kind=FailureKind.HTTP, status=429, reason="answered 429", max_age_seconds=7200)
    plan = await desk.answer(asked)
    assert plan.feed.next_poll_at == NOW + timedelta(hours=2)
    assert plan.feed.rhythm.floors.header == timedelta(0)


async def test_a_ttl_that_overrules_a_stated_pace_is_told_once(desk: Desk) -> None:
    """In the log, when it begins; not of a feed whose pace nobody stated."""
    desk.is_stated = True
    asking = replace(parsed(entry(1)), ttl_seconds=36_000)
    desk.reader.documents |= {b"one": asking, b"two": replace(asking, entries=(entry(2),)), b"free": parsed(entry(3))}
    said = [(await desk.answer(Fetched(body=body, url=HOME))).notes for body in (b"one", b"two", b"free", b"one")]
    words = ("its ttl or updatePeriod asks for 10 h, not the 15 min stated: heed_ttl: false ends that",)
    assert said == [words, (), (), words]
    desk.is_stated = False
    assert (await desk.answer(Fetched(body=b"one", url=OTHER), OTHER)).notes == ()


async def test_after_a_failure_the_second_304_is_a_recovery(desk: Desk) -> None:
    """The first may be of a cache in front of a server that is down; it halves what is counted against the feed."""
    broken = FetchFailed(kind=FailureKind.HTTP, status=500, reason="answered 500")
    await desk.publish(entry(1), validators=Validators(etag=b'"1"'))
    for _ in range(4):
        await desk.answer(broken)
    doubtful = (await desk.answer(NotModified())).feed
    assert (doubtful.failures, doubtful.failing_since, doubtful.last_outcome) == (2, NOW, "not modified")
    again = (await desk.answer(broken)).feed
    assert (again.failures, again.failing_since) == (3, NOW)
    await desk.answer(NotModified())
    well = (await desk.answer(NotModified())).feed
    assert (well.failures, well.failing_since) == (0, None)


async def test_a_304_is_not_believed_for_ever(desk: Desk) -> None:
    """After three days one request goes without conditions; whatever comes of it, the next is as far away."""
    etag = Validators(etag=b'"1"')
    await desk.publish(entry(1), validators=etag)
    await desk.answer(NotModified())
    desk.clock.pass_by(timedelta(days=3, seconds=1))
    failed = await desk.answer(FetchFailed(kind=FailureKind.HTTP, status=500, reason="answered 500"))
    assert desk.publisher.requests[-1].validators == NO_VALIDATORS
    assert (len(failed.notes), failed.feed.moving.unmodified_since) == (1, desk.clock.now())
    await desk.answer(NotModified())
    assert desk.publisher.requests[-1].validators == etag
    desk.clock.pass_by(timedelta(days=3, seconds=1))
    stuck = await desk.publish(entry(2, title="Tram strike begins on Monday"), validators=etag)
    assert desk.publisher.requests[-1].validators == NO_VALIDATORS
    assert told(stuck) == [("strikes", "Tram strike begins on Monday")]
    assert (stuck.feed.moving.unmodified_since, len(stuck.notes)) == (None, 1)


@pytest.mark.parametrize("is_same", [True, False])
async def test_a_feed_that_has_moved_for_long_is_asked_at_its_new_address(desk: Desk, is_same: bool) -> None:
    """If what stands there was known; at home again after three failures, for good where that answers itself."""
    new = "https://new.example/rss"
    await desk.publish(entry(1))
    body = b"elsewhere"
    desk.reader.documents[body] = parsed(entry(1) if is_same else entry(7), entry(8))
    there = Fetched(body=body, url=new, validators=Validators(etag=b'"n"', url=new), moved_to=new)
    plan = await desk.answer(there)
    for number in range(9):
        assert (plan.feed.moving.adopted, desk.publisher.requests[-1].moved_to) == ("", "")
        desk.clock.pass_by(timedelta(hours=20))
        plan = await desk.answer(there if number % 2 else NotModified(moved_to=new))
    assert plan.feed.moving.adopted == (new if is_same else "")
    assert plan.notes == (("it has moved for good, and is asked at its new address",) if is_same else ())
    if not is_same:
        return
    await desk.answer(NotModified())
    assert (desk.publisher.requests[-1].url, desk.publisher.requests[-1].moved_to) == (HOME, new)
    for _ in range(3):
        await desk.answer(FetchFailed(kind=FailureKind.CONNECTION, reason="no answer"))
        assert desk.publisher.requests[-1].moved_to == new
    back = await desk.publish(entry(1), entry(9))
    assert desk.publisher.requests[-1].moved_to == ""
    assert back.feed.moving.adopted == ""
    assert back.notes == ("it is asked at its configured address again",)


async def test_two_feeds_with_the_same_words_alert_once(desk: Desk) -> None:
    """Whichever comes first founds the story."""
    await desk.publish(entry(1))
    await desk.publish(entry(8), url=OTHER)
    title = "Ferry crews announce a strike for Friday"
    one = await desk.publish(entry(2, title=title))
    other = await desk.publish(entry(9, title=title, link="https://wire.example/9"), url=OTHER)
    assert len(one.alerts) == 1
    assert other.alerts == ()
    assert other.sift.fresh[0].story_key == one.sift.fresh[0].story_key


async def test_a_rule_that_only_the_second_outlets_text_satisfies_alerts_then(desk: Desk) -> None:
    """Once, for the same story."""
    await desk.publish(entry(1))
    await desk.publish(entry(8), url=OTHER)
    link = "https://harbour.example/news/2"
    assert told(await desk.publish(entry(2, title="Ferry crews stay at home", link=link))) == []
    fuller = entry(9, title="Ferry crews stay at home", summary="The walkout began at noon.", link=link)
    assert told(await desk.publish(fuller, url=OTHER)) == [("strikes", "Ferry crews stay at home")]
    assert told(await desk.publish(replace(fuller, id="tag:wire,2:9"), url=OTHER)) == []


async def test_a_revision_alerts_for_rules_that_did_not_match_before(desk: Desk) -> None:
    """And for no others; also where the first words were part of the baseline."""
    await desk.publish(entry(1, title="Bridge opens"))
    plan = await desk.publish(entry(1, title="Bridge closes after crews strike"))
    assert told(plan) == [("strikes", "Bridge closes after crews strike")]
    assert [(found.match.rule, found.is_new) for found in plan.found] == [("strikes", True), ("bridges", False)]
    assert told(await desk.publish(entry(1, title="Bridge still closed by strike"))) == []


async def test_a_story_of_a_baseline_may_alert_when_a_watched_feed_brings_it_later(desk: Desk) -> None:
    """Baseline entries found stories but never alert themselves."""
    await desk.publish(entry(8), url=OTHER)
    title = "Pilots vote for a strike in the spring"
    await desk.publish(entry(1, title=title))
    assert told(await desk.publish(entry(9, title=title, link="https://wire.example/9"), url=OTHER)) == [
        ("strikes", title)
    ]


async def test_rules_see_the_language_of_entry_feed_or_configuration(desk: Desk) -> None:
    """In this order."""
    desk.ruleset = rules({"russian": "lang:ru", "english": "lang:en"})
    await desk.publish(entry(1))
    plan = await desk.publish(replace(entry(2), language="ru"), entry(3))
    assert sorted(found.match.rule for found in plan.found) == ["english", "russian"]


async def test_a_store_that_cannot_write_leaves_the_poll_undone(desk: Desk) -> None:
    """The next try finds everything as new as before."""
    await desk.publish(entry(1))

    class Busy:
        async def commit(self, *_: object, **__: object) -> PollPlan:
            message = "locked"
            raise StoreBusy(message)

    desk.reader.documents[b"x"] = parsed(entry(2, title="Walkout at the yard"))
    desk.publisher.answers[HOME] = Fetched(body=b"x", url=HOME)
    ports = PollPorts(fetcher=desk.publisher, parser=desk.reader, store=Busy(), clock=desk.clock)  # type: ignore[arg-type]  # only commit is called
    with pytest.raises(StoreBusy):
        await poll(await desk.feed(), desk.watch, ports)
    assert told(await desk.answer(Fetched(body=b"x", url=HOME))) == [("strikes", "Walkout at the yard")]


async def test_how_long_a_feed_has_failed_is_kept_until_it_answers() -> None:
    """Whether that is worth an alarm is decided over all feeds: the poll itself tells nobody."""
    desk = Desk()
    await desk.publish(entry(1))
    broken = FetchFailed(kind=FailureKind.HTTP, status=500, reason="answered 500")
    began = desk.clock.now() + timedelta(hours=2)
    for _ in range(29):
        desk.clock.pass_by(timedelta(hours=2))
        plan = await desk.answer(broken)
        assert (plan.alerts, plan.feed.failing_since) == ((), began)
    assert (await desk.publish(entry(1), entry(2))).feed.failing_since is None


async def test_a_language_that_nobody_states_is_detected_before_anything_is_stored() -> None:
    """What entry, feed or configuration say comes first."""
    entries = (
        replace(entry(1), language="en", text=Text(title="Truce")),
        replace(entry(2), language="", text=Text(title="Перемирие")),
    )
    asked: list[str] = []

    def detect(text: str) -> str:
        asked.append(text)
        return "ru"

    silent = _with_language(ParsedFeed(kind="rss20", entries=entries), "", detect)
    assert [one.language for one in silent.entries] == ["en", "ru"]
    assert asked == ["Перемирие\n"]  # this looks inside, for the store would have to be opened to see it
    stated = _with_language(ParsedFeed(kind="rss20", entries=entries, language="uk"), "", detect)
    assert [one.language for one in stated.entries] == ["en", "uk"]
    assert [
        one.language for one in _with_language(ParsedFeed(kind="rss20", entries=entries), "be", detect).entries
    ] == ["en", "be"]
    assert [one.language for one in _with_language(ParsedFeed(kind="rss20", entries=entries), "", None).entries] == [
        "en",
        "",
    ]
    assert len(asked) == 1
