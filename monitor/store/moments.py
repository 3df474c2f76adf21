"""How a moment is stored: whole microseconds since 1970 UTC, exact both ways."""

from datetime import UTC, datetime, timedelta
from typing import overload

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@overload
def to_micros(moment: datetime) -> int: ...
@overload
def to_micros(moment: None) -> None: ...
@overload
def to_micros(moment: datetime | None) -> int | None: ...
def to_micros(moment: datetime | None) -> int | None:
    """Microseconds since 1970 UTC of an aware moment; a naive one raises TypeError."""
    return None if moment is None else (moment - _EPOCH) // _MICROSECOND


@overload
def to_moment(micros: int) -> datetime: ...
@overload
def to_moment(micros: None) -> None: ...
@overload
def to_moment(micros: int | None) -> datetime | None: ...
def to_moment(micros: int | None) -> datetime | None:
    """The aware UTC moment that many microseconds after 1970."""
    return None if micros is None else _EPOCH + timedelta(microseconds=micros)
