"""What polls remember, and what people do to them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from monitor.model.polls import (
    FeedState,
    Pause,
    PauseKind,
    Refresh,
)
from monitor.model.queue import NONE_APART, Apart, Overdue, PutOff
from monitor.model.stories import Inquiry, Known, Lexicon, PollPlan, Question, Remembered
from monitor.model.views import (
    FeedRow,
)


class Timetable(Protocol):
    """When feeds are to be polled."""

    async def due(self, now: datetime, limit: int, apart: Apart = NONE_APART) -> tuple[FeedState, ...]:
        """Registered feeds to be polled now, longest overdue first.

        None that is gone or paused, or whose origin is held, and none that is set apart.
        """
        ...

    async def overdue(self, now: datetime) -> tuple[Overdue, ...]:
        """All that `due` would give without a limit, and no more of each than its name and time."""
        ...

    async def put_off(self, feeds: Sequence[PutOff], reason: str) -> None:
        """Let overdue feeds be due later, `reason` saying why; one that was polled meanwhile is left alone."""
        ...

    async def retime(self, now: datetime, by: timedelta) -> None:
        """The clock was set by so much, and says `now`: due times, last polls and holds are moved with it.

        A feed that would still have been polled in the future counts as polled now, and what has been so since a moment
        still to come has been so since now; where `by` is zero that is all.
        """
        ...

    async def hasten(
        self,
        beyond: timedelta,
        is_long: Callable[[str, timedelta], bool],
        decide: Callable[[FeedState], FeedState | None],
    ) -> int:
        """Let `decide` look at feeds that rest for long, and write the states that it gives; how many it gave.

        Registered feeds that work are meant, whose last poll and next lie further apart than `beyond`, and of them
        those that `is_long` picks by their address and that length. All in one transaction.
        """
        ...


class PollStore(Timetable, Protocol):
    """The memory of polling."""

    async def register(
        self,
        urls: Sequence[tuple[str, datetime]],
        outlets: Mapping[str, Collection[str]] | None = None,
        *,
        is_read: bool = True,
    ) -> tuple[FeedState, ...]:
        """Make these (url, first poll at) the feeds that are polled; known ones keep their state and due time.

        Feeds that are not named stay in the store but are not due. `outlets` says which outlets name a URL: a feed
        rests where all of them are paused. One that has moved, or is led elsewhere for good, and is named by that
        address alone, is the same feed; so is one whose address is only written otherwise, and that is due at once.
        Returns the states, in the order of `urls`; none where `is_read` is false, which spares reading a hundred
        thousand.
        """
        ...

    async def commit(
        self,
        question: Question,
        decide: Callable[[Known], PollPlan | Inquiry],
        *,
        is_dry: bool = False,
    ) -> PollPlan:
        """Open the write transaction, read what is known, let `decide` decide, write its plan, commit.

        `decide` may answer with an `Inquiry` once: it is then called again with what was told of those stories.
        `decide` must be pure and quick: it runs while the single writer is held, which is what makes two polls
        that bring the same story decide one after the other. With `is_dry` nothing is written.
        Alerts whose dedupe key exists are not written again, nor are their deliveries; the returned plan holds
        those that were written. Raises StoreError; then nothing was written.
        """
        ...


class RefusalStore(Protocol):
    """Which domains count as one server, since several of their servers have refused to be asked."""

    async def note(self, domain: str, at: datetime, *, since: datetime) -> None:
        """Such a domain has refused. Those that have not refused after `since` are forgotten."""
        ...

    async def known(self, since: datetime) -> Mapping[str, datetime]:
        """The domains that have refused after a moment, and when they did last."""
        ...


class FeedDesk(Protocol):
    """What people do to polling by hand, while a daemon may be at work."""

    async def hasten(
        self, urls: Collection[str], decide: Callable[[FeedState, datetime | None], Refresh]
    ) -> tuple[Refresh, ...]:
        """Let `decide`, given a registered feed and how long its origin is held, say when it is polled; write that.

        All in one transaction, in the order of `urls`; addresses that are not registered are left out.
        """
        ...

    async def look(self, urls: Collection[str]) -> tuple[FeedRow, ...]:
        """What is known of registered feeds, in the order of `urls`; other addresses are left out."""
        ...

    async def pause(self, pause: Pause) -> None:
        """Let an outlet or a feed rest; a pause of the same takes the place of an earlier one."""
        ...

    async def resume(self, kind: PauseKind, subject: str) -> Pause | None:
        """End a pause; the one that was ended."""
        ...


class Recall(Protocol):
    """What likeness is rebuilt from when a process starts."""

    async def lexicon(self) -> Lexicon:
        """The counts of words that were written last."""
        ...

    async def entries(self, after: int, since: datetime, limit: int) -> tuple[Remembered, ...]:
        """Entries behind a place whose newest words came at `since` or later, in the order of places."""
        ...

    async def uncounted(self, after: int, limit: int) -> tuple[Remembered, ...]:
        """Entries behind a place, whenever they came, as far as their sketches are kept, in the order of places."""
        ...

    async def last_move(self) -> int:
        """Serial of the last move by hand; 0: there was none."""
        ...
