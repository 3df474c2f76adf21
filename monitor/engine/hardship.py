"""Tell of a database that cannot be written for a while: the outbox cannot, so the channels are asked directly.

At most once a day, for who repeats himself is not listened to; the end goes through the outbox, which works again.
"""

from datetime import date, datetime, timedelta

import structlog

from monitor.alerts.alarms import over
from monitor.alerts.lines import minute
from monitor.app.house import House
from monitor.engine.reports import Trouble as StoreTrouble
from monitor.flow.outcry import cry_out
from monitor.model.troubles import Cause, Trouble

TOLD_AFTER = 300.0
"""seconds for which the store must have failed: a backup of another program may lock it for a minute"""


class Hardship:
    """Whether it was told that the store fails, and that it does no more."""

    def __init__(self, trouble: StoreTrouble) -> None:
        """`trouble` knows of every failure."""
        self._trouble = trouble
        self._told_on: date | None = None
        self._since: datetime | None = None

    async def look(self, house: House) -> None:
        """Tell what there is to tell. Raises StoreError."""
        now = house.clock.now()
        lasts = self._trouble.lasts()
        if lasts >= TOLD_AFTER:
            since = now - timedelta(seconds=lasts)
            if self._told_on != now.date():
                self._told_on, self._since = now.date(), self._since or since
                await self._cry(house, since, now)
        elif not lasts and self._since is not None:
            trouble = Trouble(cause=Cause.STORE, subject="writing", about="the database", since=self._since)
            says = (
                f"the database can be written again, after trouble since {minute(self._since)}; "
                "what waited is sent, what was published meanwhile is read as far as the feeds still have it"
            )
            note = over((trouble,), says, now=now, channels=house.watch.hear_alarms)
            await house.store.outbox.settle((), (), "", (note,))
            self._since = None

    async def _cry(self, house: House, since: datetime, now: datetime) -> None:
        says = (
            f"the database cannot be written since {minute(since)}: {self._trouble.last}; "
            "nothing else is sent until it can, so that nothing is told twice, and nothing is lost; "
            "make room on its disk, or end what locks it"
        )
        hear = {name: channel for name, channel in house.channels.items() if name in house.watch.hear_alarms}
        took = await cry_out(hear, says, now, stops=False)
        structlog.get_logger().error("channels were told that the store fails", channels=sorted(took))
