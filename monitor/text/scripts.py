"""Which script a word is written in, and which language a text may be for want of better knowledge."""

import re
from enum import StrEnum


class Script(StrEnum):
    """Scripts of the languages whose words have forms that we know."""

    LATIN = "latin"
    CYRILLIC = "cyrillic"
    GREEK = "greek"
    ARMENIAN = "armenian"
    ARABIC = "arabic"
    DEVANAGARI = "devanagari"
    TAMIL = "tamil"
    OTHER = "other"


def script_of(term: str) -> Script:
    """Return the script of a folded word, by its first letter."""
    first = ord(term[0]) if term else 0
    if first < _LATIN_END:
        return Script.LATIN
    return next((script for start, end, script in _RANGES if start <= first < end), Script.OTHER)


def guess_language(text: str) -> str:
    """Return the language that the letters of a text speak for (`en`, `ru`, `uk`, `be` …); empty where none do.

    A guess by script alone: all Latin letters count as English. Only the first 2,000 characters are looked at.
    """
    head = text[:_LOOKED_AT]
    if head.isascii():
        return "en" if _LATIN.search(head) else ""
    if len(_CYRILLIC.findall(head)) * 2 > len(_LETTER.findall(head)):
        if _BELARUSIAN.search(head):
            return "be"
        return "uk" if len(_UKRAINIAN.findall(head)) > len(_RUSSIAN.findall(head)) else "ru"
    first = next((found for sign in _LETTER.findall(head) if (found := script_of(sign)) is not Script.OTHER), None)
    return {
        Script.LATIN: "en",
        Script.CYRILLIC: "ru",
        Script.GREEK: "el",
        Script.ARMENIAN: "hy",
        Script.ARABIC: "ar",
        Script.DEVANAGARI: "hi",
        Script.TAMIL: "ta",
    }.get(first or Script.OTHER, "")


_LATIN_END = 0x250
_RANGES = (
    (0x370, 0x400, Script.GREEK),
    (0x400, 0x530, Script.CYRILLIC),
    (0x530, 0x590, Script.ARMENIAN),
    (0x600, 0x780, Script.ARABIC),
    (0x900, 0x980, Script.DEVANAGARI),
    (0xB80, 0xC00, Script.TAMIL),
    (0x1E00, 0x1F00, Script.LATIN),
)
_LOOKED_AT = 2_000
_LETTER = re.compile(r"[^\W\d_]")
_LATIN = re.compile("[A-Za-z]")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_UKRAINIAN = re.compile("[іїєґІЇЄҐ]")
_RUSSIAN = re.compile("[ыэъёЫЭЪЁ]")
_BELARUSIAN = re.compile("[ўЎ]")
