"""How documents were read within the last hour, over all feeds."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.model.polls import FailureKind, FetchFailed
from monitor.model.troubles import Reading

WINDOW = timedelta(hours=1)
_UNREADABLE = frozenset({FailureKind.CONTENT, FailureKind.BROKE})


@dataclass(slots=True, kw_only=True)
class Tally:
    """The last verdict on the document of each feed: one that is asked often counts no more than the others."""

    since: datetime
    """when counting began"""
    last: dict[str, tuple[datetime, FailureKind | None]] = field(default_factory=dict)
    """by feed; None: it was read"""

    def note(self, url: str, outcome: object, now: datetime) -> None:
        """A poll of this feed had this outcome. What gave no document says nothing of reading."""
        if not isinstance(outcome, FetchFailed):
            self.last[url] = (now, None)
        elif outcome.kind in _UNREADABLE:
            self.last[url] = (now, outcome.kind)

    def reading(self, now: datetime) -> Reading:
        """What it comes to."""
        self.last = {url: one for url, one in self.last.items() if now - one[0] <= WINDOW}
        kinds = [kind for _, kind in self.last.values()]
        return Reading(
            documents=len(kinds),
            killed=kinds.count(FailureKind.BROKE),
            refused=sum(kind is not None for kind in kinds),
            is_whole_hour=now - self.since >= WINDOW,
        )
