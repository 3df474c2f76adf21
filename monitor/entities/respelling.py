"""One name in the spellings of several schools, from Cyrillic to Latin and, cautiously, back.

A school is a table applied as a whole, so a name has as many spellings as there are schools, not as many as letters
could be combined: at most `MOST_SPELLINGS`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from monitor.entities.given_names import same_names

MOST_SPELLINGS = 40
"""Respellings of one name, in all schools together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """A respelt name and the school that spells so."""

    text: str
    school: str


def latin_spellings(name: str, *, is_ukrainian: bool) -> Iterator[Spelling]:
    """Yield the Latin spellings of a Cyrillic name, each once."""
    lower = name.casefold()
    seen: set[str] = set()
    for school, table, endings in _UKRAINIAN if is_ukrainian else _RUSSIAN:
        plain = _applied(lower, table)
        for ending in endings:
            text = _ended(plain, ending)
            if text not in seen and len(seen) < MOST_SPELLINGS and text.isascii():
                seen.add(text)
                yield Spelling(text=_capitals(name, text), school=school)


def is_slavic(name: str) -> bool:
    """Whether the last word of a Latin name has an ending that only Slavic surnames have."""
    return bool(_SLAVIC.search(name.casefold()))


def cyrillic_spellings(name: str) -> Iterator[Spelling]:
    """Yield Cyrillic spellings of a Latin name that is Slavic by its ending; none where a given name is unknown."""
    words = name.casefold().split()
    if not words or not is_slavic(name):
        return
    for code, letters in (("ru", _TO_RUSSIAN), ("uk", _TO_UKRAINIAN)):
        found = [_given(word, code) for word in words[:-1]]
        if all(found):
            surname = _back(words[-1], letters)
            if surname:
                text = " ".join(word.title() for word in (*found, surname))
                yield Spelling(text=text, school=f"Cyrillic ({code})")


def _given(word: str, code: str) -> str:
    """The given name as the language has it; empty where the table lacks it."""
    wanted = [name for name in same_names(word) if re.fullmatch("[а-яіїєґ]+", name)]
    return wanted[min(1, len(wanted) - 1) if code == "uk" else 0] if wanted else ""


def _letters(cyrillic: str, latin: str) -> dict[str, str]:
    return dict(zip(cyrillic, latin.split(), strict=True))


_BASE = _letters("абвгдезиклмнопрстуфцэ", "a b v g d e z i k l m n o p r s t u f ts e")
_ENGLISH = _BASE | {"ё": "yo", "ж": "zh", "й": "y", "х": "kh", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y",
                    "ь": "", "ю": "yu", "я": "ya"}  # fmt: skip
_IOTATED = _ENGLISH | {"ё": "e", "й": "i", "ю": "iu", "я": "ia"}
_SHORT_H = _ENGLISH | {"ё": "e", "х": "h", "щ": "sch"}
_SCIENTIFIC = _BASE | {"ё": "e", "ж": "z", "й": "j", "х": "ch", "ч": "c", "ш": "s", "щ": "sc", "ц": "c", "ъ": "",
                       "ы": "y", "ь": "", "ю": "ju", "я": "ja"}  # fmt: skip
_ISO_9 = _SCIENTIFIC | {"х": "h", "щ": "s", "ю": "u", "я": "a"}
_GERMAN = _BASE | {"ё": "jo", "в": "w", "ж": "sch", "з": "s", "й": "j", "х": "ch", "ц": "z", "ч": "tsch", "ш": "sch",
                   "щ": "schtsch", "ъ": "", "ы": "y", "ь": "", "ю": "ju", "я": "ja"}  # fmt: skip
_FRENCH = _ENGLISH | {"ё": "io", "ж": "j", "й": "i", "у": "ou", "ч": "tch", "ш": "ch", "щ": "chtch", "ю": "iou",
                      "я": "ia"}  # fmt: skip
_POLISH = _GERMAN | {"ж": "z", "з": "z", "ц": "c", "ч": "cz", "ш": "sz", "щ": "szcz", "ё": "io"}

_NATIONAL = _ENGLISH | {"г": "h", "ґ": "g", "и": "y", "і": "i", "ї": "i", "є": "ie", "й": "i", "ю": "iu", "я": "ia"}
_BGN = _NATIONAL | {"ї": "yi", "є": "ye", "й": "y", "ю": "yu", "я": "ya"}
_UKRAINIAN_GERMAN = _GERMAN | {"г": "h", "ґ": "g", "и": "y", "і": "i", "ї": "ji", "є": "je"}
_UKRAINIAN_FRENCH = _FRENCH | {"г": "h", "ґ": "g", "и": "y", "і": "i", "ї": "i", "є": "ie"}
_UKRAINIAN_POLISH = _POLISH | {"г": "h", "ґ": "g", "и": "y", "і": "i", "ї": "ji", "є": "je"}

_SKY = ("", "sky", "skiy", "skii", "skyy", "skyi", "ski")
"""How -ский and -ський end; empty: as the table has it"""

_RUSSIAN = (
    ("BGN/PCGN", _ENGLISH | {"^е": "ye", "ье": "ye"}, _SKY),
    ("press", _ENGLISH, _SKY),
    ("press, h", _SHORT_H, ("", "sky")),
    ("passport", _IOTATED, _SKY),
    ("scientific", _SCIENTIFIC, ("", "skij")),
    ("ISO 9", _ISO_9, ("", "skij")),
    ("German", _GERMAN | {"^с": "s"}, ("", "ski", "skij")),
    ("French", _FRENCH | {"ин$": "ine", "ын$": "yne"}, ("", "ski")),
    ("Polish", _POLISH, ("", "ski")),
)
_UKRAINIAN = (
    ("national", _NATIONAL | {"^є": "ye", "^ї": "yi", "^й": "y", "^ю": "yu", "^я": "ya", "зг": "zgh"}, _SKY),
    ("BGN/PCGN", _BGN, _SKY),
    ("press, g", _BGN | {"г": "g"}, ("", "sky", "skiy")),
    ("scientific", _UKRAINIAN_GERMAN | _SCIENTIFIC | {"г": "h", "и": "y"}, ("", "skyj")),
    ("German", _UKRAINIAN_GERMAN, ("", "skyj", "ski")),
    ("French", _UKRAINIAN_FRENCH, ("", "sky", "ski")),
    ("Polish", _UKRAINIAN_POLISH, ("", "ski")),
)


def _applied(text: str, table: dict[str, str]) -> str:
    """Letter by letter; keys of two signs hold at the beginning (`^`) or end (`$`) of a word, or for a pair."""
    text = re.sub(f"[{_APOSTROPHES}]", "", text)
    special = [key for key in table if len(key) > 1]
    for key in special:
        pattern = rf"\b{key[1:]}" if key[0] == "^" else rf"{key[:-1]}\b" if key[-1] == "$" else key
        text = re.sub(pattern, table[key], text)
    return "".join(table.get(sign, sign) for sign in text)


_APOSTROPHES = "'’ʼ`"
_ADJECTIVE = re.compile(r"sk(?:iy|yy|ij|yi|yj|ii|yï|y|i)\b")


def _ended(text: str, ending: str) -> str:
    return _ADJECTIVE.sub(ending, text) if ending else text


def _capitals(model: str, text: str) -> str:
    """Capitals as the model has them, word by word."""
    ours, theirs = re.split(r"([\s-]+)", text), re.split(r"([\s-]+)", model)
    if len(ours) != len(theirs):
        return text.title()
    return "".join(
        mine[:1].upper() + mine[1:] if its[:1].isupper() else mine for mine, its in zip(ours, theirs, strict=True)
    )


_SLAVIC = re.compile(
    r"(?:sk(?:y|iy|yy|ii|yi|ij|yj)|[^aeiouy](?:ov|ev|yov|in|yn)a?|skaya|ska|enko|chuk|[^aeiou]yuk|iuk|vich|vych|shvili)$"
)
_PAIRS = (("shch", "щ"), ("sch", "щ"), ("zh", "ж"), ("kh", "х"), ("ts", "ц"), ("ch", "ч"), ("sh", "ш"), ("yo", "ё"))
_LETTERS = _letters("abcdefghijklmnoprstuvz", "а б к д е ф г х и й к л м н о п р с т у в з")
_TO_RUSSIAN = (
    (r"sk(?:y|iy|yy|ii|yi|ij|yj)$", "ский"), (r"skaya$", "ская"), (r"yu|iu", "ю"), (r"ya|ia", "я"), (r"ye|ie", "е"),
    (r"(?<=[aeiou])y", "й"), (r"^e", "е"), (r"y", "ы"),
)  # fmt: skip
_TO_UKRAINIAN = (
    (r"sk(?:y|iy|yy|ii|yi|ij|yj)$", "ський"), (r"ska(?:ya)?$", "ська"), (r"yi", "ї"), (r"yu|iu", "ю"), (r"ya|ia", "я"),
    (r"ye|ie", "є"), (r"(?<=[aeiou])y", "й"), (r"i", "і"), (r"y", "и"), (r"h(?<![zkcs]h)", "г"),
)  # fmt: skip


def _back(word: str, letters: tuple[tuple[str, str], ...]) -> str:
    """The word in Cyrillic; empty where a letter has no clear counterpart."""
    for pattern, cyrillic in letters[:2]:
        word = re.sub(pattern, cyrillic, word)
    for pair, cyrillic in _PAIRS:
        word = word.replace(pair, cyrillic)
    for pattern, cyrillic in letters[2:]:
        word = re.sub(pattern, cyrillic, word)
    word = "".join(_LETTERS.get(sign, sign) for sign in word)
    return word if re.fullmatch("[а-яёіїєґ]+", word) else ""
