"""`tocsin init` and `tocsin check`."""

import os
from pathlib import Path
from typing import Annotated, TypedDict

from cyclopts import Parameter

from monitor.app.examine import Plan, examined
from monitor.cli.options import ANYWHERE, Json, Places
from monitor.cli.output import say, show_json
from monitor.cli.progress import working
from monitor.errors import ConfigurationError, OutputUnwritable
from monitor.model.alerts import Sent
from monitor.system.redaction import redactor

_UNAVAILABLE = 69
_WORDS = {True: "reached", False: "failed", None: "not known"}


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


def check(
    *,
    places: Places = ANYWHERE,
    channels: Annotated[
        bool,
        Parameter(name="--channels", negative="", show_default=False, help="Also whether channels can be reached."),
    ] = False,
    as_json: Json = False,
) -> int:
    """Show every mistake of the configuration, or what is in it. Raises ConfigurationError unless `as_json`."""
    try:
        with working("reading the configuration"):  # thousands of outlets take seconds
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
    reached = _reached(plan) if channels else []
    if as_json:
        facts = {"mistakes": [], "notes": list(map(str, plan.notes)), **counts, "channels": list(plan.channels)}
        show_json(facts | ({"reached": reached} if channels else {}))
    else:
        for note in plan.notes:
            say(f"note: {note}")
        say(f"no mistakes in {', '.join(map(str, plan.files))}")
        say(", ".join(f"{name}: {count}" for name, count in counts.items()) + f", channels: {', '.join(plan.channels)}")
        for one in reached:
            say(f"channel {one['name']}: {_WORDS[one['is_reached']]}: {one['said']}")
    return _UNAVAILABLE if any(one["is_reached"] is False for one in reached) else 0


class _Reached(TypedDict):
    """What is known of a channel; `is_reached` None: only sending would tell."""

    name: str
    is_reached: bool | None
    said: str


def _reached(plan: Plan) -> list[_Reached]:
    import asyncio

    from monitor.app.reach import reach

    redact = redactor(plan.settings.secrets)
    with working("asking channels"):
        outcomes = asyncio.run(reach(plan.channels))
    found: list[_Reached] = []
    for name, outcome in outcomes.items():
        if outcome is None:
            said = f"only sending would tell: tocsin channels test {name}"
            found.append({"name": name, "is_reached": None, "said": said})
        else:
            is_reached = isinstance(outcome, Sent)
            said = outcome.note if isinstance(outcome, Sent) else outcome.reason
            found.append({"name": name, "is_reached": is_reached, "said": redact(said)})
    return found
