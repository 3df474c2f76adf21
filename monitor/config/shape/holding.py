"""What holds alerts back, on a channel or for a rule: digest, quiet hours, throttle."""

from collections.abc import Callable
from typing import Annotated, Literal, TypeAlias, TypeVar

from pydantic import AfterValidator, BeforeValidator, PlainValidator, WithJsonSchema

from monitor.config.hours import Unreadable, read_digest, read_quiet, read_rate
from monitor.config.shape.fields import wrong
from monitor.model.holding import DailyDigest, Handling, Hold, PeriodicDigest, QuietHours, Rate

OFF = "off"
_MOST_WAITING = 1_000  # fewer than a store gathers at once
_Off = Literal["off"]
_Read = TypeVar("_Read")
_WEEK = 7 * 24 * 60
_DAY = 24 * 60


def handling(
    digest: DailyDigest | PeriodicDigest | _Off | None,
    quiet: tuple[QuietHours, ...] | None,
    throttle: Rate | _Off | None,
) -> Handling:
    """The plain data; what is switched off stands under `off`."""
    is_off = {Hold.DIGEST: digest == OFF, Hold.QUIET: quiet == (), Hold.THROTTLE: throttle == OFF}
    return Handling(
        digest=digest if isinstance(digest, DailyDigest | PeriodicDigest) else None,
        quiet=quiet or (),
        throttle=throttle if isinstance(throttle, Rate) else None,
        off=frozenset(hold for hold, is_it in is_off.items() if is_it),
    )


def _reading(read: Callable[[str], _Read], expected: str, *, may_be_off: bool) -> Callable[[object], _Read | str]:
    def check(value: object) -> _Read | str:
        if may_be_off and is_off(value):
            return OFF
        if not isinstance(value, str):
            raise wrong(expected)
        try:
            return read(value)
        except Unreadable as error:
            raise wrong(error.what, at=error.at) from None

    return check


def _many(value: object) -> int | str:
    if is_off(value):
        return OFF
    # A bool is an int to Python, and to nobody else.
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= _MOST_WAITING:
        raise wrong(f"expected a number of alerts from 1 to {_MOST_WAITING:,}, or off")
    return value


def is_off(value: object) -> bool:
    """`off` is a text in YAML 1.2, and false to whoever knows YAML 1.1: both mean it here."""
    return value is False or value == OFF


def _listed(value: object) -> object:
    if is_off(value):
        return []
    return [value] if isinstance(value, str) else value


def _restful(quiet: tuple[QuietHours, ...]) -> tuple[QuietHours, ...]:
    """Quiet hours that do not last for ever, of which each says something new.

    They may overlap, as a night that leads into a weekend does.
    """
    for zone in {hours.zone for hours in quiet}:
        stretches = [_minutes(hours) for hours in quiet if hours.zone == zone]
        if len(set[int]().union(*stretches)) == _WEEK:
            raise wrong("quiet all week: nothing but urgent alerts would ever be sent")
        for place, minutes in enumerate(stretches):
            if minutes <= set[int]().union(*stretches[:place], *stretches[place + 1 :]):
                raise wrong("some of these hours lie within the others: leave them out")
    return quiet


def _minutes(hours: QuietHours) -> set[int]:
    """The minutes of a week, as its zone counts them."""
    begin, end = (clock.hour * 60 + clock.minute for clock in (hours.begin, hours.end))
    length = (end - begin) % _DAY or _DAY
    return {(day * _DAY + begin + minute) % _WEEK for day in hours.days for minute in range(length)}


def _text(*examples: str) -> dict[str, object]:
    return {"type": "string", "examples": list(examples)}


_QUIET = _text("22:00-07:00 Europe/Berlin", "00:00-24:00 Europe/Berlin sat,sun")

PacingText: TypeAlias = Annotated[
    Rate,
    PlainValidator(_reading(read_rate, "expected a text such as 20/m or 1/s", may_be_off=False)),
    WithJsonSchema(_text("20/m", "1/s")),
]
ThrottleText: TypeAlias = Annotated[
    Rate | _Off,
    PlainValidator(_reading(read_rate, "expected a text such as 20 in 10m, or off", may_be_off=True)),
    WithJsonSchema({"anyOf": [_text("20 in 10m", OFF), {"const": False}]}),
]
DigestText: TypeAlias = Annotated[
    DailyDigest | PeriodicDigest | _Off,
    PlainValidator(
        _reading(read_digest, "expected a text such as 07:00 Europe/Berlin mon-fri, every 30m, or off", may_be_off=True)
    ),
    WithJsonSchema({"anyOf": [_text("07:00 Europe/Berlin mon-fri", "every 30m", OFF), {"const": False}]}),
]
BacklogCount: TypeAlias = Annotated[
    int | _Off,
    PlainValidator(_many),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": _MOST_WAITING, "examples": [50]},
                {"enum": [OFF, False]},
            ]
        }
    ),
]
_QuietText: TypeAlias = Annotated[
    QuietHours,
    PlainValidator(_reading(read_quiet, "expected a text such as 22:00-07:00 Europe/Berlin", may_be_off=False)),
]
QuietTexts: TypeAlias = Annotated[
    tuple[_QuietText, ...],
    BeforeValidator(_listed),
    AfterValidator(_restful),
    WithJsonSchema({"anyOf": [_QUIET, {"type": "array", "items": _QUIET}, {"const": False}]}),
]
