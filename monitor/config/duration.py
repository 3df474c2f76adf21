"""Durations as people write them: `15m`, `2h`, `1h30m`, `500ms`."""

import re
from datetime import timedelta
from functools import lru_cache

PATTERN = r"^(?=\d)(\d{1,6}d)?(\d{1,6}h)?(\d{1,6}m(?!s))?(\d{1,6}s)?(\d{1,6}ms)?$"
"""Units from large to small, each at most once; also understood by JSON schema."""

LONGEST = timedelta(days=366)

_READ = re.compile(PATTERN, re.ASCII)
_UNITS = (
    ("d", timedelta(days=1)),
    ("h", timedelta(hours=1)),
    ("m", timedelta(minutes=1)),
    ("s", timedelta(seconds=1)),
    ("ms", timedelta(milliseconds=1)),
)


@lru_cache(maxsize=256)  # a hundred thousand feeds have few paces between them
def parse(text: str, longest: timedelta = LONGEST) -> timedelta | None:
    """What `text` says, or None where it is no duration or longer than `longest`, a year where nothing else is said."""
    found = _READ.fullmatch(text)
    if found is None:
        return None
    amounts = (int((group or "0").rstrip("dhms")) for group in found.groups())
    length = sum((amount * unit for amount, (_, unit) in zip(amounts, _UNITS, strict=True)), timedelta())
    return length if length <= longest else None


def spell(length: timedelta) -> str:
    """The shortest text that `parse` reads as `length` (of whole milliseconds, not negative)."""
    words = ""
    for name, unit in _UNITS:
        amount, length = divmod(length, unit)
        words += f"{amount}{name}" if amount else ""
    return words or "0s"
