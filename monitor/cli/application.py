"""The tree of commands, and how an error reaches a person: one line on standard error, an exit code, no traceback."""

import os
import signal
import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError

import monitor
from monitor.errors import ConfigurationError, TocsinError, UsageError

_INTERRUPTED = 130
_UNEXPECTED = 70


def application() -> App:
    """Every command, by import path: `--help` loads none of them."""
    app = App(
        name="tocsin",
        help="A news monitor that misses no story, tells none twice, and can be trusted when it is silent.",
        version=monitor.__version__,
        help_epilogue="Start with: tocsin demo · tocsin try FEED_URL --match 'ceasefire OR truce' · tocsin init",
    )
    commands = {
        "init": ("beginning:init", "Write a first configuration with comments."),
        "check": ("beginning:check", "Show every mistake of the configuration at once."),
        "demo": ("demo:demo", "Watch an invented feed change and alerts arrive; needs no network."),
        "once": ("running:once", "One round: poll what is due, deliver what is due."),
        "run": ("running:run", "The daemon, in the foreground."),
        "status": ("looking:status", "Feeds, waiting deliveries and the last alerts."),
        "why": ("why:why", "What is known of a link: every verdict from fetch to delivery."),
    }
    for name, (path, summary) in commands.items():
        app.command(f"monitor.cli.{path}", name=name, help=summary)
    app.command("monitor.cli.trying:trying", name="try", help="Try a feed, or rules on stories from a file.")
    alerts = App(name="alerts", help="What was alerted.")
    alerts.command("monitor.cli.looking:alerts", name="list", help="The last alerts, newest first.")
    app.command(alerts)
    outbox = App(name="outbox", help="What is not delivered yet.")
    outbox.command("monitor.cli.looking:outbox", name="list", help="Deliveries that wait or are dead.")
    outbox.command("monitor.cli.looking:retry", name="retry", help="Send dead or waiting deliveries now.")
    app.command(outbox)
    return app


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and leave with its exit code."""
    sys.exit(run_command(arguments))


def run_command(arguments: Sequence[str] | None = None) -> int:
    """Run a command; its exit code. Errors are told on standard error, a line each."""
    try:
        # Cyclopts would print its own frames and leave with 1; sysexits says 64 for a wrong call.
        code = application()(arguments, exit_on_error=False, print_error=False, result_action="return_value")
    except CycloptsError as error:
        return _told([_one_line(str(error)) + " (see tocsin --help)"], UsageError.exit_code)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone; Python must not complain about it at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except Exception as error:  # noqa: BLE001 - a traceback never reaches a user
        return _told_error(_first(error))
    return code if isinstance(code, int) else 0


def _told_error(error: BaseException) -> int:
    if isinstance(error, ConfigurationError):
        return _told(error.mistakes, error.exit_code)
    if isinstance(error, TocsinError):
        return _told([str(error)], error.exit_code)
    if os.environ.get("TOCSIN_TRACEBACK"):
        raise error
    what = _one_line(f"{type(error).__name__}: {error}")
    return _told([f"unexpected {what} (a bug: set TOCSIN_TRACEBACK=1 to see where)"], _UNEXPECTED)


def _told(lines: Sequence[str], code: int) -> int:
    for line in lines:
        print(f"tocsin: {line}" if len(lines) == 1 else line, file=sys.stderr)  # noqa: T201 - the command's own voice
    return code


def _first(error: BaseException) -> BaseException:
    """Of a task group's bundle the first of our own errors, else the first of all."""
    if isinstance(error, BaseExceptionGroup):
        error = error.subgroup(TocsinError) or error
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _one_line(text: str) -> str:
    return " ".join(text.split())
