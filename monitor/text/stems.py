"""What the forms of one word have in common, in the language of a story: its stem, or its lemma where one is known.

Snowball stems, in C where PyStemmer is installed and with the same stems in Python where it is not; a light stemmer of
our own does Ukrainian, which Snowball lacks. Words are folded before they are stemmed, so `Négociations` and
`NEGOCIATIONS` have one stem. A word in another script than its story's language is stemmed by its script (*sanctions*
in a Russian story is English), and a language without a stemmer has one form a word.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import snowballstemmer

from monitor.text.scripts import Script, script_of
from monitor.text.ukrainian import stem_ukrainian

Lemmas = Mapping[str, Callable[[str], str]]
"""Language → what gives the dictionary form of a word: of better knowledge than a stem, where it is installed."""

_MOST_KEPT = 50_000
"""words remembered with their stems, some 8 MB; then all are forgotten, which is cheaper than to choose"""

_STEMMERS = {
    Script.LATIN: {
        "en": "english", "de": "german", "fr": "french", "es": "spanish", "it": "italian", "pt": "portuguese",
        "nl": "dutch", "sv": "swedish", "no": "norwegian", "nb": "norwegian", "nn": "norwegian", "da": "danish",
        "fi": "finnish", "hu": "hungarian", "ro": "romanian", "tr": "turkish", "ca": "catalan", "eu": "basque",
        "cs": "czech", "pl": "polish", "et": "estonian", "lt": "lithuanian", "ga": "irish", "id": "indonesian",
        "eo": "esperanto", "sr": "serbian",
    },
    Script.CYRILLIC: {"ru": "russian", "sr": "serbian"},
    Script.GREEK: {"el": "greek"},
    Script.ARMENIAN: {"hy": "armenian"},
    Script.ARABIC: {"ar": "arabic", "fa": "persian"},
    Script.DEVANAGARI: {"hi": "hindi", "ne": "nepali"},
    Script.TAMIL: {"ta": "tamil"},
}  # fmt: skip
_BY_SCRIPT = {
    Script.LATIN: "en",
    Script.CYRILLIC: "ru",
    Script.GREEK: "el",
    Script.ARMENIAN: "hy",
    Script.ARABIC: "ar",
    Script.DEVANAGARI: "hi",
    Script.TAMIL: "ta",
}
"""Whose word a word is that cannot be of the story's language."""
_UNSTEMMED = {
    **dict.fromkeys(("be", "bg", "mk", "kk", "ky", "mn", "tg"), Script.CYRILLIC),
    **dict.fromkeys(("sk", "hr", "sl", "lv", "sq", "vi", "is", "bs", "mt", "az", "uz", "sw"), Script.LATIN),
    **dict.fromkeys(("ur", "ps", "ku"), Script.ARABIC),
}
"""Languages without a stemmer, whose words must not be taken for another language's of the same script."""


class Stems:
    """Stems words, and remembers a bounded number of them: 2 microseconds for a new word, in Python 10 to 50."""

    def __init__(self, lemmas: Lemmas = MappingProxyType({})) -> None:
        """Know nothing yet; `lemmas` come before stems in their languages."""
        self._lemmas = lemmas
        self._known: dict[tuple[str, str], str] = {}

    def stem(self, term: str, language: str) -> str:
        """Return what all forms of a folded word have in common, in a story of this language (`en`, `ru`; or empty)."""
        key = language, term
        stem = self._known.get(key)
        if stem is None:
            stem = self._stem(term, _language_of(term, language))
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            self._known[key] = stem
        return stem

    def _stem(self, term: str, language: str) -> str:
        if len(term) > _LONGEST:
            return term
        if lemma := self._lemmas.get(language):
            return lemma(term)
        if language == "uk":
            return stem_ukrainian(term)
        name = _STEMMERS.get(script_of(term), {}).get(language)
        # A stemmer keeps the word it works on: a new one each time can be used from any thread.
        stem: str = snowballstemmer.stemmer(name).stemWord(term) if name else term
        return stem


_LONGEST = 64
"""characters of a word that is stemmed: some stemmers take the square of it"""


def _language_of(term: str, language: str) -> str:
    script = script_of(term)
    if language in _STEMMERS.get(script, {}) or _UNSTEMMED.get(language) is script:
        return language
    if language == "uk" and script is Script.CYRILLIC:
        return language
    return _BY_SCRIPT.get(script, "")
