"""Where one word ends and the next begins. Texts and queries are cut by this same code.

A token is a run of letters and digits of any script with its combining marks; everything else separates, hyphens
and apostrophes too, so `cease-fire`, `O'Brien` and `U.S.` are the phrases *cease fire*, *o brien* and *u s* wherever
they stand. That holds for numbers as well: `1,000`, `1.000` and `1 000` are one and the same phrase *1 000*, which
no reading of the separators could give, since countries disagree about them. A possessive `'s` belongs to no token.
Scripts written without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese), and Korean, whose particles hang on
the word, give one token a character: a word of theirs is a phrase of characters.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from monitor.text.folding import APOSTROPHES, fold, fold_apart, may_mix


@dataclass(frozen=True, slots=True)
class Token:
    """A word: folded, as written, and its code points in the text, end exclusive; without a possessive `'s`."""

    term: str
    exact: str
    start: int
    end: int


def tokenise(text: str) -> tuple[Token, ...]:
    """Return the words of `text` in order; never raises, whatever the code points."""
    places = zip(terms(text), spans(text), strict=True)
    return tuple(Token(term, text[start:end], start, end) for term, (start, end) in places)


def terms(text: str) -> list[str]:
    """Return only the folded words: the hot path, since most texts concern no rule."""
    if text.isascii():
        return _ascii_terms(text)
    plain = _plain_signs(text)
    if plain.isascii():
        return _ascii_terms(plain)
    folding = _fold_word if may_mix(plain) else _fold_word_apart
    words = (word.lower() if word.isascii() else folding(word) for word in _word_pattern().findall(plain))
    return [term for term in words if term]


def _fold_word(word: str) -> str:
    return _fold_kept(word) if len(word) <= _LONGEST_KEPT else fold(word)


def _fold_word_apart(word: str) -> str:
    return _fold_apart_kept(word) if len(word) <= _LONGEST_KEPT else fold_apart(word)


_LONGEST_KEPT = 40
"""characters of a word whose fold is remembered; a feed may state words of any length"""
_MOST_KEPT = 10_000
"""words; most of a text were folded before, and to look that up takes a tenth of folding them"""
_fold_kept = lru_cache(_MOST_KEPT)(fold)
_fold_apart_kept = lru_cache(_MOST_KEPT)(fold_apart)


def spans(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of each of the `terms` of the same text."""
    plain = text if text.isascii() else _plain_signs(text)
    if plain.isascii():
        return [match.span(1) for match in _ASCII_WORD.finditer(plain)]
    found = (match.span(1) for match in _word_pattern().finditer(plain))
    return [(start, end) for start, end in found if fold(plain[start:end])]


def _ascii_terms(text: str) -> list[str]:
    """Do what `_ASCII_WORD` does, by a table and a split, which take a third of its time."""
    text = text.lower().replace("`", "'")
    if "'s" in text:
        if "'s's" in text:  # of two possessives in a row the pattern takes the second for a word
            return _ASCII_WORD.findall(text)
        text = _ASCII_POSSESSIVE.sub("", text)
    return text.translate(_ASCII_LETTERS).split()


def _plain_signs(text: str) -> str:
    """Replace the usual typographic signs, one for one, so that most English headlines turn out to be ASCII.

    Eight passes in C cost less than a tenth of one pass of a pattern that knows all scripts.
    """
    return (
        text.replace("’", "'")
        .replace("‘", "'")
        .replace("“", '"')
        .replace("”", '"')
        .replace("–", "-")
        .replace("—", "-")
        .replace("…", ".")
        .replace("\xa0", " ")
    )


_SPACELESS = (
    "\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46"  # Thai
    "\u0e81-\u0eb0\u0eb2\u0eb3\u0ebd-\u0ec6\u0edc-\u0edf"  # Lao
    "\u1000-\u102a\u103f\u1050-\u1055"  # Burmese
    "\u1780-\u17b3"  # Khmer
    "\u2e80-\u2fd5\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U000323af"  # Han
    "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9d\U0001b000-\U0001b16f"  # kana
    "\u3105-\u312f\u31a0-\u31bf"  # Bopomofo
    "\ua000-\ua48c"  # Yi
    "\uac00-\ud7a3"  # Hangul
)

_JOINING = "\u00ad\u200c\u200d\u2060\ufeff\uff9e\uff9f"
"""Soft hyphen and joiners stand inside words; the halfwidth sound marks of kana are letters only by name."""

_MARK_BLOCKS = (
    (0x300, 0x3100),
    (0xA66F, 0xABEE),
    (0xFB1E, 0xFB1F),
    (0xFE00, 0xFE30),
    (0x101FD, 0x11FFF),
    (0x16AF0, 0x16FFF),
    (0x1BC9D, 0x1BC9F),
    (0x1CF00, 0x1CF47),
    (0x1D165, 0x1D245),
    (0x1DA00, 0x1DAB0),
    (0x1E000, 0x1E94B),
    (0xE0100, 0xE01F0),
)
"""Blocks with combining marks; going through these 30,000 code points takes a hundredth of going through all."""


def _marks() -> str:
    """Return the combining marks as the inside of a character class."""
    ranges: list[tuple[int, int]] = []
    for first, end in _MARK_BLOCKS:
        for code in range(first, end):
            if unicodedata.category(chr(code))[0] != "M":
                continue
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1] = (ranges[-1][0], code)
            else:
                ranges.append((code, code))
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


@cache
def _word_pattern() -> re.Pattern[str]:
    """Return the pattern of one token in any script; group 1 is the word without a possessive.

    Made when it is first needed: it takes 50 ms, which a start that only asks for changes can do without.
    """
    signs = re.escape(APOSTROPHES)
    letter = rf"[^\W_{_SPACELESS}{_JOINING}{signs}]"
    mark = f"[{_marks()}{_JOINING}]"
    jamo = f"[\u1100-\u115f]{mark}*[\u1160-\u11a7]{mark}*(?:[\u11a8-\u11ff]{mark}*)?"
    word = rf"{letter}+(?:{mark}+{letter}*)*"
    return re.compile(rf"({jamo}|{word}|[{_SPACELESS}]{mark}*)(?:[{signs}][sS](?![^\W_]|{mark}))?")


_ASCII_WORD = re.compile(r"([A-Za-z0-9]+)(?:['`][sS](?![A-Za-z0-9]))?")
_ASCII_POSSESSIVE = re.compile(r"'s(?<=[a-z0-9]'s)(?![a-z0-9])")
"""begins with its letters, so that it is searched for by them"""
_ASCII_LETTERS = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}
"""what remains of a text when its words are folded and everything between them is white space"""
