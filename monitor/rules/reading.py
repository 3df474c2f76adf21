"""A view cut into words once, for however many rules will look at it."""

from collections.abc import Iterator

from monitor.entities.roster import Phrase
from monitor.model.rules import View
from monitor.rules.tree import TEXT_FIELDS, Field
from monitor.text.tokens import spans, terms


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


class Reading:
    """A view as rules read it: its text fields cut into words, its other values at hand."""

    __slots__ = ("_values", "_vocabulary", "texts", "view")

    def __init__(self, view: View) -> None:
        """Cut the text fields that say anything."""
        self.view = view
        text = view.text
        stated = zip(TEXT_FIELDS, (text.title, text.summary, text.body), strict=True)
        self.texts: dict[Field, Words] = {field: Words(words) for field, words in stated if words}
        self._vocabulary: frozenset[str] | None = None
        self._values: dict[Field, tuple[Words, ...]] = {}

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every term of the text fields."""
        if self._vocabulary is None:
            self._vocabulary = frozenset().union(*(words.vocabulary for words in self.texts.values()))
        return self._vocabulary

    def values(self, field: Field) -> tuple[Words, ...]:
        """Return what the view states for a field that is neither text nor link."""
        if field not in self._values:
            stated = {
                Field.OUTLET: self.view.outlets,
                Field.TAG: self.view.tags,
                Field.LANG: (self.view.language,),
                Field.AUTHOR: self.view.authors,
                Field.CATEGORY: self.view.categories,
            }[field]
            self._values[field] = tuple(Words(value) for value in stated)
        return self._values[field]
