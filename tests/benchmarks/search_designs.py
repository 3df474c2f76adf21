"""Ways to find the stories that an entry may belong to, beside the one in use: each knows stories by number."""

import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import combinations
from typing import Protocol

from monitor.stories import candidates
from monitor.stories.candidates import Candidates
from monitor.stories.sketch import Sketch

NEAREST = 5
"""stories that are compared"""
_ROWS, _BANDS = 2, 24
_PAIRED = 7


class Design(Protocol):
    """An index."""

    def add(self, story: int, sketch: Sketch) -> None:
        """Enter an entry of a story."""
        ...

    def near(self, sketch: Sketch) -> list[int]:
        """The nearest stories, the nearest first."""
        ...


class Lists:
    """Stories by word; what is not said is as the program has it. Without few lists `most_met` bounds all of them."""

    def __init__(
        self, *, most_met: int | None = None, few_lists: int | None = None, common: float | None = None
    ) -> None:
        self._index = Candidates()
        self._said = {"_MOST_MET": most_met, "_FEW_LISTS": few_lists, "_COMMON": common}
        if few_lists == 0:
            self._said["_ENOUGH_MET"] = most_met
        self._words: defaultdict[int, set[int]] = defaultdict(set)
        self._lengths: dict[int, int] = {}

    def add(self, story: int, sketch: Sketch) -> None:
        words = self._words[story]
        self._index.add(story, [word for word in sketch.words if word not in words])
        words.update(sketch.words)
        self._lengths[story] = max(sketch.length, self._lengths.get(story, 0))

    def near(self, sketch: Sketch) -> list[int]:
        said = {name: value for name, value in self._said.items() if value is not None}
        before = {name: getattr(candidates, name) for name in said}
        for name, value in said.items():
            setattr(candidates, name, value)
        found = self._index.near(sketch.lead, sketch.length, self._lengths)
        for name, value in before.items():
            setattr(candidates, name, value)
        return [story for _, story in sorted(found, reverse=True)[:NEAREST]]


class ByEntry:
    """Entries by word: no list says a story once; of a story the best entry counts."""

    def __init__(self) -> None:
        self._index = Candidates()
        self._stories: list[int] = []
        self._lengths: dict[int, int] = {}

    def add(self, story: int, sketch: Sketch) -> None:
        number = len(self._stories)
        self._stories.append(story)
        self._index.add(number, sketch.words)
        self._lengths[number] = sketch.length

    def near(self, sketch: Sketch) -> list[int]:
        found = self._index.near(sketch.lead, sketch.length, self._lengths)
        stories = dict.fromkeys(self._stories[entry] for _, entry in sorted(found, reverse=True))
        return list(stories)[:NEAREST]


class Buckets:
    """Stories by keys that two like entries probably share; those with the most keys in common are nearest."""

    def __init__(self, keys: Callable[[Mapping[int, int]], Iterable[int]]) -> None:
        self._keys = keys
        self._having: defaultdict[int, dict[int, None]] = defaultdict(dict)

    def add(self, story: int, sketch: Sketch) -> None:
        for key in self._keys(sketch.lead):
            self._having[key][story] = None

    def near(self, sketch: Sketch) -> list[int]:
        met: defaultdict[int, int] = defaultdict(int)
        for key in self._keys(sketch.lead):
            for story in self._having.get(key, ()):
                met[story] += 1
        return sorted(met, key=lambda story: (-met[story], story))[:NEAREST]


def minhash(lead: Mapping[int, int]) -> Iterable[int]:
    """Bands of the smallest hashes of the words: entries with half of their words in common share one nearly always."""
    for band in range(_BANDS):
        rows = (
            [
                min((word * (2 * row + 1) ^ (word >> 7) * (row + 77)) & 0xFFFFFFFF for word in lead)
                for row in range(band * _ROWS + 1, band * _ROWS + _ROWS + 1)
            ]
            if lead
            else []
        )
        yield zlib.crc32(repr((band, rows)).encode())


def rare_pairs(lead: Mapping[int, int]) -> Iterable[int]:
    """Pairs of the heaviest words: short lists, whatever is held."""
    heaviest = sorted(sorted(lead, key=lambda word: (-lead[word], word))[:_PAIRED])
    return (one << 32 | other for one, other in combinations(heaviest, 2))


DESIGNS: Mapping[str, Callable[[], Design]] = {
    "stories by word (ours)": Lists,
    "the same, every list": lambda: Lists(most_met=1 << 60, few_lists=1 << 60, common=0.0),
    "the same, 200 met": lambda: Lists(most_met=200, few_lists=0),
    "the same, 2,000 met": lambda: Lists(few_lists=1 << 60),
    "entries by word": ByEntry,
    f"MinHash, {_BANDS} bands of {_ROWS}": lambda: Buckets(minhash),
    f"pairs of {_PAIRED} heavy words": lambda: Buckets(rare_pairs),
}
