"""What a good poll teaches of a feed's rhythm. What failed teaches nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.cadence.floors import floor_of
from monitor.cadence.forecast import DAYS, HALF_LIFE, HOURS, LATE_HALF_LIFE, fading
from monitor.cadence.silence import after_silence
from monitor.model.rhythm import Gap, Rhythm

MOST_COUNTED = 50
"""new entries of one poll: an archive that is moved in says nothing of a rhythm"""
FEWEST_MISSED = 3
"""entries of a document none of which is known: of one or two that says nothing"""
_OLDEST_DATE = timedelta(days=14)
"""how far back the dates of a first document are believed to be a rhythm"""
_NONE = timedelta(0)
_HOUR = timedelta(hours=1)
_LONGEST_SPREAD = timedelta(hours=24)
_DIGITS = 2  # enough for a count, and short where it is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a good poll found."""

    entries: int | None = None
    """in the document; None: nothing has changed, by a 304 or by the very same bytes"""
    new: int = 0
    """of them, never seen before"""
    is_whole: bool = True
    dates: Sequence[datetime] = ()
    """of the entries of a first document, as far as they state one"""


def learn(rhythm: Rhythm, seen: Seen, *, before: datetime | None, now: datetime, heeds_ttl: bool = True) -> Rhythm:
    """The rhythm after a good poll; `before` is the good poll before it, None for the first, which is the baseline.

    `heeds_ttl` as in `Pace`.
    """
    rhythm = _sobered(rhythm, now)
    if before is None:
        return _begun(rhythm, seen, now)
    if seen.entries is None or not seen.new:
        window = rhythm.window if seen.entries is None or not seen.is_whole else seen.entries
        if not rhythm.fresh and window == rhythm.window and rhythm.since:
            return rhythm
        return replace(rhythm, since=rhythm.since or now, fresh=0, window=window)
    has_missed = rhythm.window >= FEWEST_MISSED and FEWEST_MISSED <= seen.entries == seen.new and seen.is_whole
    counted = _counted(rhythm, min(seen.new, MOST_COUNTED), before=min(before, now), now=now)
    return replace(
        counted,
        since=rhythm.since or now,
        last_new_at=now,
        missed_at=now if has_missed else rhythm.missed_at,
        window=seen.entries if seen.is_whole else max(seen.entries, rhythm.window),
        fresh=seen.new,
        gaps=_gaps(rhythm, before=before, now=now, heeds_ttl=heeds_ttl),
    )


def _sobered(rhythm: Rhythm, now: datetime) -> Rhythm:
    """Without moments still to come, written by a clock that was ahead: for years nothing would fade or be learned."""
    since, counted_at, last_new_at = rhythm.since, rhythm.counted_at, rhythm.last_new_at
    if not any(moment and moment > now for moment in (since, counted_at, last_new_at)):
        return rhythm
    return replace(
        rhythm,
        since=since and min(since, now),
        counted_at=counted_at and min(counted_at, now),
        last_new_at=last_new_at and min(last_new_at, now),
        missed_at=rhythm.missed_at and min(rhythm.missed_at, now),
    )


def _begun(rhythm: Rhythm, seen: Seen, now: datetime) -> Rhythm:
    """The dates of what stood there before us are the first hint at a rhythm."""
    begun = replace(rhythm, since=now, window=seen.entries or 0, fresh=0)
    # The last ones tell as much of a rhythm as all of an archive; some give all that they have the date of today.
    dates = sorted(date for date in seen.dates if now - _OLDEST_DATE <= date <= now)[-MOST_COUNTED:]
    if len(dates) < FEWEST_MISSED:
        return begun
    for date in dates:
        begun = _counted(begun, 1, before=date, now=date)
    return replace(begun, since=dates[0])


def _counted(rhythm: Rhythm, new: int, *, before: datetime, now: datetime) -> Rhythm:
    """The counts at `now`, with so many entries that came since `before`: evenly, for when is not known."""
    kept = fading(rhythm, now, HALF_LIFE)
    hours = [count * kept for count in rhythm.hours] or [0.0] * HOURS
    days = [count * kept for count in rhythm.days] or [0.0] * DAYS
    for moment, share in _spread(max(before, now - _LONGEST_SPREAD), now):
        hours[moment.hour] += new * share
        days[moment.weekday()] += new * share
    lately = rhythm.lately * fading(rhythm, now, LATE_HALF_LIFE) + new
    return replace(
        rhythm,
        counted_at=max(now, rhythm.counted_at or now),
        hours=tuple(round(count, _DIGITS) for count in hours),
        days=tuple(round(count, _DIGITS) for count in days),
        lately=round(lately, _DIGITS),
    )


def _spread(before: datetime, now: datetime) -> Iterator[tuple[datetime, float]]:
    """Moments an hour apart at most, with the share of the whole that each stands for."""
    parts = max(1, -(-(now - before) // _HOUR))
    step = (now - before) / parts
    for part in range(parts):
        yield before + step * (part + 0.5), 1 / parts


def _gaps(rhythm: Rhythm, *, before: datetime, now: datetime, heeds_ttl: bool) -> tuple[Gap, ...]:
    if rhythm.last_new_at is None:
        return rhythm.gaps
    # Where its publisher wants it polled seldom, that is how long it is left alone while it is watched.
    left_alone = max(rhythm.interval or _NONE, floor_of(rhythm.floors, heeds_ttl=heeds_ttl)[0])
    watched_until = min(now, before + left_alone)
    return after_silence(rhythm.gaps, rhythm.last_new_at, watched_until)
