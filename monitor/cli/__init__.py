"""The command `tocsin`: one module a group of commands, each loaded only when it is called."""

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
    from monitor.cli.application import main as run

    run(arguments)
