"""A text cut into words once, for however many rules and entities will look at it."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator

from monitor.text.stems import Stems
from monitor.text.tokens import spans, terms

Phrase = tuple[str, ...]
"""Folded terms that stand one after another."""


class Words:
    """The words of one text. Positions and offsets are worked out when a rule first asks: few texts concern any."""

    __slots__ = ("_by_stem", "_ordered", "_positions", "_spans", "terms", "text", "vocabulary")

    def __init__(self, text: str) -> None:
        """Cut `text` into its terms, and do no more yet."""
        self.text = text
        self.terms = terms(text)
        self.vocabulary = frozenset(self.terms)
        self._positions: dict[str, list[int]] = {}
        self._ordered: list[str] | None = None
        self._by_stem: tuple[str, dict[str, list[str]]] | None = None
        self._spans: list[tuple[int, int]] | None = None

    def places(self, phrase: Phrase) -> list[int]:
        """Return the positions, counted in words, at which `phrase` begins."""
        # Most words that are asked for are not there: a set says so at once, and only the others are looked up.
        if phrase[0] not in self.vocabulary:
            return []
        found = self._positions.get(phrase[0])
        if found is None:
            if len(self._positions) >= _FEW:
                self._index()
                found = self._positions[phrase[0]]
            else:
                found = self._positions[phrase[0]] = list(self._find(phrase[0]))
        if len(phrase) == 1:
            return found
        wanted = list(phrase)
        return [at for at in found if self.terms[at : at + len(wanted)] == wanted]

    def standing(self, terms: Collection[str]) -> list[int]:
        """Return the positions of any of these terms, in order."""
        if len(terms) > _FEW:
            self._index()
        return sorted(at for term in terms for at in self.places((term,)))

    def beginning(self, start: str) -> list[int]:
        """Return the positions of the words that begin with these folded letters, in order."""
        if self._ordered is None:
            self._ordered = sorted(self.vocabulary)
        first = end = bisect_left(self._ordered, start)
        while end < len(self._ordered) and self._ordered[end].startswith(start):
            end += 1
        return self.standing(self._ordered[first:end])

    def sharing(self, term: str, stems: Stems, language: str) -> list[int]:
        """Return the positions of the words that have the same stem as `term` in a language, in order."""
        if self._by_stem is None or self._by_stem[0] != language:
            by_stem: dict[str, list[str]] = {}
            for each in self.vocabulary:
                by_stem.setdefault(stems.stem(each, language), []).append(each)
            self._by_stem = language, by_stem
        return self.standing(self._by_stem[1].get(stems.stem(term, language), ()))

    def touched(self, start: int, stop: int) -> tuple[int, int]:
        """Return the range of words that these code points lie in, also in part; an empty one where in none."""
        places = self._places()
        first = bisect_right(places, start, key=lambda place: place[1])
        return first, max(first, bisect_left(places, stop, key=lambda place: place[0]))

    def _index(self) -> None:
        """Find all terms at once, where to find one after another would go through the text each time."""
        if len(self._positions) < len(self.vocabulary):
            positions: dict[str, list[int]] = {}
            for at, term in enumerate(self.terms):
                positions.setdefault(term, []).append(at)
            self._positions = positions

    def _find(self, term: str) -> Iterator[int]:
        at = -1
        for _ in range(self.terms.count(term)):
            at = self.terms.index(term, at + 1)
            yield at

    def span(self, first: int, end: int) -> tuple[int, int]:
        """Return the code points of the words from `first` up to, not including, `end`."""
        places = self._places()
        return places[first][0], places[end - 1][1]

    def _places(self) -> list[tuple[int, int]]:
        if self._spans is None:
            self._spans = spans(self.text)
        return self._spans


_FEW = 8
"""terms that are looked for one by one"""
