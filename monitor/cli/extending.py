"""What commands that add to the configuration have in common: which file grows, and who must hear of it."""

import os
from pathlib import Path

from monitor.cli.options import Places
from monitor.cli.output import say
from monitor.config.find import find_configuration
from monitor.config.load import Loaded, load
from monitor.errors import ConfigurationError
from monitor.model.settings import Mistake
from monitor.system.lock import daemon_at_work


def to_be_extended(places: Places, *, may_be_missing: bool) -> Loaded | None:
    """The configuration, without mistakes but for that it has no outlets yet. Raises ConfigurationError."""
    if may_be_missing and isinstance(find_configuration(places.config, os.environ), Mistake):
        return None
    loaded = load(places.find_config(), os.environ)
    wrong = [str(one) for one in loaded.mistakes if one.path != "outlets"]
    if wrong or loaded.settings is None:
        raise ConfigurationError(tuple(wrong or map(str, loaded.mistakes)))
    return loaded


def last_file(loaded: Loaded) -> Path:
    """The file that the last outlet stands in; without any, the main one."""
    count = len(loaded.settings.outlets) if loaded.settings else 0
    return Path(loaded.locate(("outlets", count - 1)).file) if count else loaded.files[0]


def tell_daemon(places: Places) -> None:
    """Say how a daemon that is at work hears of the change."""
    process = daemon_at_work(places.find_state())
    if process is not None:
        say(f"a daemon is at work: tell it with kill -HUP {process or 'PROCESS'}, or systemctl reload tocsin")
