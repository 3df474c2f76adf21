"""`tocsin config schema` and `tocsin completion`: what editors and shells want to know of us."""

from enum import StrEnum
from typing import Annotated

from cyclopts import Parameter

from monitor.cli.output import say


class Shell(StrEnum):
    """A shell that completes words."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


def schema() -> None:
    """The JSON Schema of the configuration."""
    from monitor.config.schema import generate

    say(generate().removesuffix("\n"))


def completion(shell: Annotated[Shell, Parameter(help="bash, zsh or fish.")], /) -> None:
    """A script that completes commands and options."""
    from monitor.cli.application import application

    say(application().generate_completion(prog_name="tocsin", shell=shell.value).removesuffix("\n"))
