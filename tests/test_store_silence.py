"""What both stores promise of silence: who listened when, which feeds are quiet, when and where rules matched."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from monitor.model.holding import Mute, MuteKind
from monitor.model.polls import FeedState, Refresh
from monitor.model.rhythm import Moving, Rhythm
from monitor.model.rules import RuleName
from monitor.model.silence import Heard, Span
from tests.plain_values import NOW, entry
from tests.store_values import Office
from tests.test_flow_poll import HOME, OTHER, Desk

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MONTH = timedelta(days=28)
STRIKES = RuleName("strikes")


async def test_who_listens_every_hour_has_listened_all_along(store: Office) -> None:
    """A restart is bridged, a stop is not, and what was long ago is forgotten."""
    for hours in (0, 1, 2, 5):
        spans = await store.silence.listen(NOW + hours * HOUR)
    assert spans == (Span(began_at=NOW, until=NOW + 5 * HOUR),)
    back = NOW + 3 * DAY
    assert await store.silence.listen(back) == (*spans, Span(began_at=back, until=back))
    assert await store.silence.listen(back + HOUR) == (*spans, Span(began_at=back, until=back + HOUR))
    much_later = back + 401 * DAY
    assert await store.silence.listen(much_later) == (Span(began_at=much_later, until=much_later),)


async def test_a_clock_that_was_wrong_leaves_no_span_behind(store: Office) -> None:
    """One in the future would pass for listening for years."""
    await store.silence.listen(NOW)
    await store.silence.listen(NOW + 3000 * DAY)
    assert await store.silence.listen(NOW + HOUR) == (Span(began_at=NOW + HOUR, until=NOW + HOUR),)


async def test_a_clock_that_is_set_back_forgets_nothing_that_was_heard(store: Office) -> None:
    """Months of listening are no shorter for an hour that was counted twice."""
    for hours in range(0, 60, 2):
        await store.silence.listen(NOW + hours * HOUR)
    back = NOW + 57 * HOUR
    assert await store.silence.listen(back) == (Span(began_at=NOW, until=back),)


async def test_who_only_asks_is_told_what_a_listener_would_be_and_leaves_no_trace(store: Office) -> None:
    """Of spans and of outlets, whatever the clock does."""
    await store.silence.listen(NOW)
    await store.silence.hush(["The Wire"], NOW)
    for at in (NOW - HOUR, NOW + HOUR, NOW + 2 * DAY, NOW + 401 * DAY):
        asked = await store.silence.listen(at, is_dry=True)
        assert await store.silence.listen(at, is_dry=True) == asked
        hushed = await store.silence.hush(["The Harbour"], at, is_dry=True)
        assert hushed == {"The Harbour": at} | ({"The Wire": NOW} if NOW <= at < NOW + 400 * DAY else {})
    assert await store.silence.listen(NOW + HOUR) == (Span(began_at=NOW, until=NOW + HOUR),)
    assert await store.silence.hush([], NOW + HOUR) == {"The Wire": NOW}
    for at in (NOW + 2 * HOUR, NOW + 2 * DAY, NOW + 2 * DAY + HOUR, NOW + 2 * DAY, NOW + HOUR, NOW + 402 * DAY):
        asked = await store.silence.listen(at, is_dry=True)
        assert await store.silence.listen(at) == asked


@dataclass(slots=True)
class Newsroom:
    """A desk whose rules match what it is told to publish."""

    store: Office
    desk: Desk = field(init=False)
    number: int = 100

    def __post_init__(self) -> None:
        self.desk = Desk(store=self.store)

    @property
    def digest(self) -> str:
        return self.desk.ruleset.rule_hash(STRIKES)

    async def strike(self, after: timedelta, url: str = HOME) -> None:
        """So long after the last one somebody goes on strike."""
        self.desk.clock.pass_by(after)
        self.number += 1
        link = f"https://harbour.example/news/{self.number}"
        title = f"Strike number {self.number} begins in the northern harbour"
        await self.desk.publish(entry(self.number, title=title, link=link), url=url)

    async def heard(self, digest: str = "", *, quiet_since: datetime | None = None) -> tuple[Heard, ...]:
        asked = [(RuleName("bridges"), "0"), (STRIKES, digest or self.digest)]
        return await self.store.silence.heard(asked, quiet_since or self.desk.clock.now(), MONTH)


async def test_a_rule_is_heard_up_to_its_last_match(store: Office) -> None:
    """One match in six hours is enough, but the last is told as it was; what stood there before us is no match."""
    room = Newsroom(store)
    await room.strike(timedelta(0))
    assert await room.heard() == ()
    begin = NOW + DAY
    for after in (DAY, HOUR, HOUR, 6 * HOUR, 2 * HOUR):
        await room.strike(after)
    (heard,) = await room.heard()
    assert (heard.rule, heard.digest) == (STRIKES, room.digest)
    assert heard.moments == (begin, begin + 8 * HOUR, begin + 10 * HOUR)
    assert heard.carriers == {"The Harbour": 5}


async def test_of_a_rule_that_matched_of_late_only_that_is_told(store: Office) -> None:
    """It is not silent, and more would cost more."""
    room = Newsroom(store)
    for after in (timedelta(0), DAY, DAY):
        await room.strike(after)
    last = room.desk.clock.now()
    (heard,) = await room.heard(quiet_since=last - HOUR)
    assert (heard.moments, heard.carriers) == ((last,), {})


async def test_a_rule_is_heard_no_further_back_than_is_asked(store: Office) -> None:
    """From its last match, however long ago that is."""
    room = Newsroom(store)
    await room.strike(timedelta(0))
    for after in (DAY, DAY, 30 * DAY, DAY):
        await room.strike(after)
    room.desk.clock.pass_by(100 * DAY)
    (heard,) = await room.heard()
    assert heard.moments == (NOW + 32 * DAY, NOW + 33 * DAY)


async def test_a_changed_rule_has_never_matched(store: Office) -> None:
    """Its hash is another one."""
    room = Newsroom(store)
    await room.strike(timedelta(0))
    await room.strike(DAY)
    assert await room.heard("another") == ()


async def test_it_is_known_until_when_an_outlet_was_hushed(store: Office) -> None:
    """For a year or so, and by no clock that was wrong."""
    assert await store.silence.hush(["The Wire"], NOW) == {"The Wire": NOW}
    later = NOW + DAY
    assert await store.silence.hush(["The Harbour"], later) == {"The Wire": NOW, "The Harbour": later}
    assert await store.silence.hush(["The Wire"], NOW + HOUR) == {"The Wire": NOW + HOUR}
    assert await store.silence.hush([], NOW + 500 * DAY) == {}


async def test_rules_and_outlets_that_somebody_muted_are_named(store: Office) -> None:
    """As long as that holds, each apart."""
    for kind, subject, until in (
        (MuteKind.RULE, "strikes", NOW + DAY),
        (MuteKind.RULE, "bridges", None),
        (MuteKind.OUTLET, "The Wire", None),
    ):
        await store.mute_desk.mute(Mute(kind=kind, subject=subject, at=NOW, until=until))
    assert await store.silence.muted(MuteKind.RULE, NOW + HOUR) == {"strikes", "bridges"}
    assert await store.silence.muted(MuteKind.RULE, NOW + 2 * DAY) == {"bridges"}
    assert await store.silence.muted(MuteKind.OUTLET, NOW + 2 * DAY) == {"The Wire"}


QUIET = Rhythm(last_new_at=NOW - 2 * DAY)
LIVELY = Rhythm(last_new_at=NOW - HOUR)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"rhythm": QUIET}, True),
        ({"rhythm": Rhythm()}, True),
        ({"rhythm": LIVELY}, False),
        ({"rhythm": replace(LIVELY, missed_at=NOW - HOUR)}, True),
        ({"rhythm": replace(LIVELY, missed_at=NOW - 2 * DAY)}, False),
        ({"rhythm": LIVELY, "moving": Moving(address="https://new.example/rss", sightings=3)}, False),
        ({"rhythm": LIVELY, "moving": Moving(adopted="https://new.example/rss", adopted_at=NOW)}, True),
    ],
    ids=["quiet", "never heard", "lively", "missed", "missed long ago", "about to move", "moved"],
)
async def test_quiet_feeds_are_found(store: Office, change: dict[str, Rhythm | Moving], *, expected: bool) -> None:
    """With all that is known of them; others are left out."""
    room = Newsroom(store)
    await room.strike(timedelta(0))
    state = await room.desk.feed()
    changed = replace(state, **change)  # type: ignore[arg-type]  # the fields of a parametrized case
    await store.feed_desk.hasten([HOME], lambda _feed, _held: _as_it_is(changed))
    portion = await store.silence.feeds(0, NOW - 12 * HOUR, NOW - DAY, 1)
    assert portion.last == state.id
    found = [(feed.id, feed.rhythm, feed.moving) for feed in portion.feeds]
    assert found == ([(changed.id, changed.rhythm, changed.moving)] if expected else [])


async def test_feeds_are_listened_to_in_portions(store: Office) -> None:
    """Until there are no more; those that the configuration does not name are passed over."""
    urls = [f"https://{number}.example/rss" for number in range(5)]
    await store.polls.register([(url, NOW) for url in urls])
    await store.polls.register([(url, NOW) for url in (*urls[:2], *urls[3:], OTHER)])
    found: list[str] = []
    after = 0
    while (portion := await store.silence.feeds(after, NOW, NOW, 2)).last is not None:
        assert len(portion.feeds) <= 2
        found += [feed.url for feed in portion.feeds]
        after = portion.last
    assert found == [*urls[:2], *urls[3:], OTHER]


def _as_it_is(feed: FeedState) -> Refresh:
    return Refresh(feed=feed, at=feed.next_poll_at)
