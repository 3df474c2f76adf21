"""`retention:` and `backup:`, what becomes of the database over the years."""

from typing import Annotated

from pydantic import Field

from monitor.config.shape.fields import Duration, Section
from monitor.model.upkeep import BackupSettings, Retention

_KEPT = Retention()
_COPIES = BackupSettings()


class RetentionSection(Section):
    """How long is kept what. What stands in a feed's window or waits to be sent stays, whatever is written here."""

    seen: Duration = _KEPT.seen
    """Entries and stories, from when they were last seen in their feed. Default: 365d."""
    text: Duration = _KEPT.text
    """The words behind the headlines. Default: 90d."""
    alerts: Duration = _KEPT.alerts
    """Alerts with their deliveries. Default: 365d."""

    def settings(self) -> Retention:
        """The plain data."""
        return Retention(seen=self.seen, text=self.text, alerts=self.alerts)


class Backup(Section):
    """Copies of the database that the daemon makes in the folder backups beside it."""

    every: Duration | None = None
    """How often, such as 1d. Default: never; tocsin db backup makes one at any time."""
    keep: Annotated[int, Field(strict=True, ge=1, le=1000)] = _COPIES.keep
    """How many of them are kept. Default: 7."""

    def settings(self) -> BackupSettings:
        """The plain data."""
        return BackupSettings(every=self.every, keep=self.keep)
