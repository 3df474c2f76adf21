"""Local times as moments: when a digest is due, and how long quiet hours last. Change of clocks is decided here.

A local time that a change of clocks leaves out is the first moment after the gap; one that it doubles is the first of
the two. A date that a zone leaves out altogether (Samoa, 30 December 2011) has no digest and begins no quiet hours.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from monitor.model.holding import DailyDigest, Digest, PeriodicDigest, QuietHours

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)  # transitions fall on whole ones
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST_WAY = 15  # days from one digest to the next: a weekly one whose day a zone leaves out
_MOST_JOINED = 32
"""stretches of quiet that may follow one another; hours that never end, which no configuration may have, end so"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """When a digest is due, and what it is called by the clock of its own zone."""

    at: datetime
    """in UTC"""
    day: date
    clock: time
    zone: str


def last_slot(digest: Digest, now: datetime) -> Slot:
    """The newest slot of a digest that is not after `now`."""
    if isinstance(digest, PeriodicDigest):
        return _periodic(digest, (now - _EPOCH) // digest.every)
    return next(slot for slot in _days(digest, now, range(1, -_LONGEST_WAY - 1, -1)) if slot.at <= now)


def next_slot(digest: Digest, now: datetime) -> Slot:
    """The first slot of a digest after `now`."""
    if isinstance(digest, PeriodicDigest):
        return _periodic(digest, (now - _EPOCH) // digest.every + 1)
    return next(slot for slot in _days(digest, now, range(-1, _LONGEST_WAY + 1)) if slot.at > now)


def quiet_until(quiet: Sequence[QuietHours], moment: datetime) -> datetime | None:
    """When the quiet hours end that `moment` lies in, adjoining ones joined; None where it lies in none."""
    end = moment.astimezone(UTC)
    for _ in range(_MOST_JOINED):
        ends = [closes for hours in quiet for opens, closes in _stretches(hours, end) if opens <= end < closes]
        if not ends:
            break
        end = max(ends)
    return end if end > moment else None


def _periodic(digest: PeriodicDigest, number: int) -> Slot:
    at = _EPOCH + number * digest.every
    return Slot(at=at, day=at.date(), clock=at.time(), zone="UTC")


def _days(digest: DailyDigest, now: datetime, way: range) -> Iterator[Slot]:
    """The slots of the dates around the present one, in the order of `way`."""
    zone = ZoneInfo(digest.zone)
    today = now.astimezone(zone).date()
    for distance in way:
        day = today + distance * _DAY
        if day.weekday() in digest.days and _exists(day, zone):
            yield Slot(at=_moment(day, digest.at, zone), day=day, clock=digest.at, zone=digest.zone)


def _stretches(hours: QuietHours, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The stretches of quiet around a moment, each from its beginning to its end, which is outside."""
    zone = ZoneInfo(hours.zone)
    today = moment.astimezone(zone).date()
    for day in (today - 2 * _DAY, today - _DAY, today, today + _DAY):
        if day.weekday() in hours.days and _exists(day, zone):
            last = day if hours.end > hours.begin else day + _DAY
            yield _moment(day, hours.begin, zone), _moment(last, hours.end, zone)


def _exists(day: date, zone: ZoneInfo) -> bool:
    return _moment(day, time.min, zone).astimezone(zone).date() == day


def _moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The first moment, in UTC, at which the clock shows it; where none does, the end of the gap."""
    local = datetime.combine(day, clock, tzinfo=zone)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return moment
    # In a gap the two readings of a local time lie on both sides of the change of clocks.
    before, after = local.replace(fold=1).astimezone(UTC), moment
    offset = after.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        middle -= timedelta(microseconds=middle.microsecond)
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after
