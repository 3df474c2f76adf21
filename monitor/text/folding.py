"""How spellings that a reader takes for the same become the same string."""

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

APOSTROPHES = "'\u2018\u2019\u201a\u201b\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u2032\u00b4\u0060\uff07"
"""Signs written for an apostrophe, the letter-like ones of Ukrainian, Hawaiian and transliterations included."""

DOUBLE_QUOTES = '"\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02\u301d\u301e\u301f'
"""Signs written for a double quotation mark."""

DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
"""Signs written for a hyphen or a dash."""


def fold(text: str) -> str:
    """Return `text` without case, diacritics and typographic variants, so that equal folds mean the same word.

    Latin and Greek lose every diacritic (é → e, ø → o, ł → l, ß → ss, æ → ae, ı → i). Cyrillic loses stress marks
    and ё becomes е, but й, ї and ў stay: they are letters of their own. Hebrew and Arabic lose vowel points and the
    hamza above a letter; marks of other scripts carry the word and stay. Invisible joiners and soft hyphens vanish.
    Latin letters that look Cyrillic are Cyrillic in a Cyrillic word: keyboards and old code pages leave them there.
    Idempotent. The result may be longer or shorter than `text`, and is empty where nothing but marks was given.
    """
    if text.isascii():
        return text.lower()
    plain = _in_one_script(text)
    folded = fold_apart(plain)
    return folded if folded == plain.lower() else _in_one_script(folded)


def fold_apart(text: str) -> str:
    """Return the fold of a text that cannot mix scripts within a word (`may_mix`), without looking for them."""
    folded = text
    for _ in range(_ROUNDS):
        before = folded
        folded = unicodedata.normalize("NFKC", folded).casefold().translate(_LETTERS)
        if folded == before:
            break
    return folded


def may_mix(text: str) -> bool:
    """Whether a word of the text may hold Latin and Cyrillic letters: two quick passes that spare one for each word."""
    return bool(_STRAY.search(text) or _UNUSUAL.search(text))


_ROUNDS = 4
"""What one round uncovers (a mark that now stands next to its letter) the next one folds; two are usual."""


def _in_one_script(text: str) -> str:
    return _LETTERS_ALONE.sub(_as_cyrillic, text) if _STRAY.search(text) else text


def _as_cyrillic(word: re.Match[str]) -> str:
    """Return a word of both scripts in Cyrillic, if every Latin letter of it can be a mistake."""
    if word[0].isascii() or not _STRAY.search(word[0]):
        return word[0]
    plain = word[0].translate(_ALIKE)
    return word[0] if _LATIN.search(plain) else plain


_STRAY = re.compile(r"[A-Za-z](?:(?=[\u0400-\u04ff])|(?<=[\u0400-\u04ff].))")
_UNUSUAL = re.compile(r"[^\x00-\x7f\xa0-\xa9\xab\xac\xae-\xb9\xbb\u0400-\u0481\u048a-\u04ff\u2010-\u203a\u20ac]")
"""Signs beyond ASCII and plain Cyrillic, of which some fold to a Latin letter or vanish between two letters."""
_LATIN = re.compile("[A-Za-z]")
_LETTERS_ALONE = re.compile(r"[^\W\d_]+")
_ALIKE = str.maketrans("ABCEHIKMOPTXYaceiopxy", "АВСЕНІКМОРТХУасеіорху")

_MARKED = ((0xC0, 0x250), (0x370, 0x400), (0x620, 0x6D6), (0x1E00, 0x2000))
"""Blocks whose letters may lose their diacritics: Latin, Greek, Arabic. Cyrillic is spelt out below."""

_DROPPED = (
    (0x300, 0x370),  # accents in general
    (0x483, 0x488),  # Old Cyrillic
    (0x591, 0x5C8),  # Hebrew points
    (0x610, 0x61B),  # Arabic signs
    (0x640, 0x641),  # tatweel, which only stretches a word
    (0x64B, 0x660),  # Arabic vowels
    (0x670, 0x671),
    (0x6D6, 0x6DD),
    (0x6DF, 0x6E9),
    (0x6EA, 0x6EE),
    (0x1AB0, 0x1B00),
    (0x1DC0, 0x1E00),
    (0x20D0, 0x2100),
    (0xFE00, 0xFE10),  # variation selectors
    (0xFE20, 0xFE30),
    (0xAD, 0xAE),  # soft hyphen
    (0x200B, 0x2010),  # zero-width space and joiners, direction marks
    (0x2060, 0x2065),
    (0xFEFF, 0xFF00),
)

_SPELT_OUT = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ŧ": "t", "ŋ": "n", "ı": "i",
    "ĸ": "k", "ǿ": "o", "ǽ": "ae", "ǣ": "ae", "ə": "e", "ё": "е", "ѐ": "е", "ѝ": "и",
}  # fmt: skip


def _letters() -> Mapping[int, str | None]:
    """Make the table for `str.translate`: letters that lose a mark, letters spelt out, signs unified, marks dropped."""
    table: dict[int, str | None] = {}
    for first, end in _MARKED:
        for code in range(first, end):
            plain = unicodedata.normalize("NFKD", chr(code))
            bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
            if bare != chr(code):
                table[code] = bare
    table |= {ord(letter): plain for letter, plain in _SPELT_OUT.items()}
    table |= {ord(sign): "'" for sign in APOSTROPHES}
    table |= {ord(sign): '"' for sign in DOUBLE_QUOTES}
    table |= {ord(sign): "-" for sign in DASHES}
    table |= dict.fromkeys((code for first, end in _DROPPED for code in range(first, end)), None)
    return MappingProxyType(table)


_LETTERS = _letters()
