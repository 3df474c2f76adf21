"""Dates as nearly all feeds write them, read at once; all others as feedparser reads them."""

import re
from datetime import UTC, datetime, timedelta

from feedparser.datetimes import _parse_date

_NAMES = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
_MONTHS = {name: place for place, name in enumerate(_NAMES.split(), 1)}
_RFC_822 = re.compile(
    rf"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?([0-9]{{1,2}}) ({_NAMES.replace(' ', '|')}) ([0-9]{{4}}) "
    r"([0-9]{2}):([0-9]{2}):([0-9]{2}) (?:GMT|UTC|([+-])([0-9]{2})([0-9]{2}))"
)
_RFC_3339 = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]{1,9})?"
    r"(?:Z|([+-])([0-9]{2}):([0-9]{2}))"
)


def moment_stated(date: str) -> object:
    """The moment, or feedparser's UTC time tuple; None for what is no date."""
    if (found := _RFC_822.fullmatch(date)) is not None:
        day, name, year, hour, minute, second, sign, hours, minutes = found.groups()
        month = _MONTHS[name]
    elif (found := _RFC_3339.fullmatch(date)) is not None:
        year, digits, day, hour, minute, second, sign, hours, minutes = found.groups()
        month = int(digits)
    else:
        return _parse_date(date)
    try:
        moment = datetime(int(year), month, int(day), int(hour), int(minute), int(second), tzinfo=UTC)
        if sign is None:
            return moment
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        return moment - offset if sign == "+" else moment + offset
    except (ValueError, OverflowError):
        return _parse_date(date)
