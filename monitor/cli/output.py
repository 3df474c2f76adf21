"""How commands speak: tables on a terminal, plain lines in a pipe, JSON where asked for.

Whatever is said is free of control characters, so that no feed can steer a reader's terminal.
"""

import json
import os
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

_SHORT = 17  # characters of a cell that is not broken: a moment, an id
_LEAST_WIDTH = 12
_ROOMY = 80  # columns of a terminal from which on there is room for both
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


def show_rows(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, empty: str, stacked: Sequence[str] = ()
) -> None:
    """A table on a terminal; in a pipe one line a row, without a head, cells parted by tabs.

    `stacked` names columns that stand below one another in a table: there is no room for all of them side by side.
    `empty` is said on standard error where there is no row.
    """
    kept = list(rows)
    if not kept:
        warn(empty)
    elif is_terminal():
        _show_table(columns, kept, stacked)
    else:
        for row in kept:
            say("\t".join(map(cell, row)))


def cell(value: object) -> str:
    """A value as one line without tabs."""
    text = moment(value) if isinstance(value, datetime) else NOTHING if value is None else str(value)
    return " ".join(clean(text).split()) or NOTHING


def is_terminal() -> bool:
    """Whether a person reads standard output directly."""
    return sys.stdout.isatty()


def ask(question: str) -> str:
    """What a person answers, in lower case; asked on standard error, so that it never gets into a file."""
    print(_visible(question), end=" ", file=sys.stderr, flush=True)  # noqa: T201 - the command's own voice
    return sys.stdin.readline().strip().lower()


def show_marked(pieces: Iterable[Marked]) -> None:
    """A text of several lines, as a console channel shows it: matches highlighted, or between asterisks."""
    kept = tuple(pieces)
    is_plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    if is_plain or not is_terminal():
        say(marked(kept))
        return
    from rich.console import Console
    from rich.text import Text

    styled = Text()
    for piece in kept:
        styled.append(_visible(piece.words), style="bold yellow" if piece.is_match else None)
    Console().print(styled, soft_wrap=True)


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


def _show_table(columns: Sequence[str], rows: Sequence[Sequence[object]], stacked: Sequence[str]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    is_roomy = console.width >= _ROOMY
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    single = [place for place, name in enumerate(columns) if name not in stacked]
    below = [columns.index(name) for name in stacked]
    cells = [[_table_cell(value) for value in row] for row in rows]
    for place in single:
        is_short = is_roomy and max(len(row[place]) for row in cells) <= _SHORT
        table.add_column(columns[place], no_wrap=is_short, overflow="fold")  # folded: a link cut off cannot be copied
    if below:
        table.add_column(columns[below[0]], overflow="fold", min_width=_LEAST_WIDTH if is_roomy else None)
    for row in cells:
        named = [f"{columns[place]}: {row[place]}" for place in below[1:] if row[place] != NOTHING]
        pile = ["\n".join([row[below[0]], *named])] if below else []
        table.add_row(*(Text(words) for words in ([row[place] for place in single] + pile)))  # feeds write no markup
    console.print(table)


def _table_cell(value: object) -> str:
    """As in a pipe, but moments without seconds: UTC throughout."""
    return value.strftime("%Y-%m-%d %H:%MZ") if isinstance(value, datetime) else cell(value)


def _visible(text: str) -> str:
    return "\t".join(map(clean, text.split("\t")))


def _json(value: object, *, indent: int | None) -> str:
    """JSON that a terminal cannot obey and that has no line ends but its own."""
    text = json.dumps(plain(value), ensure_ascii=False, indent=indent)
    return _UNSAFE_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
