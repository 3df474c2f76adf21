"""The command `tocsin`: one module a group of commands, each loaded only when it is called."""

from monitor.cli.application import main

__all__ = ["main"]
