"""How long a feed is usually silent."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.cadence.learning import Seen, learn
from monitor.cadence.silence import MOST_WEEKS, after_silence, touches_weekend, usual_longest_gap
from monitor.model.rhythm import Gap, Rhythm
from tests.plain_values import PACE
from tests.virtual_feeds import START, VirtualFeed, adaptive

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def newsroom(*, weeks: int, but: frozenset[int] = frozenset()) -> VirtualFeed:
    """An entry every hour from 6 to 20 on working days, none at night and none at the weekend."""
    arrivals = tuple(
        ((day * 24 + hour) * HOUR).total_seconds()
        for day in range(weeks * 7)
        for hour in range(6, 21)
        if day % 7 < 5 and day not in but
    )
    return VirtualFeed(name="newsroom", arrivals=arrivals)


def learned(feed: VirtualFeed, *, days: float) -> Rhythm:
    state = adaptive(feed, PACE, days=days).state
    assert state is not None
    return state.rhythm


def test_weekdays_and_weekends_have_silences_of_their_own() -> None:
    """A night is ten hours; from Friday evening to Monday morning are almost three days."""
    rhythm = learned(newsroom(weeks=6), days=42.5)
    friday = START + timedelta(days=39, hours=22)
    weekday, weekend = usual_longest_gap(rhythm, friday), usual_longest_gap(rhythm, START + timedelta(days=41))
    assert weekday is not None
    assert weekend is not None
    assert timedelta(hours=9) < weekday < timedelta(hours=12)
    assert timedelta(hours=56) < weekend < timedelta(hours=60)


def test_nothing_is_usual_before_two_weeks_have_gone_by() -> None:
    """Silence about it is better than an alarm every weekend."""
    assert usual_longest_gap(Rhythm(), START) is None
    assert usual_longest_gap(learned(newsroom(weeks=6), days=13), START + timedelta(days=13)) is None
    assert usual_longest_gap(learned(newsroom(weeks=6), days=16), START + timedelta(days=15, hours=22)) is not None


def test_one_holiday_does_not_make_long_silences_usual() -> None:
    """Ten days off once; the weeks around it say what is usual."""
    rhythm = learned(newsroom(weeks=7, but=frozenset(range(14, 26))), days=45.5)
    usual = usual_longest_gap(rhythm, START + timedelta(days=45, hours=12))
    assert usual is not None
    assert usual < timedelta(hours=60)


def test_days_on_which_nobody_watched_teach_nothing() -> None:
    """We were off for a week: what came meanwhile says nothing of a silence."""
    rhythm = Rhythm(since=START, last_new_at=START, window=30, interval=HOUR)
    after = learn(rhythm, Seen(entries=30, new=20), before=START + HOUR, now=START + timedelta(days=7))
    assert after.gaps == after_silence((), START, START + 2 * HOUR)


def test_a_saturday_or_a_sunday_makes_a_weekend() -> None:
    """By UTC, from Saturday's first moment to Sunday's last."""
    friday = datetime(2026, 3, 6, 23, 0, tzinfo=UTC)
    assert not touches_weekend(friday - DAY, friday)
    assert not touches_weekend(friday, friday + HOUR)
    assert touches_weekend(friday, friday + HOUR * 1.1)
    assert touches_weekend(friday + 2 * DAY, friday + 2 * DAY + timedelta(minutes=1))
    assert not touches_weekend(friday + timedelta(days=2, hours=1), friday + timedelta(days=3))


moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - it is given one


@given(silences=st.lists(st.tuples(moments, st.timedeltas(-DAY, timedelta(days=40))), max_size=40))
def test_what_is_kept_of_silences_is_bounded_and_none_is_forgotten_in_its_week(
    silences: list[tuple[datetime, timedelta]],
) -> None:
    """Eight weeks, each with its longest."""
    gaps: tuple[Gap, ...] = ()
    for began, length in silences:
        gaps = after_silence(gaps, began, began + length)
        assert len(gaps) <= MOST_WEEKS
        assert length <= timedelta(0) or max(gaps[-1].weekday, gaps[-1].weekend) >= length
