"""`tocsin init` and `tocsin check`."""

import os
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from monitor.app.examine import examined
from monitor.cli.options import Config, Json, config_path
from monitor.cli.output import say, show_json
from monitor.errors import ConfigurationError, TocsinError, UsageError


class CannotCreateError(TocsinError):
    """A file could not be written; exit 73."""

    exit_code = 73


def init(
    folder: Annotated[Path, Parameter(help="Where to write tocsin.yaml and schema.json.")] = Path("config"),
    /,
) -> None:
    """Write a first configuration: one outlet, one rule, a console channel, with comments. Nothing is overwritten.

    Example: tocsin init config
    """
    from monitor.config.schema import generate
    from monitor.config.starter import STARTER

    files = {folder / "tocsin.yaml": STARTER, folder / "schema.json": generate()}
    existing = [path for path in files if path.exists()]
    if existing:
        message = f"{existing[0]} exists and is left as it is; choose another folder: tocsin init FOLDER"
        raise UsageError(message)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in files.items():
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
            say(f"wrote {path}")
    except OSError as error:
        message = f"cannot write in {folder}: {error.strerror}"
        raise CannotCreateError(message) from error
    say(f"next: tocsin check --config {folder}, then tocsin run --config {folder}")


def check(*, config: Config = None, as_json: Json = False) -> int:
    """Show every mistake of the configuration at once, each at file:line:column; exit 78 where there is one.

    Rules are compiled and their examples tried, channels' options are checked; nothing is fetched or sent.

    Example: tocsin check --config config
    """
    try:
        plan = examined(config_path(config), os.environ)
    except ConfigurationError as error:
        if not as_json:
            raise
        show_json({"mistakes": error.mistakes})
        return error.exit_code
    facts = {
        "outlets": len(plan.settings.outlets),
        "feeds": len(plan.watch.feeds),
        "rules": len(plan.watch.ruleset.names),
        "entities": len(plan.settings.entities),
        "channels": list(plan.channels),
    }
    if as_json:
        show_json({"mistakes": [], **facts})
        return 0
    channels = ", ".join(plan.channels)
    say(
        f"no mistakes: {facts['outlets']} outlets with {facts['feeds']} feeds, {facts['rules']} rules, "
        f"{facts['entities']} entities; channels: {channels}"
    )
    return 0
