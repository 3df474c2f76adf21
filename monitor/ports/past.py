"""What was stored of stories, entries and alerts, for whoever asks or corrects it."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from monitor.model.moves import Corrected, Hand, Refused
from monitor.model.past import Extent, PastRevision
from monitor.model.views import (
    AlertRow,
    DeliveryHistory,
    DeliveryRow,
    History,
    Named,
    Status,
    StoryHistory,
    StoryRow,
)


class ViewStore(Protocol):
    """Answers about the past, for people."""

    async def status(self) -> Status:
        """Feeds, counts and the last alerts."""
        ...

    async def alerts(self, limit: int) -> tuple[AlertRow, ...]:
        """Newest first."""
        ...

    async def outbox(self, limit: int, states: Collection[str]) -> tuple[DeliveryRow, ...]:
        """Deliveries in these states, oldest first."""
        ...

    async def history(self, link_key: str, link: str) -> History:
        """Everything known of an entry with this canonical link key, or of an alert with this link."""
        ...


class StoryDesk(Protocol):
    """What people do to stories by hand, while a daemon may be at work: it hears of it at its next poll.

    Alerts stay with the story that they were raised for. What somebody decided holds for good: no poll moves an entry
    back, and a key that led to a merged story leads to the other one from then on.
    """

    async def split(
        self, story: str, entries: Collection[str], hand: Hand, *, is_dry: bool = False
    ) -> Corrected | Refused:
        """Give some entries of a story a story of their own, all by their public ids; with `is_dry` only say so.

        The rules that have fired for the story count as fired for the new one.
        """
        ...

    async def merge(
        self, stories: Collection[str], into: str, hand: Hand, *, is_dry: bool = False
    ) -> Corrected | Refused:
        """Make stories a part of another, by their public ids; all of them or none. With `is_dry` only say so.

        A rule has fired from then on if it has for one of them.
        """
        ...


class Archive(Protocol):
    """Single things told whole, for people."""

    async def names(self, what: Named, prefix: str, limit: int) -> tuple[str, ...]:
        """Public ids of that kind which begin with `prefix`, in order."""
        ...

    async def alert(self, public_id: str) -> AlertRow | None:
        """The alert of that public id."""
        ...

    async def deliveries(self, public_id: str) -> tuple[DeliveryHistory, ...]:
        """The deliveries of the alert, or of the message, of that public id, oldest first."""
        ...

    async def stories(self, limit: int, since: datetime | None, outlet: str) -> tuple[StoryRow, ...]:
        """Newest first: those founded at `since` or later, and those that an outlet carries, where that is said."""
        ...

    async def story(self, public_id: str) -> StoryHistory | None:
        """The story of that public id."""
        ...


class Annals(Protocol):
    """What entries said, in the order in which it was stored: read in portions, while a daemon may be at work."""

    async def extent(self) -> Extent:
        """Where it begins and ends at this moment."""
        ...

    async def revisions(
        self, places: tuple[int, int], since: datetime, until: datetime | None
    ) -> tuple[PastRevision, ...]:
        """Those between two places, the second left out, that were seen at `since` or later and before `until`."""
        ...
