"""`tocsin init` and `tocsin check`."""

import os
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from monitor.app.examine import examined
from monitor.cli.options import ANYWHERE, Json, Places
from monitor.cli.output import say, show_json
from monitor.errors import ConfigurationError, OutputUnwritable


def init(
    folder: Annotated[Path, Parameter(help="Where to write tocsin.yaml and schema.json.")] = Path("config"),
    /,
) -> None:
    """Write a first configuration; nothing is overwritten. Raises OutputUnwritable."""
    from monitor.config.schema import generate
    from monitor.config.starter import STARTER

    files = {folder / "tocsin.yaml": STARTER, folder / "schema.json": generate()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in files:
            if path.exists() or path.is_symlink():
                message = f"{path} exists and is left as it is; choose another folder: tocsin init FOLDER"
                raise OutputUnwritable(message)
        for path, text in files.items():
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
            say(f"wrote {path}")
    except OSError as error:
        message = f"cannot write in {folder}: {error.strerror}; choose another folder: tocsin init FOLDER"
        raise OutputUnwritable(message) from error
    say(f"next: tocsin check --config {folder}, then tocsin run --config {folder}")


def check(*, places: Places = ANYWHERE, as_json: Json = False) -> int:
    """Show every mistake of the configuration, or what is in it. Raises ConfigurationError unless `as_json`."""
    try:
        plan = examined(places.find_config(), os.environ)
    except ConfigurationError as error:
        if not as_json:
            raise
        show_json({"mistakes": error.mistakes})
        return error.exit_code
    counts = {
        "outlets": len(plan.settings.outlets),
        "feeds": len(plan.watch.feeds),
        "rules": len(plan.watch.ruleset.names),
        "entities": len(plan.settings.entities),
    }
    if as_json:
        show_json({"mistakes": [], **counts, "channels": list(plan.channels)})
    else:
        files = ", ".join(map(str, plan.files))
        say(f"no mistakes in {files}")
        say(", ".join(f"{name}: {count}" for name, count in counts.items()) + f", channels: {', '.join(plan.channels)}")
    return 0
