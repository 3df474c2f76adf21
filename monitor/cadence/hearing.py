"""Whether a feed, or a rule, is silent for too long: longer than twice its usual longest silence.

Silence counts only while somebody listened. Three days in which tocsin did not run, or the network was down, are no
silence of anybody else, and what was silent before goes on to be so afterwards.

Who rests on some days of the week is measured by the others: an office that says nothing at the weekend is not silent
then, nor when it keeps a holiday. So two more of its days must pass than the longest silence between two of them; those
who speak every day keep no holidays, and are silent after twice the longest, in half a day at the earliest.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from monitor.cadence.silence import after_silence, usual_longest_gap
from monitor.model.polls import FeedState
from monitor.model.rhythm import Rhythm
from monitor.model.silence import Hearing, Silence, Span

LEAST_OF_OUTLET = timedelta(hours=12)
"""no outlet is silent before this"""
LEAST_OF_RULE = timedelta(hours=24)
"""no rule is silent before this"""
TIMES = 2
"""the usual longest silence that is too long"""
HOLIDAYS = timedelta(days=2)
"""that those who rest on some days of the week may keep beside"""
OLD_ENOUGH = timedelta(days=14)
"""a feed is judged after so long; one of which nothing is known by then will not be waited for"""
WAITED_FOR = timedelta(days=3)
"""for the next news of a feed that is younger: a new feed beside those that fell silent must not hide that"""
GIVEN_UP = timedelta(hours=24)
"""of failures a feed is not waited for"""
DAILY_WINDOW = timedelta(days=28)
"""in which a rule shows that it matches daily"""
DAILY_DAYS = 20
"""of the window on which it must have matched …"""
DAILY_WEEKDAYS = 14
"""… or so many weekdays running"""
_RESTS_BELOW = 0.1  # of what an even share would be
_DAY = timedelta(days=1)
_NONE = timedelta(0)
_WEEK = 7
_SATURDAY = 5


def hear_feed(feed: FeedState, spans: Sequence[Span], now: datetime) -> Silence | Hearing:
    """What is heard of one feed."""
    rhythm = feed.rhythm
    if feed.failures or feed.last_success_at is None:
        # That it fails is told by then. Else one dead feed would keep the silence of the others to itself for ever.
        is_told = feed.failing_since is not None and now - feed.failing_since >= GIVEN_UP
        return Hearing.UNKNOWN if is_told else Hearing.SPEAKS
    if feed.baseline_at is None:
        return Hearing.SPEAKS
    # The dates of a first document are a hint at a rhythm, and no more: what was watched counts.
    if now - feed.baseline_at < OLD_ENOUGH:
        last = max(feed.baseline_at, rhythm.last_new_at or feed.baseline_at)
        return Hearing.UNKNOWN if now - last >= WAITED_FOR else Hearing.SPEAKS
    usual = usual_longest_gap(rhythm, now)
    if rhythm.last_new_at is None or usual is None:
        is_old = now - max(feed.baseline_at, rhythm.last_new_at or feed.baseline_at) >= OLD_ENOUGH
        return Hearing.UNKNOWN if is_old else Hearing.SPEAKS
    return too_long(rhythm, spans, min(now, feed.last_success_at), LEAST_OF_OUTLET) or Hearing.SPEAKS


def hear_outlet(heard: Iterable[Silence | Hearing]) -> Silence | None:
    """The silence of an outlet, by what is heard of each of its feeds: all of them are silent."""
    silences: list[Silence] = []
    for one in heard:
        if one is Hearing.SPEAKS:
            return None
        if isinstance(one, Silence):
            silences.append(one)
    return max(silences, key=lambda one: one.since, default=None)


def hear_rule(
    moments: Sequence[datetime], spans: Sequence[Span], now: datetime, *, counts_from: datetime | None = None
) -> Silence | None:
    """The silence of a rule that matched at these moments, in order; None where it never matched daily.

    `counts_from`: until then there was nothing in which it could have matched.
    """
    last = moments[-1] if moments else now
    recent = [moment for moment in moments if last - moment <= DAILY_WINDOW]
    if not is_daily(recent):
        return None
    rhythm = Rhythm(last_new_at=last, since=recent[0], days=_days(recent))
    for before, after in pairwise(recent):
        rhythm = replace(rhythm, gaps=after_silence(rhythm.gaps, before, after))
    return too_long(rhythm, spans, now, LEAST_OF_RULE, counts_from=counts_from)


def is_daily(moments: Sequence[datetime]) -> bool:
    """Whether a rule matched daily, as far as the last of these moments."""
    if not moments:
        return False
    days = {moment.date() for moment in moments if moments[-1] - moment <= DAILY_WINDOW}
    if len(days) >= DAILY_DAYS:
        return True
    last, weekdays = moments[-1].date(), 0
    while last in days or last.weekday() >= _SATURDAY:
        weekdays += last.weekday() < _SATURDAY
        last -= _DAY
    return weekdays >= DAILY_WEEKDAYS


def too_long(
    rhythm: Rhythm,
    spans: Sequence[Span],
    until: datetime,
    least: timedelta,
    *,
    counts_from: datetime | None = None,
) -> Silence | None:
    """The silence since the last news of a rhythm, if it is too long at `until`; `least` is never too long."""
    since = rhythm.last_new_at
    if since is None or until <= since:
        return None
    resting = resting_days(rhythm)
    # Of those who rest, only the silences between two of their days are asked for: the others are known beforehand.
    usual = usual_longest_gap(rhythm, since if resting else until)
    if usual is None:
        return None
    allowed = max(TIMES * usual, usual + HOLIDAYS) if resting else max(TIMES * usual, least)
    if listened(spans, max(since, counts_from or since), until, resting) <= allowed:
        return None
    return Silence(since=since, usual=usual)


def resting_days(rhythm: Rhythm) -> frozenset[int]:
    """Days of the week (0 is Monday, UTC) on which next to nothing comes; none where that is not known yet."""
    total = sum(rhythm.days)
    even = total / _WEEK
    resting = frozenset(day for day, count in enumerate(rhythm.days) if count < _RESTS_BELOW * even)
    # Who speaks once a week does not rest on six days: its silences are weeks, and touch all of them.
    return resting if len(resting) <= _WEEK - _SATURDAY else frozenset()


def listened(
    spans: Sequence[Span], began: datetime, ended: datetime, resting: frozenset[int] = frozenset()
) -> timedelta:
    """How much of the time between two moments somebody listened, some days of the week left out."""
    return sum((end - start for start, end in _pieces(spans, began, ended, resting)), _NONE)


def _pieces(
    spans: Sequence[Span], began: datetime, ended: datetime, resting: frozenset[int]
) -> Iterator[tuple[datetime, datetime]]:
    for span in spans:
        start, end = max(span.began_at, began), min(span.until, ended)
        if not resting:
            if start < end:
                yield start, end
            continue
        while start < end:
            midnight = start.replace(hour=0, minute=0, second=0, microsecond=0) + _DAY
            if start.weekday() not in resting:
                yield start, min(midnight, end)
            start = midnight


def _days(moments: Sequence[datetime]) -> tuple[float, ...]:
    """On how many dates of each day of the week something came."""
    dates = {moment.date() for moment in moments}
    return tuple(float(sum(date.weekday() == day for date in dates)) for day in range(_WEEK))
