"""How long work shows that it goes on: on standard error, where a person watches, and nowhere else."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Advance = Callable[[int], None]
"""so much more is done"""


@contextmanager
def working(what: str) -> Iterator[None]:
    """Something turns while the block runs."""
    if not _is_watched():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(_plain(what)):
        yield


@contextmanager
def counting(what: str, total: int, *, is_wanted: bool = True) -> Iterator[Advance]:
    """A bar of `total` parts that vanishes with the block; it is moved by the function that the block gets."""
    if not (is_wanted and _is_watched()):
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(_plain(what), total=max(total, 1))
        yield lambda done: bar.advance(task, done)


def _is_watched() -> bool:
    return sys.stderr.isatty()


def _plain(what: str) -> str:
    """Names of files and channels write no markup."""
    from rich.markup import escape

    return escape(what)
