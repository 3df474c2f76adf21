"""Dates as nearly all feeds write them, read at once; all others as feedparser reads them."""

import re
from datetime import UTC, datetime

from feedparser.datetimes import _parse_date

_NAMES = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
_MONTHS = {name: f"{place:02}" for place, name in enumerate(_NAMES.split(), 1)}
_RFC_822 = re.compile(
    rf"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?([0-9]{{1,2}}) ({_NAMES.replace(' ', '|')}) ([0-9]{{4}}) "
    r"([0-9]{2}:[0-9]{2}:[0-9]{2}) (?:GMT|UTC|([+-][0-9]{2})([0-9]{2}))"
)
_RFC_3339 = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]{1,9})?(?:Z|([+-][0-9]{2}:[0-9]{2}))"
)


def moment_stated(date: str) -> object:
    """The moment, or feedparser's UTC time tuple; None for what is no date."""
    if (found := _RFC_822.fullmatch(date)) is not None:
        day, month, year, time, hours, minutes = found.groups()
        zone = f"{hours}:{minutes}" if hours else "+00:00"
        text = f"{year}-{_MONTHS[month]}-{day:0>2}T{time}{zone}"
    elif (found := _RFC_3339.fullmatch(date)) is not None:
        text = f"{found[1]}{found[2] or '+00:00'}"
    else:
        return _parse_date(date)
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return _parse_date(date)
