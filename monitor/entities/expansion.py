"""One declared name in all the shapes that a text may have it in, each with where it comes from."""

from collections.abc import Iterator
from dataclasses import dataclass

from monitor.entities.given_names import gender_of, is_patronymic, same_names
from monitor.entities.inflection import inflections, parts_of
from monitor.entities.ordinary import ORDINARY
from monitor.entities.respelling import Spelling, cyrillic_spellings, is_slavic, latin_spellings
from monitor.text.words import Phrase

MOST_FORMS = 600
"""Shapes of one declared name, all together; none in our tables comes near."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One shape of a name."""

    phrase: Phrase
    text: str
    """the nominative that it is a form of, with its capitals"""
    how: tuple[str, ...]
    """the steps from the name as declared, such as `surname`, `genitive`; empty: as declared"""
    is_surname: bool = False
    """whether it is a surname or a given name alone, which its neighbours can make another person's"""


def expand(name: str, type_: str, *, gender: str = "", forms: bool = True, surname: bool = True) -> Iterator[Shape]:
    """Yield the shapes of a name, the name itself first, each phrase once. The same arguments give the same shapes."""
    seen: set[Phrase] = set()
    for shape in _all(name, type_, gender, forms=forms, surname=surname):
        if shape.phrase and shape.phrase not in seen and len(seen) < MOST_FORMS:
            seen.add(shape.phrase)
            yield shape


def surname_of(name: str) -> str:
    """Return the surname of a person's full name as it is written; empty where there is none to be seen."""
    words = name.split()
    if len(words) < _FULL_NAME or not words[-1][:1].isupper():
        return ""
    parts = parts_of(words[-1])
    last = parts[-1].token.term if parts else ""
    is_given = is_patronymic(last) or bool(same_names(last))
    return "" if len(last) < _SHORTEST_SURNAME or is_given or last.isdigit() or _is_number(words[-1]) else words[-1]


def gender_in(names: Iterator[str] | tuple[str, ...]) -> str:
    """Return the gender that the given names in full names agree on; empty where none or several are named."""
    found = {gender_of(parts[0].token.term) for name in names if len(parts := parts_of(name)) > 1} - {""}
    return found.pop() if len(found) == 1 else ""


_FULL_NAME = 2
_SHORTEST_SURNAME = 2


def _is_number(word: str) -> bool:
    return bool(word) and set(word) <= set("IVXLCDM")


def _all(name: str, type_: str, gender: str, *, forms: bool, surname: bool) -> Iterator[Shape]:
    parts = parts_of(name)
    is_single = type_ == "person" and len(parts) == 1
    yield Shape(phrase=_phrase(name), text=name, how=(), is_surname=is_single)
    if not forms or not parts:
        return
    yield from _shapes(name, type_, gender, (), is_surname=is_single)
    for other in (_contracted(name, type_), _in_full(name, type_)):
        if other:
            yield Shape(phrase=_phrase(other), text=other, how=(other,))
            yield from _inflected(other, type_, gender, (other,), is_surname=False)
    joined = _joined(name, type_)
    if joined:
        yield Shape(phrase=_phrase(joined), text=joined, how=(f"{joined}: in one word",))
    alone = surname_of(name) if type_ == "person" and surname else ""
    if alone:
        yield Shape(phrase=_phrase(alone), text=alone, how=("surname",), is_surname=True)
        yield from _shapes(alone, type_, gender, ("surname",), is_surname=True)


def _joined(name: str, type_: str) -> str:
    """Wizzair for Wizz Air, as it stands in hashtags too; empty where the name is no Latin one of two words."""
    parts = parts_of(name)
    if type_ not in ("organisation", "product") or len(parts) != _FULL_NAME or not name.isascii():
        return ""
    first, second = (part.token for part in parts)
    joined = first.exact + second.exact.lower()
    is_name = first.exact[:1].isupper() and not first.exact.isupper() and joined.isalpha()
    return joined if is_name and len(joined) > _SHORTEST_RESPELT and joined.lower() not in ORDINARY else ""


_EUROPEAN = {"европейский": "Евро", "европейская": "Евро", "європейський": "Євро", "європейська": "Євро"}


def _contracted(name: str, type_: str) -> str:
    """Евросоюз for Европейский союз; empty where the name is made otherwise."""
    words = name.split()
    if type_ != "organisation" or len(words) != _FULL_NAME:
        return ""
    start = _EUROPEAN.get(words[0].casefold(), "")
    return start + words[1].lower() if start else ""


def _in_full(name: str, type_: str) -> str:
    """Европейский союз for Евросоюз, the other way round; empty where the name is made otherwise."""
    lower = name.casefold()
    for short, masculine, feminine in _IN_FULL:
        noun = lower.removeprefix(short)
        if type_ == "organisation" and noun != lower and len(noun) > len(short) and " " not in noun:
            return f"{feminine if noun[-1] in 'ая' else masculine} {noun}"
    return ""


_IN_FULL = (("евро", "Европейский", "Европейская"), ("євро", "Європейський", "Європейська"))


def _shapes(name: str, type_: str, gender: str, how: tuple[str, ...], *, is_surname: bool) -> Iterator[Shape]:
    """Inflected shapes, then respellings with their inflected shapes."""
    yield from _inflected(name, type_, gender, how, is_surname=is_surname)
    for text, school in _respelt(name, type_):
        steps = (*how, f"{text}: {school}")
        yield Shape(phrase=_phrase(text), text=text, how=steps, is_surname=is_surname)
        yield from _inflected(text, type_, gender, steps, is_surname=is_surname)


def _inflected(name: str, type_: str, gender: str, how: tuple[str, ...], *, is_surname: bool) -> Iterator[Shape]:
    for one in inflections(name, type_, gender):
        yield Shape(phrase=one.phrase, text=name, how=(*how, f"{one.case}, {one.paradigm}"), is_surname=is_surname)
    plural = _with_s(name, type_)
    if plural:
        yield Shape(phrase=_phrase(plural), text=name, how=(*how, "genitive or plural -s"), is_surname=is_surname)


def _with_s(name: str, type_: str) -> str:
    """German genitive, English plural of a demonym; an English possessive needs no form."""
    last = name[-1:]
    if type_ not in ("person", "place") or not (last.isascii() and last.isalpha()) or name.isupper():
        return ""
    return "" if last in "sxzSXZ" else f"{name}s"


def _respelt(name: str, type_: str) -> Iterator[tuple[str, str]]:
    """Other spellings of people's and places' names, and of other names of one word."""
    words = name.split()
    if type_ not in ("person", "place") and len(words) > 1:
        return
    if name.isupper() or not all(word[:1].isupper() for word in words):
        return
    letters = name.casefold()
    if name.isascii():
        if type_ == "person" and is_slavic(name):
            yield from _through_cyrillic(name)
    elif _CYRILLIC & set(letters):
        is_ukrainian = bool(set("іїєґ") & set(letters)) or "ськ" in letters
        yield from _worth(latin_spellings(name, is_ukrainian=is_ukrainian))
        if not is_ukrainian and not set("ыэёъ") & set(letters):
            yield from _worth(latin_spellings(name, is_ukrainian=True))


def _through_cyrillic(name: str) -> Iterator[tuple[str, str]]:
    """A Slavic name that is only given in Latin letters: in Cyrillic, and from there by the schools."""
    for one in cyrillic_spellings(name):
        yield one.text, one.school
        yield from _worth(latin_spellings(one.text, is_ukrainian="uk" in one.school))


def _worth(spellings: Iterator[Spelling]) -> Iterator[tuple[str, str]]:
    """Without what is too short to be told from other names, or an ordinary word."""
    for one in spellings:
        if len(one.text) >= _SHORTEST_RESPELT and one.text.lower() not in ORDINARY:
            yield one.text, one.school


_CYRILLIC = frozenset("абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґ")
_SHORTEST_RESPELT = 4


def _phrase(text: str) -> Phrase:
    return tuple(part.token.term for part in parts_of(text))
