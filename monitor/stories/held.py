"""An entry that is held in memory, and the story that such entries tell."""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from monitor.model.polls import FeedId
from monitor.model.stories import Home
from monitor.stories.profile import Profile
from monitor.stories.sketch import Sketch, pack, unpack

_HEADLINE = 8
_PUBLISHER = 4
_SKETCH = _HEADLINE + _PUBLISHER

Place = tuple[datetime, int]
"""Where an entry stands among others: by its moment, then by its key. The same in every process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An entry, with no more than is needed to place others."""

    key: int
    feed: FeedId
    home: Home
    seen_at: datetime
    """when its newest words came"""
    trace: bytes
    """of these words"""

    @property
    def place(self) -> Place:
        """Where it stands among others."""
        return self.seen_at, self.key

    @property
    def headline(self) -> int:
        """See `headlines.headline_number`."""
        return int.from_bytes(self.trace[:_HEADLINE], "big")

    @property
    def publisher(self) -> bytes:
        """Tells who published it from others."""
        return self.trace[_HEADLINE:_SKETCH]

    @property
    def sketch(self) -> Sketch:
        """See `sketch`; a new one each time, so that its tables do not outlive their use."""
        return Sketch(self.trace[_SKETCH:])


def held_key(feed: FeedId, entry_key: str) -> int:
    """A number of 64 bits for an entry of a feed: keys are as long as addresses, and there are many."""
    name = f"{feed} {entry_key}".encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(name, digest_size=8).digest(), "big")


def traced(headline: int, publisher: bytes, sketch: Sketch) -> bytes:
    """What the store keeps of the words of an entry."""
    return headline.to_bytes(_HEADLINE, "big") + publisher + pack(sketch)


def publisher_number(name: str) -> bytes:
    """What tells a publisher from others in a trace."""
    return blake2b(name.encode("utf-8", "surrogatepass"), digest_size=_PUBLISHER).digest()


def sketch_in(trace: bytes) -> Sketch:
    """The sketch in what the store kept. Raises NotASketch where `traced` has not made it, or made it differently."""
    return unpack(trace[_SKETCH:])


class Story:
    """The entries of one story that are held, in the order of their places."""

    __slots__ = ("_counts", "_length", "_places", "_publishers", "entries", "key", "profile")

    def __init__(self, key: str) -> None:
        """An empty one."""
        self.key = key
        self.entries: dict[int, Held] = {}
        self.profile: Profile | None = None
        """of all entries; None where nobody has asked lately"""
        self._publishers: set[bytes] | None = None
        """as long as there is a profile"""
        self._places: list[Place] = []
        self._length = 0
        self._counts: Counter[int] | None = None
        """how many entries have a word; None while there is one entry"""

    @property
    def length(self) -> int:
        """The usual length of the lead of its entries."""
        return self._length // len(self.entries)

    def nearness(self, lead: Mapping[int, int], length: int) -> float:
        """The mean of the cosines of a lead with those of its entries, roughly: as if all weighed their words alike."""
        counts = self._counts
        if counts is None:
            return 1.0
        shared = sum([weight * weight * counts[word] for word, weight in lead.items() if word in counts])
        return shared / (length * self._length)

    def add(self, one: Held, sketch: Sketch) -> Sequence[int]:
        """Take an entry in; the words that the story did not have before."""
        words = sketch.words
        if not self.entries:
            new: Sequence[int] = words
        else:
            counts = self._counts
            if counts is None:
                (only,) = self.entries.values()
                counts = self._counts = Counter(only.sketch.words)
            new = [word for word in words if word not in counts]
            counts.update(words)
        self.entries[one.key] = one
        insort(self._places, one.place)
        self._length += sketch.length
        self._changed(one, sketch)
        return new

    def remove(self, one: Held) -> Sequence[int]:
        """Let an entry go; the words that the story has no longer."""
        sketch = one.sketch
        words = sketch.words
        del self.entries[one.key]
        del self._places[bisect_left(self._places, one.place)]
        self._length -= sketch.length
        self.rest()
        counts = self._counts
        if counts is None:
            return words
        counts.subtract(words)
        lost = [word for word in words if not counts[word]]
        for word in lost:
            del counts[word]
        if len(self.entries) == 1:
            self._counts = None
        return lost

    def in_order(self) -> Iterable[Held]:
        """Its entries, the oldest first."""
        return (self.entries[key] for _, key in self._places)

    def profiled(self) -> Profile:
        """What they have in common."""
        if self.profile is None:
            self.profile = Profile(one.sketch for one in self.in_order())
            self._publishers = {one.publisher for one in self.entries.values()}
        return self.profile

    def rest(self) -> None:
        """Nobody asks at present: let go of what can be worked out again."""
        self.profile = self._publishers = None

    def is_all_of(self, publisher: bytes) -> bool:
        """Whether nobody else has published it. Asked of a story that is profiled."""
        return self._publishers == {publisher}

    def _changed(self, one: Held, sketch: Sketch) -> None:
        if self.profile is None:
            return
        if self._places[-1] == one.place:
            self.profile.add(sketch)
            self._publishers = (self._publishers or set()) | {one.publisher}
        else:
            self.rest()
