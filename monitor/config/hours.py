"""Times and rates as people write them: `07:00 Europe/Berlin mon-fri`, `every 30m`, `22:00-07:00 UTC`, `20 in 10m`."""

import re
from datetime import time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from monitor.config import duration
from monitor.config.nearest import nearest
from monitor.model.holding import EVERY_DAY, DailyDigest, Digest, PeriodicDigest, QuietHours, Rate

MOST = 10_000
"""messages that a rate may count"""
_SHORTEST, _LONGEST = timedelta(minutes=1), timedelta(days=1)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT = tuple(day[:3] for day in _DAYS)
_WORD = re.compile(r"\S+")
_EVERY = re.compile(r"\s*every\s+(.*)", re.DOTALL)
_TIME = r"\d{1,2}:\d\d"
_CLOCK = re.compile(rf"\s*({_TIME})(?!\S)", re.ASCII)
_SPAN = re.compile(rf"\s*({_TIME})\s*[-–]\s*({_TIME})(?!\S)", re.ASCII)
_RATE = re.compile(r"\s*(\d{1,6})(?:\s*/\s*|\s+(?:in|per)\s+)(.*)", re.ASCII | re.DOTALL)
_LENGTH = re.compile(r"(\d{0,6})\s*([a-z]+)\s*", re.ASCII)
_UNITS = {
    "s": "s", "sec": "s", "second": "s", "seconds": "s", "m": "m", "min": "m", "minute": "m", "minutes": "m",
    "h": "h", "hour": "h", "hours": "h", "d": "d", "day": "d",
}  # fmt: skip


class Unreadable(ValueError):
    """A text that says nothing of the kind. `what` never repeats it; `at` is the character that is wrong, from 0."""

    def __init__(self, what: str, at: int = 0) -> None:
        """Say what, and where."""
        super().__init__(what)
        self.what, self.at = what, at


def read_digest(text: str) -> Digest:
    """When a digest is due. Raises Unreadable."""
    if every := _EVERY.fullmatch(text):
        length = _length(every[1])
        if length is None or not _SHORTEST <= length <= _LONGEST:
            raise Unreadable("expected a duration from 1m to 1d, as in every 30m", every.start(1))
        return PeriodicDigest(every=length)
    clock = _CLOCK.match(text)
    if clock is None:
        raise Unreadable("expected a time and its zone, such as 07:00 Europe/Berlin mon-fri, or every 30m")
    zone, days = _where(text, clock.end(), "07:00 Europe/Berlin")
    return DailyDigest(at=_clock(clock[1], clock.start(1)), zone=zone, days=days)


def read_quiet(text: str) -> QuietHours:
    """From when to when it is to be quiet, and where; 24:00 is midnight. Raises Unreadable."""
    span = _SPAN.match(text)
    if span is None:
        raise Unreadable("expected two times and their zone, such as 22:00-07:00 Europe/Berlin mon-fri")
    begin = _clock(span[1], span.start(1))
    end = time.min if span[2] == "24:00" else _clock(span[2], span.start(2))
    zone, days = _where(text, span.end(), "22:00-07:00 Europe/Berlin")
    return QuietHours(begin=begin, end=end, zone=zone, days=days)


def read_rate(text: str) -> Rate:
    """How many in how much time. Raises Unreadable."""
    found = _RATE.fullmatch(text)
    per = _length(found[2]) if found else None
    if found is None or per is None:
        raise Unreadable("expected so many in so much time, such as 20 in 10m or 1/s")
    if not 1 <= int(found[1]) <= MOST:
        raise Unreadable(f"expected from 1 to {MOST:,} at a time", found.start(1))
    if not timedelta(seconds=1) <= per <= _LONGEST:
        raise Unreadable("expected a time from 1s to 1d", found.start(2))
    return Rate(most=int(found[1]), per=per)


def _length(text: str) -> timedelta | None:
    """A duration, also as `30 min`, and `min` for one of them."""
    worded = _LENGTH.fullmatch(text)
    if worded and worded[2] in _UNITS:
        return duration.parse(f"{worded[1] or 1}{_UNITS[worded[2]]}")
    return duration.parse(text.strip())


def _clock(text: str, at: int) -> time:
    hour, minute = (int(part) for part in text.split(":"))
    try:
        return time(hour, minute)
    except ValueError:
        raise Unreadable("there is no such time: expected 00:00 to 23:59", at) from None


def _where(text: str, start: int, example: str) -> tuple[str, frozenset[int]]:
    """Zone and weekdays, which stand behind the times."""
    zone = _WORD.search(text, start)
    if zone is None:
        raise Unreadable(f"a local time needs its zone, as in {example}")
    days = _WORD.search(text, zone.end())
    return _zone(zone[0], zone.start()), _days(text, days.start()) if days else EVERY_DAY


def _zone(name: str, at: int) -> str:
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        known = {zone.rpartition("/")[2]: zone for zone in sorted(available_timezones())}
        # By its city too: nobody knows by heart on which continent Istanbul lies.
        meant = nearest(name, known.values()) or known.get(nearest(name.rpartition("/")[2], known) or "")
        hint = f"did you mean {meant}?" if meant else "expected a name such as Europe/Berlin"
        raise Unreadable(f"unknown zone, {hint}", at) from None
    return name


def _days(text: str, start: int) -> frozenset[int]:
    """Days and spans of days, such as `mon-fri` or `sat, sun`."""
    days: set[int] = set()
    for part in re.finditer(r"[^\s,]+", text[start:]):
        at = start + part.start()
        first, _, last = part[0].partition("-")
        begin = _day(first, at)
        end = _day(last, at + len(first) + 1) if last else begin
        days.update((begin + step) % 7 for step in range((end - begin) % 7 + 1))
    if not days:
        raise Unreadable("expected days such as mon-fri or sat,sun", start)
    return frozenset(days)


def _day(word: str, at: int) -> int:
    for names in (_SHORT, _DAYS):
        if word.casefold() in names:
            return names.index(word.casefold())
    meant = nearest(word, _SHORT) or nearest(word, _DAYS)
    hint = f"did you mean {meant}?" if meant else "expected days such as mon-fri or sat,sun"
    raise Unreadable(f"unknown day, {hint}", at)
