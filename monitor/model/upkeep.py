"""What is let go of the past, and in which portions."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

Place = tuple[int, int]
"""where a walk has come to; only the store knows what it means"""

START: Place = (-(2**62), 0)
"""before everything"""


class Kind(StrEnum):
    """What can be let go, in the order in which it is."""

    TEXTS = "texts"
    """the words of revisions behind their titles"""
    ENTRIES = "entries"
    """entries with all by which they are recognised, and their stories"""
    ALERTS = "alerts"
    """alerts with their deliveries and messages; of a story still known their bare keys stay"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long is kept what; whatever the figures, never what stands in a feed's window or waits to be sent."""

    seen: timedelta = timedelta(days=365)
    """entries, counted from the last time that they were seen"""
    text: timedelta = timedelta(days=90)
    alerts: timedelta = timedelta(days=365)

    def of(self, kind: Kind) -> timedelta:
        """How long this kind is kept."""
        return {Kind.TEXTS: self.text, Kind.ENTRIES: self.seen, Kind.ALERTS: self.alerts}[kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """So many rows of one kind, from a place on: what is older than `before` goes."""

    kind: Kind
    before: datetime
    after: Place = START
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """How many rows of a portion went, and where to go on; None: the end was reached."""

    gone: int
    after: Place | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupSettings:
    """Copies that the daemon makes of its own accord; `every` None: it makes none."""

    every: timedelta | None = None
    keep: int = 7
