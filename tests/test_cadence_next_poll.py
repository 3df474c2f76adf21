"""When a feed is polled next."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cadence.floors import overruling
from monitor.cadence.interval import Pace
from monitor.cadence.next_poll import Setback, next_poll
from monitor.model.rhythm import Floors, Rhythm
from tests.plain_values import NOW, PACE

NO_FLOOR = timedelta(0)


def asking(floor: timedelta) -> Rhythm:
    return Rhythm(floors=Floors(header=floor))


def wait(
    *, chance: float = 0.0, floor: timedelta = NO_FLOOR, setback: Setback | None = None, pace: Pace = PACE
) -> timedelta:
    return next_poll(now=NOW, chance=chance, pace=pace, rhythm=asking(floor), setback=setback).at - NOW


def test_a_good_poll_is_followed_by_the_next_as_configured() -> None:
    """Jitter only adds, a tenth at most."""
    assert wait() == timedelta(minutes=15)
    assert timedelta(minutes=15) < wait(chance=0.999) <= timedelta(minutes=16.5)


def test_a_wish_outside_the_limits_is_bounded() -> None:
    """As a reload may change the limits under a feed."""
    assert wait(pace=Pace(every=timedelta(seconds=1), shortest=PACE.shortest, longest=PACE.longest)) == PACE.shortest
    assert wait(pace=Pace(every=timedelta(days=9), shortest=PACE.shortest, longest=PACE.longest)) == PACE.longest


def test_a_publishers_floor_makes_it_later_and_says_so() -> None:
    """An hour asked for by max-age is an hour; a year is a day."""
    decided = next_poll(now=NOW, chance=0.0, pace=PACE, rhythm=asking(timedelta(hours=1)))
    assert decided.at - NOW == timedelta(hours=1)
    assert "publisher" in decided.reason
    assert wait(floor=timedelta(days=365)) == timedelta(hours=24)
    assert wait(floor=timedelta(minutes=1)) == timedelta(minutes=15)


def test_a_floor_is_told_by_who_states_it() -> None:
    """The longer one."""
    floors = Floors(header=timedelta(minutes=20), document=timedelta(hours=2))
    decided = next_poll(now=NOW, chance=0.0, pace=PACE, rhythm=Rhythm(floors=floors))
    assert decided.reason == "after 2 h: the publisher asks for it (ttl or updatePeriod of the feed)"


def test_a_ttl_that_is_not_heeded_is_no_floor_and_all_else_still_is() -> None:
    """Its owner was overruled: what the server asks for, and the hours it keeps, hold as before."""
    overruling = replace(PACE, is_stated=True, heeds_ttl=False)
    asked = Floors(document=timedelta(hours=10))
    waits = {
        "ttl": next_poll(now=NOW, chance=0.0, pace=overruling, rhythm=Rhythm(floors=asked)),
        "max-age": next_poll(
            now=NOW, chance=0.0, pace=overruling, rhythm=Rhythm(floors=replace(asked, header=timedelta(hours=2)))
        ),
        "skipHours": next_poll(
            now=NOW, chance=0.0, pace=overruling, rhythm=Rhythm(floors=replace(asked, skip_hours=frozenset({12})))
        ),
        "Retry-After": next_poll(
            now=NOW,
            chance=0.0,
            pace=overruling,
            rhythm=Rhythm(floors=asked),
            setback=Setback(failures=1, retry_after=timedelta(hours=3)),
        ),
    }
    assert {name: one.at - NOW for name, one in waits.items()} == {
        "ttl": timedelta(minutes=15),
        "max-age": timedelta(hours=2),
        "skipHours": timedelta(hours=1),
        "Retry-After": timedelta(hours=3),
    }
    assert wait(pace=overruling) == timedelta(minutes=15)


@pytest.mark.parametrize(
    ("pace", "floors", "said"),
    [
        (replace(PACE, is_stated=True), Floors(document=timedelta(hours=10)), True),
        (replace(PACE, is_stated=True), Floors(document=timedelta(minutes=15)), False),
        (replace(PACE, is_stated=True), Floors(document=timedelta(hours=10), header=timedelta(hours=11)), False),
        (replace(PACE, is_stated=True, heeds_ttl=False), Floors(document=timedelta(hours=10)), False),
        (PACE, Floors(document=timedelta(hours=10)), False),
    ],
)
def test_whom_a_ttl_overrules_is_told_what_to_write(pace: Pace, floors: Floors, *, said: bool) -> None:
    """Only where somebody stated a pace that the word would bring back."""
    words = "its ttl or updatePeriod asks for 10 h, not the 15 min stated: heed_ttl: false ends that"
    assert overruling(floors, pace) == (words if said else "")


def test_skipped_hours_are_waited_for_and_spread() -> None:
    """At the first hour that is not skipped, some minutes into it, for others wait for the same one."""
    night = Rhythm(floors=Floors(skip_hours=frozenset({12, 13, 14})))
    decided = next_poll(now=NOW, chance=0.0, pace=PACE, rhythm=night)
    assert decided.at == NOW.replace(hour=15)
    assert decided.reason.endswith("not at hours or days that the publisher asks to skip")
    spread = next_poll(now=NOW, chance=0.999, pace=PACE, rhythm=night)
    assert NOW.replace(hour=15) < spread.at < NOW.replace(hour=15, minute=16)
    assert wait(pace=PACE) == timedelta(minutes=15)


def test_skipped_days_blind_for_a_day_at_most() -> None:
    """Monday and Tuesday are skipped: on Monday noon it waits until Tuesday noon, not until Wednesday."""
    decided = next_poll(
        now=NOW,
        chance=0.0,
        pace=PACE,
        rhythm=Rhythm(floors=Floors(skip_days=frozenset({0, 1}), skip_hours=frozenset({3}))),
    )
    assert decided.at == NOW + timedelta(hours=24)


@pytest.mark.parametrize("floors", [Floors(skip_hours=frozenset(range(24))), Floors(skip_days=frozenset(range(7)))])
def test_whoever_skips_everything_means_nothing(floors: Floors) -> None:
    """A feed that may never be polled would not be published."""
    assert next_poll(now=NOW, chance=0.0, pace=PACE, rhythm=Rhythm(floors=floors)).at == NOW + timedelta(minutes=15)


def test_a_server_without_validators_is_asked_half_as_often() -> None:
    """Unless its entries could scroll out meanwhile, or the pace was stated for this feed."""
    calm = Rhythm(interval=timedelta(minutes=6), window=30, fresh=2, last_new_at=NOW)
    full = replace(calm, fresh=20)
    unasked = {
        "calm": next_poll(now=NOW, chance=0.0, pace=PACE, rhythm=calm, is_conditional=False),
        "full": next_poll(now=NOW, chance=0.0, pace=PACE, rhythm=full, is_conditional=False),
        "stated": next_poll(now=NOW, chance=0.0, pace=replace(PACE, is_stated=True), rhythm=calm, is_conditional=False),
    }
    assert {name: one.at - NOW for name, one in unasked.items()} == {
        "calm": timedelta(minutes=30),
        "full": timedelta(minutes=6),
        "stated": timedelta(minutes=6),
    }
    assert "no ETag or Last-Modified" in unasked["calm"].reason


@pytest.mark.parametrize(
    ("rhythm", "pace", "reason"),
    [
        (Rhythm(), PACE, "every 15 min, as configured"),
        (Rhythm(interval=timedelta(minutes=15), window=30), PACE, "every 15 min: nothing new since the first poll"),
        (
            Rhythm(interval=timedelta(minutes=12), window=30, fresh=2),
            PACE,
            "every 12 min: 2 of 30 entries were new at the last poll",
        ),
        (
            Rhythm(interval=timedelta(hours=1), window=30, last_new_at=NOW),
            PACE,
            "every 1 h: nothing new at the last poll",
        ),
        (
            Rhythm(interval=timedelta(minutes=15), window=30),
            replace(PACE, is_stated=True),
            "every 15 min, as configured for this feed",
        ),
        (
            Rhythm(interval=timedelta(seconds=450), window=5, fresh=4),
            replace(PACE, is_stated=True),
            "every 7.5 min: 4 of 5 entries were new at the last poll, at the configured pace some could go unseen",
        ),
    ],
)
def test_the_reason_is_in_words(rhythm: Rhythm, pace: Pace, reason: str) -> None:
    """As `outlets show` tells it."""
    assert next_poll(now=NOW, chance=0.0, pace=pace, rhythm=rhythm).reason == reason


def test_what_cannot_be_reached_is_asked_at_its_pace_for_two_hours() -> None:
    """It may be our own line; then half as long again as it has been away, so that one interval after it is back is the
    worst for an outage of two hours."""

    def away(hours: float, failures: int) -> timedelta:
        return wait(setback=Setback(failures=failures, lasting=timedelta(hours=hours), is_connection=True))

    assert [away(hours, round(hours * 4) + 1) for hours in (0, 1, 2, 2.5)] == [timedelta(minutes=15)] * 4
    assert away(4, 17) == timedelta(hours=1)
    assert away(1_000, 60) == timedelta(hours=24)


def test_refusals_grow_faster_than_silence() -> None:
    """A server that answers with errors is left alone sooner than one that cannot be reached."""
    refused = [wait(setback=Setback(failures=number)) for number in range(1, 6)]
    silent = [wait(setback=Setback(failures=number, is_connection=True)) for number in range(1, 6)]
    assert refused == [timedelta(minutes=15 * 2**number) for number in range(5)]
    assert all(one < other for one, other in zip(silent[1:], refused[1:], strict=True))


def test_retry_after_is_obeyed_up_to_six_hours() -> None:
    """Longer than our own backoff it counts; shorter it changes nothing."""
    asked = Setback(failures=1, retry_after=timedelta(hours=2))
    assert wait(setback=asked) == timedelta(hours=2)
    assert wait(setback=Setback(failures=1, retry_after=timedelta(days=30))) == timedelta(hours=6)
    assert wait(setback=Setback(failures=1, retry_after=timedelta(seconds=1))) == timedelta(minutes=15)


def test_a_feed_that_is_gone_is_never_asked_again() -> None:
    """410 means it."""
    assert wait(setback=Setback(failures=1, is_gone=True)) > timedelta(days=30_000)


@given(failures=st.integers(1, 10_000), chance=st.floats(0, 1, exclude_max=True), is_connection=st.booleans())
def test_backoff_grows_is_capped_and_never_undercuts_the_pace(
    failures: int, chance: float, is_connection: bool
) -> None:
    """For any number of failures, a quarter of an hour apart."""

    def after(count: int) -> timedelta:
        lasting = (count - 1) * timedelta(minutes=15)
        return wait(chance=chance, setback=Setback(failures=count, lasting=lasting, is_connection=is_connection))

    assert PACE.every <= after(failures) <= after(failures + 1) <= PACE.longest * 1.1


spans = st.timedeltas(timedelta(0), timedelta(days=400))
floors = st.builds(
    Floors,
    header=spans,
    document=spans,
    skip_hours=st.frozensets(st.integers(0, 23)),
    skip_days=st.frozensets(st.integers(0, 6)),
)
setbacks = st.builds(
    Setback,
    failures=st.integers(1, 1_000),
    lasting=spans,
    is_connection=st.booleans(),
    retry_after=st.none() | spans,
)
rhythms = st.builds(
    Rhythm,
    interval=st.none() | st.timedeltas(timedelta(milliseconds=1), timedelta(days=400)),
    window=st.integers(0, 100),
    fresh=st.integers(0, 100),
    floors=floors,
)


@given(
    now=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - it is given one
    chance=st.floats(0, 1, exclude_max=True),
    lengths=st.tuples(*[st.timedeltas(timedelta(seconds=1), timedelta(days=2))] * 3),
    is_stated=st.booleans(),
    heeds_ttl=st.booleans(),
    is_conditional=st.booleans(),
    rhythm=rhythms,
    setback=st.none() | setbacks,
)
def test_the_next_poll_is_never_too_soon_and_never_out_of_sight(
    *,
    now: datetime,
    chance: float,
    lengths: tuple[timedelta, ...],
    is_stated: bool,
    heeds_ttl: bool,
    is_conditional: bool,
    rhythm: Rhythm,
    setback: Setback | None,
) -> None:
    """Not before the minimum and what the publisher asks, not after the maximum or a day, and a tenth."""
    shortest, every, longest = sorted(lengths)
    pace = Pace(every=every, shortest=shortest, longest=longest, is_stated=is_stated, heeds_ttl=heeds_ttl)
    decided = next_poll(
        now=now, chance=chance, pace=pace, rhythm=rhythm, is_conditional=is_conditional, setback=setback
    )
    floors = rhythm.floors if heeds_ttl else replace(rhythm.floors, document=NO_FLOOR)
    asked = min(max(floors.header, floors.document), timedelta(hours=24))
    assert max(shortest, asked) <= decided.at - now <= max(longest, timedelta(hours=24)) * 1.1
    assert decided.reason
    if is_stated and setback is None and floors == Floors():
        assert decided.at - now <= every * 1.1
    if setback is not None and setback.retry_after is not None:
        assert decided.at - now >= min(setback.retry_after, timedelta(hours=6))
