"""Reading a channel's own options: every mistake at once, and no value in any, for values may be secret."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches

_DURATION = re.compile(r"(?=\d)(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?", re.ASCII)

_SIZE = re.compile(r"(\d{1,9}) ?([kKmMgG]B)", re.ASCII)
_UNITS = {"kb": 1000, "mb": 1_000_000, "gb": 1_000_000_000}


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionMistake:
    """One thing wrong with a channel. `option` is its key, dotted where nested; `what` shows no value."""

    option: str
    what: str
    is_key: bool = False
    """the key itself is wrong, not what stands behind it"""


class OptionReader:
    """Takes options one after another and remembers what was wrong; a wrong one reads as its default."""

    def __init__(self, options: Mapping[str, object], known: Collection[str]) -> None:
        """Options outside `known` are mistakes from the start."""
        self._options = options
        self._mistakes = [
            OptionMistake(option=str(name), what=unknown_name("option", str(name), known), is_key=True)
            for name in options
            if name not in known
        ]

    @property
    def mistakes(self) -> tuple[OptionMistake, ...]:
        """All that was found wrong so far."""
        return tuple(self._mistakes)

    def refuse(self, option: str, what: str) -> None:
        """Remember a mistake that the kind itself found."""
        self._mistakes.append(OptionMistake(option=option, what=what))

    def text(self, name: str, *, is_required: bool = False) -> str:
        """A text without surrounding space; empty where there is none."""
        value = self._options.get(name)
        if value is None:
            # A key with nothing behind it is no leave to do without: an empty secret would mean "unsigned".
            if is_required or name in self._options:
                self.refuse(name, "is empty" if name in self._options else "is missing")
            return ""
        if not isinstance(value, str):
            self.refuse(name, "must be a text: put it in quotes")
            return ""
        if not value.strip():
            self.refuse(name, "is empty")
        return value.strip()

    def duration(self, name: str, default: timedelta, *, least: timedelta, most: timedelta) -> timedelta:
        """A time such as `15s`, within the limits."""
        value = self._options.get(name)
        if value is None:
            return default
        found = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
        if found is None:
            self.refuse(name, "must be a duration such as 15s or 1m")
            return default
        hours, minutes, seconds = (int(amount or 0) for amount in found.groups())
        duration = timedelta(hours=hours, minutes=minutes, seconds=seconds)
        if not least <= duration <= most:
            self.refuse(name, f"must be between {_said(least)} and {_said(most)}")
            return default
        return duration

    def text_or_number(self, name: str, *, is_required: bool = False) -> str:
        """A text, or a whole number as text: an id that YAML takes for a number is one all the same."""
        value = self._options.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return self.text(name, is_required=is_required)

    def number(self, name: str, default: int, *, least: int, most: int) -> int:
        """A whole number within the limits."""
        value = self._options.get(name)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.refuse(name, f"must be a whole number between {least} and {most}")
            return default
        return value

    def size(self, name: str, default: int, *, least: int, most: int) -> int:
        """A size such as `10MB`, in bytes, within the limits; kB, MB and GB are powers of a thousand."""
        value = self._options.get(name)
        if value is None:
            return default
        found = _SIZE.fullmatch(value.strip()) if isinstance(value, str) else None
        if found is None:
            self.refuse(name, "must be a size such as 500kB or 10MB")
            return default
        size = int(found[1]) * _UNITS[found[2].lower()]
        if not least <= size <= most:
            self.refuse(name, f"must be between {least // 1000} kB and {most // 1_000_000} MB")
            return default
        return size

    def texts(self, name: str) -> Mapping[str, str]:
        """A mapping of texts to texts; empty where there is none."""
        value = self._options.get(name)
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self.refuse(name, "must be a mapping of names to texts")
            return {}
        texts: dict[str, str] = {}
        for key, text in value.items():
            if isinstance(key, str) and isinstance(text, str):
                texts[key] = text
            else:
                self.refuse(f"{name}.{key}", "must be a text: put it in quotes")
        return texts


def unknown_name(noun: str, name: str, known: Collection[str]) -> str:
    """What to say of a name that is not among the known ones."""
    nearest = get_close_matches(name, known, n=1)
    if nearest:
        return f"unknown {noun}, did you mean {nearest[0]}?"
    return f"unknown {noun}, there is {', '.join(sorted(known))}" if known else f"unknown {noun}: there is none"


def _said(duration: timedelta) -> str:
    return f"{duration.total_seconds():g}s"
