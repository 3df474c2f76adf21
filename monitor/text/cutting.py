"""Where a text may be broken off: between words, outside of addresses, and never within what people see as one sign."""

import unicodedata

_SLACK = 24  # how far a cut may move to fall between words; scripts without spaces are cut where they stand
_JOINER = "\u200d"
_INSEPARABLE = frozenset({"Mn", "Mc", "Me"})
_NON_JOINER = "\u200c"


def word_end(text: str, at: int, floor: int = 0) -> int:
    """The best place in `floor..at` to break `text` off: between words, and never inside an address."""
    if at >= len(text):
        return len(text)
    word = at
    while word > floor and not text[word - 1].isspace():
        word -= 1
    is_within_address = "://" in text[word : at + len("https://")] or text.startswith("www.", word)
    if not text[at].isspace() and (is_within_address or at - word <= _SLACK) and (word > floor or is_within_address):
        at = word
    while at > floor and continues(text, at):
        at -= 1
    while at > floor and text[at - 1].isspace():
        at -= 1
    return at


def word_start(text: str, at: int, ceiling: int) -> int:
    """The best place in `at..ceiling` to let a text begin."""
    if at <= 0:
        return 0
    word = at
    while word < min(at + _SLACK, ceiling) and not text[word - 1].isspace():
        word += 1
    if text[word - 1].isspace():
        at = word
    while at < ceiling and (text[at].isspace() or continues(text, at)):
        at += 1
    return at


def cut(text: str, longest: int) -> str:
    """The text in at most so many characters, with `…` where something is missing."""
    if len(text) <= longest:
        return text
    return text[: word_end(text, longest - 1)] + "…" if longest > 0 else ""


def continues(text: str, at: int) -> bool:
    """Whether `text[at]` belongs to the sign before it: accents, vowel signs, parts of an emoji or a flag."""
    sign, before = text[at], text[at - 1 : at]
    if before == _JOINER or sign in (_JOINER, _NON_JOINER) or unicodedata.category(sign) in _INSEPARABLE:
        return True
    if "\U0001f3fb" <= sign <= "\U0001f3ff" or "\U000e0020" <= sign <= "\U000e007f":  # tones of skin; tags
        return True
    return _is_regional(sign) and _regional_before(text, at) % 2 == 1


def _regional_before(text: str, at: int) -> int:
    """How many letters of flags stand before it in a row: two make a flag."""
    first = at
    while first > 0 and _is_regional(text[first - 1]):
        first -= 1
    return at - first


def _is_regional(sign: str) -> bool:
    return "\U0001f1e6" <= sign <= "\U0001f1ff"
