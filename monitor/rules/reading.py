"""A view cut into words once, for however many rules will look at it."""

from monitor.entities.mentions import Mentions, find_mentions
from monitor.entities.roster import Roster
from monitor.model.rules import Evidence, View
from monitor.rules.tree import TEXT_FIELDS, Field
from monitor.text.scripts import guess_language
from monitor.text.stems import Stems
from monitor.text.tongues import base_language
from monitor.text.words import Words


class Reading:
    """A view as rules read it: its text fields cut into words, its other values at hand."""

    __slots__ = ("_language", "_mentions", "_plain", "_stems", "_values", "_vocabulary", "found", "texts", "view")

    def __init__(self, view: View, stems: Stems | None = None) -> None:
        """Cut the text fields that say anything; `stems` remembers from one view to the next."""
        self.view = view
        text = view.text
        stated = zip(TEXT_FIELDS, (text.title, text.summary, text.body), strict=True)
        self.texts: dict[Field, Words] = {field: Words(words) for field, words in stated if words}
        self.found: dict[int, tuple[object, list[Evidence]]] = {}
        """id of a part of a query → the part, which so keeps its id, and where it was found"""
        self._vocabulary: frozenset[str] | None = None
        self._values: dict[Field, tuple[Words, ...]] = {}
        self._stems = stems
        self._language: str | None = None
        self._plain: str | None = None
        self._mentions: tuple[Roster, Mentions] | None = None

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every term of the text fields."""
        if self._vocabulary is None:
            self._vocabulary = frozenset().union(*(words.vocabulary for words in self.texts.values()))
        return self._vocabulary

    @property
    def stems(self) -> Stems:
        """What stems words."""
        if self._stems is None:
            self._stems = Stems()
        return self._stems

    @property
    def language(self) -> str:
        """The language that the view states, without its country, else the one that its letters speak for."""
        if self._language is None:
            stated = base_language(self.view.language)
            self._language = stated or guess_language("\n".join(words.text for words in self.texts.values()))
        return self._language

    @property
    def plain(self) -> str:
        """All text, casefolded: what the literals of regular expressions are looked for in."""
        if self._plain is None:
            self._plain = "\0".join(words.text for words in self.texts.values()).casefold()
        return self._plain

    def mentions(self, roster: Roster) -> Mentions:
        """Return the mentions of all entities of a roster; worked out once for the one that is asked for."""
        if self._mentions is None or self._mentions[0] is not roster:
            texts = {field.value: words for field, words in self.texts.items()}
            found = find_mentions(roster, texts, language=self.language, tags=self.view.tags)
            self._mentions = roster, found
        return self._mentions[1]

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
