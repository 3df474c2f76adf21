"""What is looked after: the database itself, troubles, silence."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from monitor.model.holding import MuteKind
from monitor.model.rules import RuleName
from monitor.model.silence import Heard, Span
from monitor.model.silence import Portion as FeedPortion
from monitor.model.troubles import FeedHealth, Room, Trouble
from monitor.model.upkeep import Portion, Swept


class UpkeepStore(Protocol):
    """What keeps the memory sound over the years."""

    async def sweep(self, portion: Portion, *, is_dry: bool = False) -> Swept:
        """Let go of what is spent in a portion, in one transaction; with `is_dry` only count it. Raises StoreError."""
        ...

    async def tidy(self) -> None:
        """Give back what the log of writes holds, as far as nobody reads it just now. Raises StoreError."""
        ...

    async def check(self) -> None:
        """Read every page, while polls go on; StoreDamaged if one is bad."""
        ...

    async def is_in_place(self) -> bool:
        """Whether the file that is written to is still the one that the next start will find."""
        ...

    async def back_up(self, at: datetime, keep: int, every: timedelta | None = None) -> Path | None:
        """A whole copy, tried and on the disk, beside the last `keep` of them; None: the last is younger than `every`.

        Polls go on meanwhile. Raises StoreError; then there is no new copy.
        """
        ...


class TroubleStore(Protocol):
    """What is wrong with ourselves. Alarms and notes write to it with themselves."""

    async def known(self) -> tuple[Trouble, ...]:
        """What was told and is not over, oldest first."""
        ...

    async def feeds(self) -> FeedHealth:
        """How the feeds of the configuration fare."""
        ...

    async def refusing(self) -> tuple[str, ...]:
        """Names of the channels that refused what they were sent last."""
        ...

    async def alerts_since(self, since: datetime) -> int:
        """How many alerts on news were raised since then."""
        ...

    async def room(self) -> Room:
        """What is left where the database lies."""
        ...


class SilenceStore(Protocol):
    """What used to be heard, and who listened when."""

    async def listen(self, now: datetime, *, is_dry: bool = False) -> tuple[Span, ...]:
        """Note that somebody listens at this moment; when somebody did, oldest first. Raises StoreError.

        What lies less than three hours apart is one span. With `is_dry` nothing is noted: it is as if it were.
        """
        ...

    async def feeds(self, after: int, quiet_since: datetime, missed_since: datetime, limit: int) -> FeedPortion:
        """Of the next `limit` feeds by id those of which there may be something to tell.

        They brought nothing new since a moment, entries of theirs may have been missed since another, or they have
        moved.
        """
        ...

    async def heard(
        self, rules: Sequence[tuple[RuleName, str]], quiet_since: datetime, back: timedelta
    ) -> tuple[Heard, ...]:
        """When and where these rules, each with its hash, matched up to their last match, and so far back from it.

        Of rules that matched after `quiet_since` only the last match is told. Rules that never matched are left out,
        and so are matches in what stood in a feed before us.
        """
        ...

    async def hush(self, outlets: Collection[str], now: datetime, *, is_dry: bool = False) -> Mapping[str, datetime]:
        """Note that nothing is to be heard from these outlets; until when that was so, for all that are known.

        With `is_dry` nothing is noted.
        """
        ...

    async def muted(self, kind: MuteKind, now: datetime) -> frozenset[str]:
        """Names of the rules, or the outlets, that somebody does not want to hear of."""
        ...
