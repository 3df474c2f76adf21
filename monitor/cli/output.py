"""How commands speak: tables on a terminal, plain lines in a pipe, JSON where asked for.

Whatever is said is free of control characters, so that no feed can steer a reader's terminal.
"""

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum

from monitor.model.alerts import Marked
from monitor.model.rules import Evidence
from monitor.text.plain import clean

NOTHING = "-"
"""stands in a cell or a line where there is no value"""

_READ = "title summary body ."  # what is not in it comes last
_UNSAFE_IN_JSON = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def say(text: str = "") -> None:
    """Lines for a person, on standard output."""
    print(_visible(text))  # noqa: T201 - the command's own voice


def warn(text: str) -> None:
    """Lines for a person, on standard error."""
    print(_visible(text), file=sys.stderr)  # noqa: T201 - the command's own voice


def show_json(value: object) -> None:
    """One JSON document."""
    print(_json(value, indent=2))  # noqa: T201 - the command's own voice


def show_json_line(value: object) -> None:
    """One line of JSON Lines."""
    print(_json(value, indent=None))  # noqa: T201 - the command's own voice


def show_rows(columns: Sequence[str], rows: Iterable[Sequence[object]], *, empty: str) -> None:
    """A table on a terminal; in a pipe one line a row, without a head, cells parted by tabs.

    `empty` is said on standard error where there is no row.
    """
    cells = [[cell(value) for value in row] for row in rows]
    if not cells:
        warn(empty)
    elif is_terminal():
        _show_table(columns, cells)
    else:
        for row in cells:
            say("\t".join(row))


def cell(value: object) -> str:
    """A value as one line without tabs."""
    text = moment(value) if isinstance(value, datetime) else NOTHING if value is None else str(value)
    return " ".join(clean(text).split()) or NOTHING


def is_terminal() -> bool:
    """Whether a person reads standard output directly."""
    return sys.stdout.isatty()


def marked(pieces: Iterable[Marked]) -> str:
    """Pieces of text with the matches between asterisks, as in messages."""
    return "".join(f"*{piece.words}*" if piece.is_match else piece.words for piece in pieces)


def in_reading_order(evidence: Iterable[Evidence]) -> list[Evidence]:
    """Title first, then summary and body, then what stands in other fields."""
    return sorted(evidence, key=lambda one: (_READ.find(one.field) % len(_READ), one.field, one.start))


def plain(value: object) -> object:
    """Any of our data as JSON values: moments as ISO 8601 in UTC."""
    if is_dataclass(value):
        value = {field.name: getattr(value, field.name) for field in fields(value)}
    match value:
        case Enum():
            return plain(value.value)
        case None | bool() | int() | float() | str():
            return value
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case Mapping():
            return {str(key): plain(one) for key, one in value.items()}
        case list() | tuple():
            return [plain(one) for one in value]
    return str(value)


def moment(at: datetime | None) -> str:
    """A moment for people, in UTC; a dash where there is none."""
    return at.strftime("%Y-%m-%d %H:%M:%S UTC") if at else NOTHING


def _show_table(columns: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*columns, box=SIMPLE_HEAD, pad_edge=False)
    for column in table.columns:
        column.overflow = "fold"  # a link with an ellipsis in it cannot be copied
    for row in cells:
        table.add_row(*map(Text, row))  # Text: what a feed says is no markup
    Console().print(table)


def _visible(text: str) -> str:
    return "\t".join(map(clean, text.split("\t")))


def _json(value: object, *, indent: int | None) -> str:
    """JSON that a terminal cannot obey and that has no line ends but its own."""
    text = json.dumps(plain(value), ensure_ascii=False, indent=indent)
    return _UNSAFE_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
