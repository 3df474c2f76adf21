"""What the store said was due, and what of it still waits, the longest overdue first."""

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterator

from monitor.app.house import House
from monitor.model.polls import FeedId, FeedState

EACH = 8
"""feeds of one origin that are looked at: they wait for one another, and however many there are hide no others"""
_MOST = 1024
"""feeds that wait; if none of them may start, others hardly may"""


class Waiting:
    """Feeds that are due. Empty, and about no house, it says nothing."""

    def __init__(self, *, monotonic: Callable[[], float], house: House | None = None) -> None:
        """It counts for this very house, another may watch other feeds, and until `keep_until` says that it is old."""
        self._monotonic = monotonic
        self._house = house
        self._until = math.inf
        self._feeds: dict[FeedId, FeedState] = {}
        self._of_origin: Counter[str] = Counter()
        self._crowded: set[str] = set()
        self._is_whole = False

    def keep_until(self, moment: float) -> None:
        """It counts until then, by `monotonic`."""
        self._until = moment

    def add(self, due: Collection[FeedState], *, is_whole: bool) -> None:
        """More that is due. `is_whole`: the store had no more to say, but for origins of which it was told enough."""
        seen = Counter(feed.origin for feed in due)
        crowding = {origin for origin, count in seen.items() if count >= EACH}
        self._feeds |= {feed.id: feed for feed in due}
        self._of_origin += seen
        self._crowded |= crowding
        self._is_whole = is_whole and not crowding

    @property
    def feeds(self) -> frozenset[FeedId]:
        """Those that wait."""
        return frozenset(self._feeds)

    @property
    def crowded(self) -> frozenset[str]:
        """Origins of which there may be more in the store."""
        return frozenset(self._crowded)

    def of(self, house: House) -> Iterator[FeedState]:
        """What waits, if it was asked of this very house a moment ago."""
        return iter(tuple(self._feeds.values()) if self.is_fresh(house) else ())

    def forget(self, feed: FeedState) -> None:
        """It waits no longer. With the last one known of a crowded origin it is time to ask again."""
        del self._feeds[feed.id]
        self._of_origin[feed.origin] -= 1
        if not self._of_origin[feed.origin] and feed.origin in self._crowded:
            self._house = None

    def suffices(self, house: House) -> bool:
        """Whether asking again would tell nothing new yet."""
        return self.is_fresh(house) and (self._is_whole or len(self._feeds) >= _MOST)

    def is_fresh(self, house: House) -> bool:
        """Whether it was asked of this house a moment ago."""
        return self._house is house and self._monotonic() < self._until
