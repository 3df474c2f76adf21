"""Asking once more before something that cannot be taken back."""

import sys

from monitor.cli.output import ask
from monitor.errors import UsageError


def confirmed(what: str, *, is_sure: bool) -> bool:
    """Whether a person agrees to `what`, such as `drop 3 deliveries`. Raises UsageError where nobody can be asked."""
    if is_sure:
        return True
    if not sys.stdin.isatty() or not sys.stderr.isatty():
        message = f"nobody is here to be asked: add --yes to {what}"
        raise UsageError(message)
    return ask(f"{what}? [y/N]") in ("y", "yes")
