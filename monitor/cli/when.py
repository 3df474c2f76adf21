"""Moments as a person says them: so long ago, for so long, or a time with its zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.config import duration
from monitor.errors import UsageError

_FARTHEST = timedelta(days=36_525)
"""back into the past: whoever asks for all of it says 9999d"""
_ZONE_NEEDED = "with its zone, such as 2026-03-02T08:00+01:00 or '2026-03-02 08:00 Europe/Berlin'"


def before(text: str, option: str, now: datetime) -> datetime:
    """So long before `now`, or the time that is said. Raises UsageError."""
    length = duration.parse(text, _FARTHEST)
    return _moment(text, option, "a duration such as 2d or 12h, or a time") if length is None else now - length


def after(text: str, option: str, now: datetime) -> datetime:
    """So long after `now`. Raises UsageError."""
    length = duration.parse(text)
    if not length:
        message = f"{option}: {text or 'nothing'} is not a duration such as 2h or 3d"
        raise UsageError(message)
    return now + length


def later(text: str, option: str, now: datetime) -> datetime:
    """The time that is said, which must be to come. Raises UsageError."""
    at = _moment(text, option, "a time")
    if at <= now:
        message = f"{option}: {text} is over"
        raise UsageError(message)
    return at


def ending(until: str, length: str, now: datetime) -> datetime | None:
    """When something that was asked for with --until or --for ends; None: not by itself. Raises UsageError."""
    if until and length:
        message = "say --until or --for, not both"
        raise UsageError(message)
    if until:
        return later(until, "--until", now)
    return after(length, "--for", now) if length else None


def _moment(text: str, option: str, wanted: str) -> datetime:
    words, _, zone = text.strip().rpartition(" ")
    for said, name in ((text.strip(), ""), (words, zone)):
        try:
            at = datetime.fromisoformat(said)
            if name and at.tzinfo is None:
                at = at.replace(tzinfo=ZoneInfo(name))
            if at.tzinfo is not None:
                return at.astimezone(UTC)
        except (ValueError, OSError, KeyError, OverflowError):  # zoneinfo has several ways to know no such zone
            continue
    message = f"{option}: expected {wanted} {_ZONE_NEEDED}; not {text or 'nothing'}"
    raise UsageError(message)
