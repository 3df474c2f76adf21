"""How rare each word is in the news that passes by: document frequencies in bounded memory, without the words.

A word is known by its number, a 32-bit hash of its stem, and counted in one of 2^19 counters, so that the table takes
2 MB however many words a year brings. Two words that share a counter look as common as both together: the rarer of
them then weighs somewhat less than it should, which for a few words in a hundred is no harm. When more documents
were counted than a cap allows, all counters are halved: what the news of last year spoke of is forgotten by and by.

A new installation begins with `starting()`: how often the common words stand in 23,000 English headlines of many
outlets, and in some 770 Russian and Ukrainian articles, whose counts are scaled to as many documents. These are our
own counts, by number alone.
"""

import math
import sys
import zlib
from array import array
from base64 import b85decode
from collections.abc import Iterable

from monitor.stories.starting_words import COUNTS, DOCUMENTS

_SLOTS = 1 << 19
_SLOT = _SLOTS - 1
_SCALE = 12
"""of weights: a word that no document has weighs 12 ln(documents), some 120, and twice that fits a byte"""
_HIGHEST = 250
_ROUNDED = 2
"""documents by which a weight is taken for another too early: what is worked out of logarithms is not exact"""
_MOST_DOCUMENTS = 2_000_000
_MAGIC = b"tv1"


class VocabularyDamaged(ValueError):
    """Bytes that `freeze` has not made."""


def word_number(stem: str) -> int:
    """The number of a stem: 32 bits, the same in every process; two stems in some four thousand million share one."""
    return zlib.crc32(stem.encode("utf-8", "surrogatepass"))


class _Weights(dict[int, int]):
    """Documents with a word → its weight, among so many documents. Each is kept until the growing number changes it."""

    def __init__(self) -> None:
        """Know none yet."""
        super().__init__()
        self.documents = 0
        self._ending: dict[int, list[int]] = {}
        """number of documents → the counts whose weights are not to be kept from then on"""

    def grow(self) -> None:
        """There is one document more."""
        self.documents += 1
        for count in self._ending.pop(self.documents, ()):
            del self[count]

    def forget(self, documents: int) -> None:
        """There are so many documents, not those that there were."""
        self.clear()
        self._ending.clear()
        self.documents = documents

    def __missing__(self, count: int) -> int:
        """Work it out."""
        weight = max(1, round(_SCALE * math.log((self.documents + 2) / (count + 1))))
        next_weight_at = int((count + 1) * math.exp((weight + 0.5) / _SCALE)) - 2 - _ROUNDED
        self._ending.setdefault(max(next_weight_at, self.documents + 1), []).append(count)
        weight = self[count] = min(_HIGHEST, weight)
        return weight


class Vocabulary:
    """How many documents have each word. What it says depends on the sequence of `learn` and `unlearn` alone."""

    __slots__ = ("_counts", "_known")

    def __init__(self) -> None:
        """Know nothing: every word is as rare as another."""
        self._counts = array("I", bytes(4 * _SLOTS))
        self._known = _Weights()

    @property
    def documents(self) -> int:
        """How many were counted, and not taken back or forgotten."""
        return self._known.documents

    def learn(self, words: Iterable[int]) -> None:
        """Count one more document with these distinct words."""
        if self.documents >= _MOST_DOCUMENTS:
            self._halve()
        counts = self._counts
        for slot in {word & _SLOT for word in words}:
            counts[slot] += 1
        self._known.grow()

    def unlearn(self, words: Iterable[int]) -> None:
        """Take back one `learn` of the same words; what was forgotten since is not taken back twice."""
        counts = self._counts
        for slot in {word & _SLOT for word in words}:
            if counts[slot]:
                counts[slot] -= 1
        self._known.forget(max(0, self.documents - 1))

    def weight(self, word: int) -> int:
        """How much it says that two texts share the word: 12 ln(documents / documents with it), 1 to 250."""
        return self.weights((word,))[0]

    def weights(self, words: Iterable[int]) -> list[int]:
        """The weight of each of the words."""
        counts = self._counts
        return list(map(self._known.__getitem__, [counts[word & _SLOT] for word in words]))

    def freeze(self) -> bytes:
        """The whole state, compressed; some 20 ms."""
        counts = self._counts
        if sys.byteorder == "big":
            counts = array("I", counts)
            counts.byteswap()
        return _MAGIC + self.documents.to_bytes(8, "little") + zlib.compress(counts.tobytes(), 1)

    @classmethod
    def thaw(cls, frozen: bytes) -> "Vocabulary":
        """The vocabulary that was frozen; raises VocabularyDamaged where the bytes are none."""
        start = len(_MAGIC) + 8
        if frozen[: len(_MAGIC)] != _MAGIC or len(frozen) < start:
            raise VocabularyDamaged
        engine = zlib.decompressobj()
        try:
            plain = engine.decompress(frozen[start:], 4 * _SLOTS + 1)
        except zlib.error as error:
            raise VocabularyDamaged from error
        if len(plain) != 4 * _SLOTS or not engine.eof:
            raise VocabularyDamaged
        known = cls()
        known._counts = _little(plain)
        known._known.forget(int.from_bytes(frozen[len(_MAGIC) : start], "little"))
        return known

    @classmethod
    def starting(cls) -> "Vocabulary":
        """What a new installation knows of the words of news."""
        known = cls()
        plain = zlib.decompress(b85decode(COUNTS))
        half = len(plain) // 2
        for word, count in zip(_little(plain[:half]), _little(plain[half:]), strict=True):
            known._counts[word & _SLOT] += count
        known._known.forget(DOCUMENTS)
        return known

    def _halve(self) -> None:
        self._counts = array("I", (count >> 1 for count in self._counts))
        self._known.forget(self.documents >> 1)


def _little(plain: bytes) -> "array[int]":
    numbers = array("I", plain)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
