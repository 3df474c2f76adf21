"""What the next start, or the next configuration, owes to those who heard that something was wrong.

Of a damaged database nothing may be written into it: what was cried out then is kept in a file beside it.
"""

import json
from datetime import datetime
from pathlib import Path

import structlog

from monitor.alerts.alarms import over, reload_mended
from monitor.app.house import House
from monitor.errors import StoreError
from monitor.model.alerts import Alert
from monitor.model.troubles import Cause, Trouble

CRIED_OUT = "damage-told.json"
"""in the state directory, while the damage was told and not yet what became of it"""


async def accepted(house: House) -> None:
    """A configuration is in force: say so to those who heard that one was refused, also by a process that is gone."""
    try:
        refused = [one for one in await house.store.troubles.known() if one.cause is Cause.RELOAD]
    except StoreError as error:
        structlog.get_logger().error("whether a reload was refused is not known", error=str(error))
        return
    for alarm in reload_mended(refused, now=house.clock.now(), channels=house.watch.channels):
        await put(house, alarm)


async def sound(house: House, state: Path) -> None:
    """The database is in use: say so where its damage was told before."""
    note = state / CRIED_OUT
    try:
        told = json.loads(note.read_text(encoding="utf-8"))
        since = datetime.fromisoformat(told["since"])
    except FileNotFoundError:
        return
    except (OSError, ValueError, KeyError, TypeError):
        note.unlink(missing_ok=True)  # nobody can tell what it said
        return
    trouble = Trouble(cause=Cause.STORE, subject="the database", about="the database", since=since)
    says = (
        f"the database can be used again after it was found damaged at {since:%Y-%m-%d %H:%M} UTC; "
        "what was published since then and is still in the feeds is told now"
    )
    if await put(house, over((trouble,), says, now=house.clock.now(), channels=house.watch.hear_alarms)):
        note.unlink(missing_ok=True)


def cried_out(state: Path, at: datetime) -> None:
    """The channels were told that the database is damaged."""
    try:
        (state / CRIED_OUT).write_text(json.dumps({"since": at.isoformat()}), encoding="utf-8")
    except OSError as error:
        structlog.get_logger().warning("that the damage was told cannot be kept", error=error.strerror)


async def put(house: House, alarm: Alert) -> bool:
    """Put an alarm into the outbox; where it cannot be written, the log says what it would have said."""
    try:
        await house.store.outbox.settle((), (), "", (alarm,))
    except StoreError as error:
        structlog.get_logger().error("an alarm could not be kept", alarm=alarm.content.title, error=str(error))
        return False
    return True
