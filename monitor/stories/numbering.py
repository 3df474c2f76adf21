"""The numbers by which sketches know words, remembered language by language: a word of news was seen before, mostly."""

from monitor.stories.stopwords import NUMERALS, STOPWORDS
from monitor.stories.vocabulary import word_number
from monitor.text.stems import Stems

_MOST_KEPT = 50_000
"""words of a language; then all of them are forgotten, which is cheaper than to choose"""
_MOST_LANGUAGES = 100
"""feeds may state what they like"""


class Numbers(dict[str, int]):
    """Folded word → the number of its stem, 0 for a word of grammar; a numeral has that of its figure."""

    def __init__(self, language: str, stems: Stems) -> None:
        """Know no word yet."""
        super().__init__()
        self._language = language
        self._stems = stems
        self._stopwords = STOPWORDS.get(language, frozenset())
        self._numerals = NUMERALS.get(language, {})

    def __missing__(self, word: str) -> int:
        """Work it out. From any thread: the same word has the same number in all of them."""
        if word in self._stopwords:
            number = 0
        else:
            number = word_number(self._numerals.get(word) or self._stems.stem(word, self._language))
        if len(self) >= _MOST_KEPT:
            self.clear()
        self[word] = number
        return number


class WordNumbers:
    """The numbers of words in every language."""

    def __init__(self) -> None:
        """Know no word yet."""
        self._stems = Stems()
        self._languages: dict[str, Numbers] = {}

    def of(self, language: str) -> Numbers:
        """Those of the words of texts in this language (`en`, `ru`; or empty)."""
        numbers = self._languages.get(language)
        if numbers is None:
            if len(self._languages) >= _MOST_LANGUAGES:
                self._languages.clear()
            numbers = self._languages[language] = Numbers(language, self._stems)
        return numbers
