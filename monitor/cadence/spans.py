"""Lengths of time in words, as rough as they are meant."""

from datetime import timedelta

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_TENTH = 10  # of a unit are told below ten of it


def span(length: timedelta) -> str:
    """`45 s`, `12 min`, `1.5 h` or `3 days`."""
    if length < _MINUTE:
        return f"{_number(length.total_seconds())} s"
    if length < _HOUR:
        return f"{_number(length / _MINUTE)} min"
    if length < 2 * _DAY:
        return f"{_number(length / _HOUR)} h"
    return f"{_number(length / _DAY)} days"


def _number(amount: float) -> str:
    rounded = round(amount, 1) if amount < _TENTH else round(amount)
    return f"{rounded:g}"
