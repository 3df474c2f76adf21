"""Where the configuration is, and where the state lives."""

import subprocess
import sys
from pathlib import Path

import pytest

from monitor.config.find import find_configuration, find_state
from monitor.model.settings import Mistake


def _folder(path: Path) -> Path:
    path.mkdir(parents=True)
    (path / "tocsin.yaml").write_text("")
    return path


def test_what_is_named_comes_first_whether_it_exists_or_not(tmp_path: Path) -> None:
    """Nobody is served another configuration than the one that was asked for."""
    _folder(tmp_path / "config")
    named, by_variable = Path("/none/a.yaml"), {"TOCSIN_CONFIG": "/none/b"}
    assert find_configuration(named, by_variable, here=tmp_path) == named
    assert find_configuration(None, by_variable, here=tmp_path) == Path("/none/b")


def test_a_configuration_here_comes_before_that_of_the_user(tmp_path: Path) -> None:
    """An empty folder named config is none of ours."""
    environment = {"XDG_CONFIG_HOME": str(tmp_path / "xdg"), "HOME": str(tmp_path), "TOCSIN_CONFIG": ""}
    (tmp_path / "here" / "config").mkdir(parents=True)
    users = _folder(tmp_path / "xdg" / "tocsin")
    assert find_configuration(None, environment, here=tmp_path / "here") == users
    here = _folder(tmp_path / "there" / "config")
    assert find_configuration(None, environment, here=tmp_path / "there") == here
    at_home = _folder(tmp_path / ".config" / "tocsin")
    assert find_configuration(None, {"HOME": str(tmp_path), "XDG_CONFIG_HOME": "xdg"}, here=tmp_path) == at_home


def test_without_one_all_places_are_named(tmp_path: Path) -> None:
    """And what to do."""
    found = find_configuration(None, {"HOME": str(tmp_path)}, here=tmp_path)
    assert isinstance(found, Mistake)
    assert str(found) == (
        f"{tmp_path}/config/tocsin.yaml:1:1: no configuration: looked for {tmp_path}/config/tocsin.yaml, "
        f"{tmp_path}/.config/tocsin/tocsin.yaml, /etc/tocsin/tocsin.yaml; "
        "write one with tocsin init, or name it with --config"
    )


@pytest.mark.parametrize(
    ("explicit", "environment", "state"),
    [
        ("/a", {"TOCSIN_STATE": "/b"}, "/a"),
        (None, {"TOCSIN_STATE": "/b", "STATE_DIRECTORY": "/c"}, "/b"),
        (None, {"STATE_DIRECTORY": "/c:/d", "XDG_STATE_HOME": "/e"}, "/c"),
        (None, {"XDG_STATE_HOME": "/e", "HOME": "/h"}, "/e/tocsin"),
        (None, {"XDG_STATE_HOME": "e", "HOME": "/h"}, "/h/.local/state/tocsin"),
    ],
)
def test_the_state_directory(explicit: str | None, environment: dict[str, str], state: str) -> None:
    """Asked for, else systemd's, else the user's."""
    assert find_state(Path(explicit) if explicit else None, environment) == Path(state)


def test_without_a_home_variable_the_system_is_asked() -> None:
    """As in a bare cron job."""
    assert find_state(None, {}) == Path.home() / ".local/state/tocsin"


def test_finding_loads_no_library() -> None:
    """`--help` stays quick."""
    code = "import sys, monitor.config.find; sys.exit(any(name in sys.modules for name in ('pydantic', 'ruamel')))"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
