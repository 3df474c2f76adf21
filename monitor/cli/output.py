"""How commands speak: tables on a terminal, plain lines in a pipe, JSON where asked for."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum

from monitor.model.alerts import Marked


def say(text: str = "") -> None:
    """One line for a person, on standard output."""
    print(text)  # noqa: T201 - the command's own voice


def warn(text: str) -> None:
    """One line for a person, on standard error."""
    print(text, file=sys.stderr)  # noqa: T201 - the command's own voice


def show_json(value: object) -> None:
    """One JSON document."""
    say(json.dumps(plain(value), ensure_ascii=False, indent=2))


def show_json_line(value: object) -> None:
    """One line of JSON Lines."""
    say(json.dumps(plain(value), ensure_ascii=False))


def show_rows(columns: Sequence[str], rows: Iterable[Sequence[object]], *, empty: str) -> None:
    """A table on a terminal; in a pipe one line a row, cells parted by tabs. `empty` is said where there is none."""
    cells = [[_cell(value) for value in row] for row in rows]
    if not cells:
        warn(empty)
        return
    if not sys.stdout.isatty():
        for row in cells:
            say("\t".join(row))
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*columns, box=SIMPLE_HEAD, pad_edge=False)
    for row in cells:
        table.add_row(*(Text(cell) for cell in row))  # Text: feed text is no markup
    Console().print(table)


def marked(pieces: Iterable[Marked]) -> str:
    """Pieces of text with the matches between asterisks, as in messages."""
    return "".join(f"*{piece.words}*" if piece.is_match else piece.words for piece in pieces)


def plain(value: object) -> object:
    """Any of our data as JSON values: moments as ISO 8601 in UTC, durations in seconds."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, timedelta):
        return value.total_seconds()
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, bytes):
        return [plain(one) for one in value]
    return str(value)


def moment(at: datetime | None) -> str:
    """A moment for people, in UTC; a dash where there is none."""
    return at.strftime("%Y-%m-%d %H:%M:%S UTC") if at else "–"


def _cell(value: object) -> str:
    text = moment(value) if isinstance(value, datetime) else "–" if value is None else str(value)
    return " ".join(text.split())
