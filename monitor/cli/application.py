"""The tree of commands, and how an error reaches a person: one line on standard error, an exit code, no traceback."""

import errno
import io
import os
import re
import signal
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cyclopts import App, CycloptsError

import monitor
from monitor.cli.complaint import complaint
from monitor.cli.output import warn
from monitor.cli.pages import GROUPS, PAGES, START, SUMMARY, flowing
from monitor.errors import ConfigurationError, TocsinError, UsageError
from monitor.system.redaction import without_credentials

if TYPE_CHECKING:
    from rich.console import Console

_INTERRUPTED = 128 + signal.SIGINT
_NOBODY_READS = 128 + signal.SIGPIPE
_UNEXPECTED = 70
_INPUT_OUTPUT = 74
_CANNOT_WRITE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}
_PLACED = re.compile(r".+:\d+:\d+: ")
"""how a mistake in a file begins, for editors to jump to"""
_PIPE_WIDTH = 120


def application() -> App:
    """Every command, by import path: `--help` loads none of them."""
    app = App(
        name="tocsin",
        help=SUMMARY,
        help_format="plaintext",
        help_formatter=None if sys.stdout.isatty() else "plain",
        help_epilogue=START,
        version=monitor.__version__,
    )
    groups = {name: App(name=name, help=text) for name, text in GROUPS.items()}
    for group in groups.values():
        app.command(group)
    for page in PAGES:
        place, _, name = page.name.rpartition(" ")
        if place == "try":
            continue  # stands in the module of its group, which is a command itself
        path, text = f"monitor.cli.{page.function}", flowing(page.text)
        if page.name == "try":
            app.command(path, name=name, help=text)
        else:
            groups.get(place, app).command(path, name=name, help=text, help_epilogue=f"Example: {page.example}")
    return app


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and leave with its exit code."""
    _mend_streams()
    sys.exit(run_command(arguments))


def run_command(arguments: Sequence[str] | None = None) -> int:
    """Run a command; its exit code. Errors are told on standard error, a line each."""
    try:
        # Cyclopts would print its own frames and leave with 1; sysexits says 64 for a wrong call.
        app = application()
        app.suppress_keyboard_interrupt = False
        if not sys.stdout.isatty() and _asks_for_help(arguments):
            app.console = _wide_console()
        code = app(arguments, exit_on_error=False, print_error=False, result_action="return_value")
        sys.stdout.flush()  # here, where a broken pipe can still be told from success
    except CycloptsError as error:
        return _told([f"tocsin: {complaint(error)}"], UsageError.exit_code)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except SystemExit:  # rich's answer to a broken pipe
        return _NOBODY_READS
    except Exception as error:  # noqa: BLE001 - a traceback never reaches a user
        return _told_error(_first(error))
    return code if isinstance(code, int) else 0


def _told_error(error: BaseException) -> int:
    if isinstance(error, ConfigurationError):
        return _told([line if _PLACED.match(line) else f"tocsin: {line}" for line in error.mistakes], error.exit_code)
    if isinstance(error, TocsinError):
        return _told([f"tocsin: {error}"], error.exit_code)
    if isinstance(error, BrokenPipeError):
        _forget_output()
        return _NOBODY_READS
    if isinstance(error, OSError) and error.errno in _CANNOT_WRITE:
        _forget_output()
        return _told([f"tocsin: cannot write the output: {error.strerror}"], _INPUT_OUTPUT)
    if os.environ.get("TOCSIN_TRACEBACK"):
        raise error
    what = f"{type(error).__name__}: {error}"
    return _told([f"tocsin: unexpected {what} (a bug: set TOCSIN_TRACEBACK=1 to see where)"], _UNEXPECTED)


def _told(lines: Sequence[str], code: int) -> int:
    for line in lines:
        warn(without_credentials(" ".join(line.split())))
    return code


def _first(error: BaseException) -> BaseException:
    """Of a task group's bundle the first of our own errors, else the first of all."""
    if isinstance(error, BaseExceptionGroup):
        error = error.subgroup(TocsinError) or error
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _asks_for_help(arguments: Sequence[str] | None) -> bool:
    words = sys.argv[1:] if arguments is None else arguments
    return not words or words[-1] in GROUPS or bool({"--help", "-h"} & set(words))


def _wide_console() -> "Console":
    """Where no terminal has a width: rich would break lines at 80 characters."""
    from rich.console import Console

    return Console(width=_PIPE_WIDTH)


def _forget_output() -> None:
    """What is still to be written goes nowhere, or Python would fail on it at exit."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except io.UnsupportedOperation:  # no file behind it
        return


def _mend_streams() -> None:
    """Streams that take every text: a closed one swallows it, and signs that an encoding lacks become `?`.

    A closed descriptor is filled first of all, or else the database would get its number and the alerts be written
    into it.
    """
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - a device, kept open as long as we live
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
