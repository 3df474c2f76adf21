"""Remembers what words lead to, since the same words come in story after story. Bounded."""

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

Found = TypeVar("Found")


class Memory(Generic[Found]):
    """What a search finds for a word, looked up once for a word and then remembered for a time.

    Most words lead nowhere: those are taken out of a set of words at once, without a look at each.
    """

    __slots__ = ("_barren", "_find", "_fruitful")

    def __init__(self, find: Callable[[str], Iterable[Found]]) -> None:
        """Remember nothing yet; `find` must give the same for the same word each time."""
        self._find = find
        self._barren: set[str] = set()
        self._fruitful: dict[str, tuple[Found, ...]] = {}

    def under(self, words: frozenset[str]) -> list[tuple[Found, ...]]:
        """Return what each of these words leads to, in no order."""
        known = self._fruitful.get
        return [known(word) or self._look(word) for word in words - self._barren]

    def _look(self, word: str) -> tuple[Found, ...]:
        found = tuple(self._find(word))
        if len(word) > _LONGEST:
            return found
        if len(self._barren) + len(self._fruitful) >= _MOST:
            self._barren.clear()
            self._fruitful.clear()
        if found:
            self._fruitful[word] = found
        else:
            self._barren.add(word)
        return found


_LONGEST = 40
"""characters of a word that is remembered: no real word is longer"""
_MOST = 50_000
"""words remembered, some 5 MB; then all are forgotten, which is cheaper than to choose"""
