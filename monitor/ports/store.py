"""All that is stored, behind one door."""

from typing import Protocol

from monitor.ports.outbox import OutboxStore, SortingStore
from monitor.ports.past import ViewStore
from monitor.ports.polling import PollStore, Recall, RefusalStore
from monitor.ports.upkeep import SilenceStore, TroubleStore, UpkeepStore


class Store(Protocol):
    """The memories of a tocsin, opened and closed together."""

    @property
    def polls(self) -> PollStore:
        """The memory of polling."""
        ...

    @property
    def refusals(self) -> RefusalStore:
        """Who has refused to be asked."""
        ...

    @property
    def outbox(self) -> OutboxStore:
        """What is not delivered yet."""
        ...

    @property
    def sorting(self) -> SortingStore:
        """What is not on its way yet."""
        ...

    @property
    def views(self) -> ViewStore:
        """Answers about the past."""
        ...

    @property
    def recall(self) -> Recall:
        """What likeness is rebuilt from."""
        ...

    @property
    def troubles(self) -> TroubleStore:
        """What is wrong with ourselves."""
        ...

    @property
    def silence(self) -> SilenceStore:
        """What used to be heard."""
        ...

    @property
    def upkeep(self) -> UpkeepStore:
        """What keeps it sound."""
        ...

    async def close(self) -> None:
        """Finish what was asked for, then let go."""
        ...
