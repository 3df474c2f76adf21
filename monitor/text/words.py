"""A text cut into words once, for however many rules and entities will look at it."""

from collections.abc import Iterator

from monitor.text.tokens import spans, terms

Phrase = tuple[str, ...]
"""Folded terms that stand one after another."""


class Words:
    """The words of one text. Positions and offsets are worked out when a rule first asks: few texts concern any."""

    __slots__ = ("_positions", "_spans", "terms", "text", "vocabulary")

    def __init__(self, text: str) -> None:
        """Cut `text` into its terms, and do no more yet."""
        self.text = text
        self.terms = terms(text)
        self.vocabulary = frozenset(self.terms)
        self._positions: dict[str, list[int]] = {}
        self._spans: list[tuple[int, int]] | None = None

    def places(self, phrase: Phrase) -> list[int]:
        """Return the positions, counted in words, at which `phrase` begins."""
        # Most words that are asked for are not there: a set says so at once, and only the others are looked up.
        if phrase[0] not in self.vocabulary:
            return []
        found = self._positions.get(phrase[0])
        if found is None:
            found = self._positions[phrase[0]] = list(self._find(phrase[0]))
        if len(phrase) == 1:
            return found
        wanted = list(phrase)
        return [at for at in found if self.terms[at : at + len(wanted)] == wanted]

    def _find(self, term: str) -> Iterator[int]:
        at = -1
        for _ in range(self.terms.count(term)):
            at = self.terms.index(term, at + 1)
            yield at

    def span(self, first: int, end: int) -> tuple[int, int]:
        """Return the code points of the words from `first` up to, not including, `end`."""
        if self._spans is None:
            self._spans = spans(self.text)
        return self._spans[first][0], self._spans[end - 1][1]
