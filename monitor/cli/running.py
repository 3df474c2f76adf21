"""`tocsin run` and `tocsin once`."""

import tempfile
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from monitor.cli.options import Config, State, config_path, state_path
from monitor.cli.output import say
from monitor.daemon.serve import once as one_round
from monitor.daemon.serve import rehearse, serve


def run(*, config: Config = None, state: State = None) -> None:
    """Watch, match and deliver until stopped: Ctrl-C or SIGTERM drains, SIGHUP reloads.

    Example: tocsin run --config config --state /var/lib/tocsin
    """
    serve(config_path(config), state_path(state))


def once(
    *,
    config: Config = None,
    state: State = None,
    dry_run: Annotated[
        bool, Parameter(name="--dry-run", negative="", help="Poll and decide, but send and remember nothing.")
    ] = False,
) -> None:
    """One round: poll what is due, deliver what is due, leave.

    A feed seen for the first time gives a baseline: its entries are remembered and alert nobody.

    Example: tocsin once --dry-run
    """
    path, place = config_path(config), state_path(state)
    if not dry_run:
        done = one_round(path, place)
        say(f"polled {done.polled}, alerts {done.alerts}, sent {done.sent}, failed {done.failed}")
        return
    with tempfile.TemporaryDirectory(prefix="tocsin-dry-run-") as folder:
        done = rehearse(path, place, Path(folder))
    say(f"dry run: polled {done.polled}, would raise {done.alerts} alerts; nothing was sent or remembered")
