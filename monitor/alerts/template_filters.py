"""The filters of templates, and how values are written: plain texts in, plain texts out, within bounds."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from jinja2 import Undefined
from markupsafe import Markup, escape

from monitor.text.cutting import cut as cut_at_word
from monitor.text.plain import clean

LONGEST = 200_000
"""characters of what a template makes, and of any text on the way there"""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
_LONGEST_FORMAT = 60
_MOST_INDENTED = 20


class OutOfBoundsError(Exception):
    """More steps or characters than a message may take."""


def shown(value: object) -> object:
    """What `{{ … }}` writes: lists with commas, and never the insides of anything."""
    if isinstance(value, Undefined):
        return str(value)  # raises what is undefined
    if isinstance(value, bool) or not isinstance(value, str | int | list | tuple):
        message = "only a text, a number or a list of them can be written: name one of its fields"
        raise TypeError(message)
    return join(value) if isinstance(value, list | tuple) else value


def join(items: object, by: str = ", ") -> str:
    """The items as one text; each plain one becomes markup where another is."""
    if isinstance(items, Undefined):
        return str(items)
    if not isinstance(items, list | tuple):
        message = "join takes a list"
        raise TypeError(message)
    words, by = [_text(one) for one in items], _text(by)
    is_markup = any(isinstance(one, Markup) for one in words)
    return bounded(escape(by).join(words) if is_markup else by.join(words))


def _text(value: object) -> str:
    written = shown(value)
    return written if isinstance(written, str) else str(written)


def _cut(value: object, longest: int) -> str:
    return cut_at_word(_plain(value), max(int(longest), 1))


def _indent(value: object, width: int) -> str:
    blanks = " " * min(max(int(width), 0), _MOST_INDENTED)
    return bounded("\n".join(f"{blanks}{line}" for line in _plain(value).split("\n")))


def _at(value: object, zone: str, form: str = "%Y-%m-%d %H:%M %Z") -> str:
    """A time of ours in another zone; what is no time stays as it is."""
    text = _plain(value)
    found = _MOMENT.search(text)
    try:
        there = ZoneInfo(_plain(zone))
    except (ValueError, LookupError, OSError):
        message = f"there is no time zone {cut_at_word(_plain(zone), 40)}"
        raise ValueError(message) from None
    if found is None:
        return text
    moment = datetime.strptime(found[0], "%Y-%m-%d %H:%M").replace(tzinfo=UTC).astimezone(there)
    return (
        text[: found.start()]
        + moment.strftime(_plain(form)[:_LONGEST_FORMAT])
        + text[found.end() :].removeprefix(" UTC")
    )


def _plain(value: object) -> str:
    """The text without a promise of being markup: what is cut out of markup is none."""
    text = _text(value)
    return str(text.striptags()) if isinstance(text, Markup) else text


def _length(value: object) -> int:
    return len(value) if isinstance(value, list | tuple | str) else len(_text(value))


def _first(items: object) -> object:
    return items[0] if isinstance(items, list | tuple) and items else ""


def _last(items: object) -> object:
    return items[-1] if isinstance(items, list | tuple) and items else ""


FILTERS: Mapping[str, Callable[..., object]] = {
    "at": _at,
    "capitalize": lambda value: _plain(value)[:1].upper() + _plain(value)[1:],
    "cut": _cut,
    "first": _first,
    "indent": _indent,
    "join": join,
    "last": _last,
    "length": _length,
    "lower": lambda value: _plain(value).lower(),
    "trim": lambda value: _plain(value).strip(),
    "upper": lambda value: _plain(value).upper(),
}


def bounded(text: str) -> str:
    """The text, unless it is longer than any message may grow. Raises OutOfBoundsError."""
    if len(text) > LONGEST:
        message = f"it makes a text of more than {LONGEST:,} characters"
        raise OutOfBoundsError(message)
    return text


def trimmed(text: str) -> str:
    """What was written, without blanks at line ends and more than one empty line in a row."""
    lines = [line.rstrip() for line in clean(text).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
