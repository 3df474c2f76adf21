"""`tocsin run` and `tocsin once`."""

import tempfile
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from monitor.cli.options import ANYWHERE, Places
from monitor.cli.output import say
from monitor.daemon.serve import once as one_round
from monitor.daemon.serve import rehearse, serve


def run(*, places: Places = ANYWHERE) -> None:
    """The daemon, in the foreground. Raises ConfigurationError, AlreadyRunning, StoreError."""
    serve(places.find_config(), places.find_state())


def once(
    *,
    places: Places = ANYWHERE,
    dry_run: Annotated[
        bool,
        Parameter(
            name="--dry-run", negative="", show_default=False, help="Poll and decide, but send and remember nothing."
        ),
    ] = False,
) -> None:
    """One round, or a rehearsal of one. Raises ConfigurationError, AlreadyRunning, StoreError."""
    config, state = places.find_config(), places.find_state()
    if not dry_run:
        done = one_round(config, state)
        say(f"polled {done.polled}, alerts {done.alerts}, sent {done.sent}, failed {done.failed}")
        return
    with tempfile.TemporaryDirectory(prefix="tocsin-dry-run-") as folder:
        done = rehearse(config, state, Path(folder))
    say(f"dry run: polled {done.polled}, would raise {done.alerts} alerts; nothing was sent or remembered")
