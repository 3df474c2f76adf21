"""A backtest tells what a live rule would have told: the same stories by the same rules."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.cadence.interval import Pace
from monitor.entities.roster import build_roster
from monitor.flow.backtest import Comparison, Coverage, Period, Trial, backtest, overlap
from monitor.flow.poll import PollPorts, poll
from monitor.flow.watch import FeedWatch, Watch
from monitor.model.alerts import AlertKind
from monitor.model.entries import Entry
from monitor.model.polls import Fetched
from monitor.model.rules import OncePer, RuleName, RuleSpec, Updates
from monitor.model.upkeep import Kind, Portion
from monitor.ports import Annals, PollStore, UpkeepStore
from monitor.rules.ruleset import Ruleset, compile_ruleset
from monitor.store.sqlite import SqliteStore
from monitor.stories.recollection import Recollection
from tests.fakes.desks import FakeOffice
from tests.fakes.world import Publisher, Reader, SetClock
from tests.plain_values import NOW, entry, parsed

GAZETTE, WIRE, BEREG = "https://gazette.example/rss", "https://wire.example/rss", "https://bereg.example/rss"
PACE = Pace(every=timedelta(minutes=15), shortest=timedelta(minutes=5), longest=timedelta(hours=24))
FEEDS = {
    GAZETTE: FeedWatch(url=GAZETTE, outlets=("Gazette",), tags=("coast",), language="en", pace=PACE),
    WIRE: FeedWatch(url=WIRE, outlets=("Wire", "Wire Plus"), tags=("world",), language="en", pace=PACE),
    BEREG: FeedWatch(url=BEREG, outlets=("Bereg",), tags=("coast", "russian"), language="", pace=PACE),
}
SPECS = (
    RuleSpec(name=RuleName("strikes"), query="strike OR walkout OR forms(забастовка)"),
    RuleSpec(name=RuleName("no-bridges"), query="strike NOT bridge"),
    RuleSpec(name=RuleName("near"), query="crews NEAR/3 strike"),
    RuleSpec(name=RuleName("of-wire"), query="strike", outlets=("Wire Plus",)),
    RuleSpec(name=RuleName("of-coast"), query="strike OR забастовка", tags=("coast",)),
    RuleSpec(name=RuleName("in-russian"), query="lang:ru", languages=("ru",)),
    RuleSpec(name=RuleName("over"), query="strike", expires=NOW + timedelta(hours=5)),
    RuleSpec(name=RuleName("tagged"), query="tag:world AND summary:walkout"),
)
ONCE = tuple(
    RuleSpec(name=RuleName(once_per), query="strike OR walkout", once_per=once_per, updates=Updates.THREAD, spread=2)
    for once_per in OncePer
)


def compiled(*specs: RuleSpec) -> Ruleset:
    ruleset = compile_ruleset(specs, build_roster(()))
    assert isinstance(ruleset, Ruleset)
    return ruleset


class Newsroom:
    """Feeds that are really polled, an hour apart, by rules that are in force from the first poll on."""

    def __init__(self, polls: PollStore, annals: Annals, *specs: RuleSpec) -> None:
        self.polls, self.annals = polls, annals
        self.ruleset = compiled(*(specs or SPECS))
        self.clock = SetClock()
        self.publisher, self.reader = Publisher(), Reader()
        self.recollection: Recollection | None = None
        """what places entries by likeness; None: other words are another story"""
        self.alerted: list[tuple[str, str]] = []
        """rule and story of every first alert, in order"""
        self.messages: list[str] = []
        """the kind of every alert that goes to a channel"""

    async def publish(self, url: str, *entries: Entry) -> None:
        self.clock.pass_by(timedelta(hours=1))
        body = f"{url} {self.reader.read} {len(self.reader.documents)}".encode()
        self.reader.documents[body] = replace(parsed(*entries), language="")
        self.publisher.answers[url] = Fetched(body=body, url=url)
        states = await self.polls.register([(one, NOW) for one in FEEDS])
        feed = next(state for state in states if state.url == url)
        watch = Watch(feeds=FEEDS, ruleset=self.ruleset, channels=("desk",))
        ports = PollPorts(
            fetcher=self.publisher,
            parser=self.reader,
            store=self.polls,
            clock=self.clock,
            detect=_spoken,
            recollection=self.recollection,
        )
        for alert in (await poll(feed, watch, ports)).alerts:
            if alert.kind is AlertKind.FIRST:
                self.alerted.append((alert.content.rule, alert.story_key))
            if alert.channels and alert.kind is not AlertKind.ALARM:
                self.messages.append(alert.kind.value)

    async def retried(self, *, samples: int = 5) -> tuple[list[tuple[str, str]], Trial, Coverage]:
        """What a backtest of the same rules tells, in order."""
        told: list[tuple[str, str]] = []
        trial = Trial(self.ruleset, FEEDS, samples=samples)
        extent = await self.annals.extent()
        for one in await self.annals.revisions((extent.first, extent.last + 1), NOW, None):
            told += [(rule, sample.story_key) for rule, sample in trial.take(one)]
        trial.finish()
        again = Trial(self.ruleset, FEEDS, samples=samples)
        coverage = await backtest(self.annals, extent, Period(since=NOW), again)
        assert {name: found.told for name, found in again.yields.items()} == {
            name: found.told for name, found in trial.yields.items()
        }
        return told, again, coverage


def _spoken(text: str) -> str:
    return "ru" if any("а" <= letter <= "я" for letter in text.casefold()) else "en"


@pytest.fixture
def newsroom() -> Newsroom:
    office = FakeOffice()
    return Newsroom(office.polls, office.annals)


async def scripted(here: Newsroom) -> None:
    """A baseline, revisions, one story in two outlets, and rules that look at outlet, tag and language alone."""
    await here.publish(GAZETTE, entry(1, title="Dock strike goes into its third week"), entry(2, title="Bridge opens"))
    await here.publish(WIRE, entry(50, title="A quiet day"))
    await here.publish(BEREG, entry(70, title="Тихий день у реки"))
    shared = "Ferry crews announce a strike for Friday"
    await here.publish(GAZETTE, entry(3, title=shared), entry(2, title="Bridge opens"))
    await here.publish(WIRE, entry(51, title=shared, link="https://wire.example/51"))
    await here.publish(GAZETTE, entry(2, title="Bridge closes after a strike"))
    await here.publish(GAZETTE, entry(2, title="Strike is over"))
    await here.publish(GAZETTE, entry(2, title="Bridge closes once more, the strike goes on"))
    await here.publish(WIRE, entry(52, title="Harbour at rest", summary="A walkout of the pilots began."))
    await here.publish(BEREG, entry(71, title="Началась забастовка паромщиков"))
    await here.publish(WIRE, entry(53, title="Dock strike goes into its third week", link="https://wire.example/53"))


@pytest.mark.parametrize("kind", ["sqlite", "fake"])
async def test_a_backtest_tells_what_the_live_rules_told(kind: str, tmp_path: Path) -> None:
    """With revisions, one story in two outlets, a baseline, and rules bound to outlet, tag, language and time."""
    store = await SqliteStore.open(tmp_path) if kind == "sqlite" else FakeOffice()
    here = Newsroom(store.polls, store.annals)
    await scripted(here)
    told, trial, coverage = await here.retried()
    await store.close()
    assert sorted(told) == sorted(here.alerted)
    assert {rule for rule, _ in told} == {spec.name for spec in SPECS}
    assert len(told) == len(set(told)) > len(SPECS)
    assert (coverage.entries, coverage.revisions, coverage.baseline, coverage.bare) == (5, 3, 4, 0)
    assert trial.yields[RuleName("strikes")].baseline == 1


@pytest.mark.parametrize("kind", ["sqlite", "fake"])
async def test_it_agrees_also_on_what_a_rule_alerts_once_for(kind: str, tmp_path: Path) -> None:
    """A story in two words and four entries: one, two and four alerts; updates and spread are no part of it."""
    store = await SqliteStore.open(tmp_path) if kind == "sqlite" else FakeOffice()
    here = Newsroom(store.polls, store.annals, *ONCE)
    here.recollection = Recollection()
    for url, number in ((GAZETTE, 1), (WIRE, 50), (BEREG, 70)):
        await here.publish(url, entry(number, title="A quiet day"))
    lead = "Crews of the northern ferries began a strike on Friday after talks on pay had failed, the union said."
    own = "Union says northern ferry crews began strike over pay on Friday"
    other = (
        "The union of the northern ferries said on Friday that a strike of its crews began since talks failed on pay."
    )
    await here.publish(GAZETTE, entry(2, title="Northern ferry crews strike over pay", summary=lead))
    await here.publish(WIRE, entry(51, title="Northern ferry crews strike over pay", summary=lead, link=LINK))
    await here.publish(BEREG, entry(71, title=own, summary=other, link=f"{LINK}1"), entry(72, title="Ferries, 1"))
    await here.publish(WIRE, entry(52, title=own, summary=other, link=f"{LINK}2"))
    told, trial, _ = await here.retried()
    await store.close()
    assert sorted(told) == sorted(here.alerted)
    assert {name: sum(found.alerts.values()) for name, found in trial.yields.items()} == {
        "story": 1,
        "text": 2,
        "entry": 4,
    }
    assert {len(found.told) for found in trial.yields.values()} == {1}
    assert here.messages.count("spread") == len(ONCE)


LINK = "https://wire.example/5"
TITLES = ("Crews strike", "Bridge shut by strike", "Walkout", "Ferries run", "Забастовка на реке", "Bridge opens")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(FEEDS)),
            st.lists(st.tuples(st.integers(1, 4), st.sampled_from(TITLES)), max_size=3, unique_by=lambda one: one[0]),
        ),
        max_size=8,
    )
)
async def test_whatever_is_polled_a_backtest_agrees(polls: list[tuple[str, list[tuple[int, str]]]]) -> None:
    """Entries come, change, change back and stand in several feeds, in any order."""
    office = FakeOffice()
    here = Newsroom(office.polls, office.annals, *SPECS, *ONCE)
    here.recollection = Recollection()
    for url, entries in polls:
        await here.publish(url, *(entry(number, title=title) for number, title in entries))
    told, _, _ = await here.retried()
    assert sorted(told) == sorted(here.alerted)


async def test_very_many_at_once_count_as_the_one_message_that_they_are(newsroom: Newsroom) -> None:
    """As the daemon tells them; the stories are told all the same, and never again."""
    await newsroom.publish(GAZETTE, entry(1))
    flood = [entry(number, title=f"Strike number {number} begins") for number in range(2, 252)]
    await newsroom.publish(GAZETTE, *flood)
    await newsroom.publish(GAZETTE, entry(300, title="One more strike"))
    told, trial, _ = await newsroom.retried()
    assert sorted(told) == sorted(newsroom.alerted)
    found = trial.yields[RuleName("strikes")]
    assert (found.bursts, found.burst_stories, len(found.told)) == (1, 250, 251)
    assert sum(found.alerts.values()) == 2
    assert newsroom.messages.count("burst") == 4  # strikes, no-bridges, of-coast, over
    assert sum(sum(one.alerts.values()) for one in trial.yields.values()) == len(newsroom.messages) == 8


async def test_words_that_are_no_longer_kept_are_counted_and_not_tried(tmp_path: Path) -> None:
    """A title alone says nothing of what stood below it."""
    store = await SqliteStore.open(tmp_path)
    here = Newsroom(store.polls, store.annals)
    await here.publish(GAZETTE, entry(1))
    await here.publish(GAZETTE, entry(2, title="Strike begins"))
    await here.publish(GAZETTE, entry(2, title="Strike ends"))
    upkeep: UpkeepStore = store.upkeep
    await upkeep.sweep(Portion(kind=Kind.TEXTS, before=here.clock.now(), limit=10))
    told, _, coverage = await here.retried()
    await store.close()
    assert (coverage.entries, coverage.revisions, coverage.baseline, coverage.bare) == (0, 1, 0, 2)
    assert told == []


async def test_a_period_leaves_out_what_was_seen_before_and_after(newsroom: Newsroom) -> None:
    """And a rule that begins with it alerts on a story that an older one had told before."""
    await newsroom.publish(GAZETTE, entry(1))
    await newsroom.publish(GAZETTE, entry(2, title="Dock strike begins"))
    link = "https://harbour.example/news/2"
    await newsroom.publish(WIRE, entry(50))
    await newsroom.publish(WIRE, entry(51, title="Dock strike goes on", link=link))
    trial = Trial(newsroom.ruleset, FEEDS, samples=5)
    period = Period(since=newsroom.clock.now(), until=newsroom.clock.now() + timedelta(seconds=1))
    coverage = await backtest(newsroom.annals, await newsroom.annals.extent(), period, trial)
    assert (coverage.entries, coverage.first_at) == (1, newsroom.clock.now())
    titles = [sample.content.title for sample in trial.yields[RuleName("strikes")].samples]
    assert titles == ["Dock strike goes on"]


async def test_samples_are_the_last_ones_with_their_evidence(newsroom: Newsroom) -> None:
    """So many as were asked for."""
    await newsroom.publish(GAZETTE, entry(1))
    await newsroom.publish(GAZETTE, *(entry(number, title=f"Strike number {number}") for number in range(2, 9)))
    _, trial, _ = await newsroom.retried(samples=2)
    samples = trial.yields[RuleName("strikes")].samples
    assert [sample.content.title for sample in samples] == ["Strike number 7", "Strike number 8"]
    assert [(one.start, one.end) for one in samples[0].content.evidence] == [(0, 6)]


async def test_overlap_is_the_share_of_stories_that_other_rules_tell_too(newsroom: Newsroom) -> None:
    """The largest first, none without any."""
    await newsroom.publish(GAZETTE, entry(1))
    titles = ("Crews begin a strike", "Strike shuts a bridge", "Walkout")
    await newsroom.publish(GAZETTE, *(entry(number, title=title) for number, title in enumerate(titles, 2)))
    _, trial, _ = await newsroom.retried()
    shares = dict(overlap(trial, RuleName("strikes"), 2))
    assert shares == {"of-coast": pytest.approx(2 / 3), "over": pytest.approx(2 / 3)}
    assert dict(overlap(trial, RuleName("near"), 9)) == dict.fromkeys(
        ("strikes", "no-bridges", "of-coast", "over"), 1.0
    )
    assert overlap(trial, RuleName("of-wire"), 5) == ()


async def test_a_comparison_names_what_is_gained_and_lost(newsroom: Newsroom) -> None:
    """Also where both sides tell a story by different entries: then it is neither."""
    await newsroom.publish(GAZETTE, entry(1))
    await newsroom.publish(WIRE, entry(50))
    await newsroom.publish(GAZETTE, entry(2, title="Dock strike begins"), entry(3, title="Tram walkout begins"))
    both = "https://harbour.example/news/4"
    await newsroom.publish(GAZETTE, entry(4, title="Pilots strike", link=both))
    await newsroom.publish(WIRE, entry(51, title="Pilots in a walkout", link=both))
    name = RuleName("rule")
    new = Trial(compiled(RuleSpec(name=name, query="walkout")), FEEDS, samples=5)
    old = Trial(compiled(RuleSpec(name=name, query="strike")), FEEDS, samples=5)
    comparison = Comparison(new=new, old=old)
    await backtest(newsroom.annals, await newsroom.annals.extent(), Period(since=NOW), new, comparison=comparison)
    gained, lost = comparison.gained(name, 5), comparison.lost(name, 5)
    assert (gained.stories, [one.content.title for one in gained.samples]) == (1, ["Tram walkout begins"])
    assert (lost.stories, [one.content.title for one in lost.samples]) == (1, ["Dock strike begins"])


async def test_a_daemon_may_be_at_work_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Polls are stored between two stretches, by another connection: they wait for nothing, and are left out."""
    monkeypatch.setattr("monitor.flow.backtest.STRETCH", 2)
    daemon = await SqliteStore.open(tmp_path)
    here = Newsroom(daemon.polls, daemon.annals)
    await here.publish(GAZETTE, entry(1))
    await here.publish(GAZETTE, *(entry(number, title=f"Strike number {number}") for number in range(2, 9)))
    reader = await SqliteStore.open(tmp_path, create=False, read_only=True)
    trial = Trial(here.ruleset, FEEDS, samples=5)
    extent = await reader.annals.extent()
    stretches: list[int] = []
    under_way: list[asyncio.Task[None]] = []

    def advance(places: int) -> None:
        stretches.append(places)
        late = entry(100 + len(stretches), title="A late strike")
        under_way.append(asyncio.create_task(here.publish(WIRE, entry(90), late)))

    coverage = await backtest(reader.annals, extent, Period(since=NOW), trial, advance=advance)
    await asyncio.gather(*under_way)
    assert stretches == [2, 2, 2, 2]
    assert (coverage.entries, coverage.baseline) == (7, 1)
    assert len(trial.yields[RuleName("strikes")].told) == 7
    assert (await reader.annals.extent()).last > extent.last
    await reader.close()
    await daemon.close()
