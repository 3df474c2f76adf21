"""Where the configuration is, and where the state lives. Loads no library: `--help` and `--version` go through here."""

from collections.abc import Mapping
from pathlib import Path

from monitor.model.settings import Mark, Mistake

MAIN = "tocsin.yaml"
"""the main file's name in a configuration folder"""


def find_configuration(explicit: Path | None, environment: Mapping[str, str], *, here: Path = Path()) -> Path | Mistake:
    """The folder or file of the configuration, or a mistake that lists the places looked at.

    What was asked for, by `explicit` or $TOCSIN_CONFIG, is returned whether it exists or not: `load` says what is
    wrong with it, and nobody is served another configuration than the one named.
    """
    named = explicit or _path(environment, "TOCSIN_CONFIG")
    if named is not None:
        return named
    places = (
        here / "config",
        _home(environment, "XDG_CONFIG_HOME", ".config") / "tocsin",
        Path("/etc/tocsin"),
    )
    for place in places:
        if (place / MAIN).is_file():
            return place
    looked = ", ".join(str(place / MAIN) for place in places)
    return Mistake(
        mark=Mark(file=str(places[0] / MAIN), line=1, column=1),
        path="",
        what=f"no configuration: looked for {looked}; write one with tocsin init, or name it with --config",
    )


def find_state(explicit: Path | None, environment: Mapping[str, str]) -> Path:
    """The directory of the database, which need not exist yet."""
    if explicit is not None:
        return explicit
    if named := _path(environment, "TOCSIN_STATE"):
        return named
    if directories := environment.get("STATE_DIRECTORY", "").split(":")[0]:
        return Path(directories)
    return _home(environment, "XDG_STATE_HOME", ".local/state") / "tocsin"


def _path(environment: Mapping[str, str], name: str) -> Path | None:
    value = environment.get(name)
    return Path(value) if value else None


def _home(environment: Mapping[str, str], name: str, default: str) -> Path:
    """An XDG directory; a relative one does not count, as the XDG specification says."""
    value = environment.get(name, "")
    if value.startswith("/"):
        return Path(value)
    home = environment.get("HOME")
    return (Path(home) if home else Path.home()) / default
