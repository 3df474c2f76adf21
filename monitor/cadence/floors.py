"""What a publisher asks of whoever polls: how long to wait, and at which hours to stay away.

Each is obeyed, for 24 hours at most: a `ttl` of a year is a mistake that must not blind anybody.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from monitor.cadence.interval import Pace, configured
from monitor.cadence.spans import span
from monitor.model.entries import ParsedFeed
from monitor.model.rhythm import Floors

LONGEST_FLOOR = timedelta(hours=24)
SPREAD = timedelta(minutes=15)
"""over which those are polled that wait for the same hour"""
_HOUR = timedelta(hours=1)
_NONE = timedelta(0)
_ALL_HOURS = frozenset(range(24))
_ALL_DAYS = frozenset(range(7))


def asked(before: Floors, *, max_age_seconds: int | None, document: ParsedFeed | None) -> Floors:
    """What holds after a good answer: a document replaces what the last one said, an answer without one keeps it.

    `max_age_seconds` None: it says nothing of its freshness, and leaves what was stated before (RFC 9111, 4.3.4).
    """
    header = before.header if max_age_seconds is None else timedelta(seconds=max_age_seconds)
    if document is None:
        return before if header == before.header else replace(before, header=header)
    return Floors(
        header=header,
        document=document_floor(document),
        skip_hours=document.skip_hours,
        skip_days=document.skip_days,
    )


def document_floor(document: ParsedFeed) -> timedelta:
    """What a document asks for between two polls: the longer one of its ttl and its updatePeriod."""
    return timedelta(seconds=max(document.ttl_seconds, document.update_seconds))


def floor_of(floors: Floors, *, heeds_ttl: bool = True) -> tuple[timedelta, str]:
    """How long to wait at least, and who says so. `heeds_ttl` False: what the document says of that does not count."""
    document = floors.document if heeds_ttl else _NONE
    length = min(max(floors.header, document), LONGEST_FLOOR)
    if floors.header >= document:
        return length, "Cache-Control or Expires"
    return length, "ttl or updatePeriod of the feed"


def overruled_by(floors: Floors, pace: Pace) -> timedelta | None:
    """How long the feed's document makes us wait instead of the pace that was stated for it; None: it does not."""
    if not (pace.is_stated and pace.heeds_ttl) or floors.document <= max(configured(pace), floors.header):
        return None
    return min(floors.document, LONGEST_FLOOR)


def overruling(floors: Floors, pace: Pace) -> str:
    """The same in words, with what to write against it; empty where there is nothing to say."""
    length = overruled_by(floors, pace)
    if length is None:
        return ""
    stated = span(configured(pace))
    return f"its ttl or updatePeriod asks for {span(length)}, not the {stated} stated: heed_ttl: false ends that"


def open_at(floors: Floors, at: datetime, now: datetime, chance: float) -> datetime:
    """The first moment from `at` on at which the publisher may be asked; no later than 24 h from `now` for its sake.

    One that skips every hour or every day means none. Jitter spreads those that wait for the same hour.
    """
    hours = floors.skip_hours if floors.skip_hours < _ALL_HOURS else frozenset[int]()
    days = floors.skip_days if floors.skip_days < _ALL_DAYS else frozenset[int]()
    if not _is_skipped(at, hours, days):
        return at
    latest = max(at, now + LONGEST_FLOOR)
    following = at.replace(minute=0, second=0, microsecond=0)
    while following <= latest:
        following += _HOUR
        if not _is_skipped(following, hours, days):
            return min(latest, following + SPREAD * chance)
    return latest


def _is_skipped(at: datetime, hours: frozenset[int], days: frozenset[int]) -> bool:
    return at.hour in hours or at.weekday() in days
