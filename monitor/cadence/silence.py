"""How long a feed is usually silent, by what it has shown: the measure of a silence that is too long.

A silence counts as far as it was watched: from a poll that brought news to the last poll that still brought none, and
one interval more. So a week in which we did not run, or the feed could not be reached, teaches nothing. Outlets rest at
the weekend: silences that touch one are kept apart, and only a silence that touches one is held against them.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from monitor.model.rhythm import Gap, Rhythm

MOST_WEEKS = 8
"""in which a silence ended: those of a feed that speaks once a month go back most of a year"""
LEAST_AGE = timedelta(days=14)
"""of what is known of a feed, before anything is called usual"""
LEAST_GAPS = 2
"""weeks with a silence of the kind that is asked for"""
_FREAK = 3  # times the second longest: a summer break is not what is usual
_WEEK = timedelta(days=7)
_MONDAY = datetime(1970, 1, 5, tzinfo=UTC)
_SATURDAY = 5
_NONE = timedelta(0)


def usual_longest_gap(rhythm: Rhythm, now: datetime) -> timedelta | None:
    """How long a silence like the one that lasts now usually is at the longest; None: not known yet.

    The longest of the last weeks in which one ended, but for a single one that is three times as long as every other.
    """
    if rhythm.since is None or rhythm.last_new_at is None or now - rhythm.since < LEAST_AGE:
        return None
    lengths = [gap.weekday for gap in rhythm.gaps]
    if touches_weekend(rhythm.last_new_at, now):
        lengths = [max(gap.weekday, gap.weekend) for gap in rhythm.gaps]
    known = sorted(length for length in lengths if length)
    if len(known) < LEAST_GAPS:
        return None
    longest, second = known[-1], known[-2]
    return second if len(known) > LEAST_GAPS and longest > second * _FREAK else longest


def after_silence(gaps: Sequence[Gap], began: datetime, ended: datetime) -> tuple[Gap, ...]:
    """The gaps with one more, which ended in the present week."""
    length = ended - began
    if length <= _NONE:
        return tuple(gaps)
    week = (ended - _MONDAY) // _WEEK
    same = gaps[-1] if gaps and gaps[-1].week == week else None
    weekday, weekend = (same.weekday, same.weekend) if same else (_NONE, _NONE)
    if touches_weekend(began, ended):
        weekend = max(weekend, length)
    else:
        weekday = max(weekday, length)
    before = gaps[:-1] if same else gaps
    return (*before, Gap(week=week, weekday=weekday, weekend=weekend))[-MOST_WEEKS:]


def touches_weekend(began: datetime, ended: datetime) -> bool:
    """Whether a Saturday or a Sunday (UTC) lies in it, in part at least."""
    saturday = began + timedelta(days=max(0, _SATURDAY - began.weekday()))
    return saturday.replace(hour=0, minute=0, second=0, microsecond=0) < ended
