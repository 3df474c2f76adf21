"""The command `tocsin`: one module a group of commands, each loaded only when it is called."""

import importlib
import signal
import sys
from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command that was called, and leave with its exit code."""
    if (sys.argv[1:] if arguments is None else arguments)[:1] == ["run"]:
        # First of all, for the imports alone take a while: a reload that is asked for before the daemon listens waits
        # until it does. It would end the process.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})
        _import_structlog_alone()
    from monitor.cli.application import main as run

    run(arguments)


def _import_structlog_alone() -> None:
    """Without rich, which it takes where it can be had, for tracebacks that we never print.

    That would be 6 MB for as long as the daemon lives.
    """
    if not {"structlog", "rich"}.isdisjoint(sys.modules):
        return
    sys.modules["rich"] = None  # type: ignore[assignment]  # Python's way to say that a module cannot be had
    try:
        importlib.import_module("structlog")
    finally:
        del sys.modules["rich"]
