"""A view cut into words once, for however many rules will look at it."""

from monitor.model.rules import View
from monitor.rules.tree import TEXT_FIELDS, Field
from monitor.text.words import Words


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
