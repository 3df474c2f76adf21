"""A name with several words, declined: which of its words change, and which must agree."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product

from monitor.entities.given_names import is_patronymic, same_names
from monitor.entities.paradigms import OBLIQUE, Case, Kind, Language, Shapes
from monitor.entities.russian import RUSSIAN
from monitor.entities.ukrainian import UKRAINIAN
from monitor.text.folding import APOSTROPHES, DASHES
from monitor.text.tokens import Token, tokenise
from monitor.text.words import Phrase

MOST_IN_A_CASE = 24
"""Shapes of one name in one case and reading; usage wavers in a word or two, not in all of a long name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inflected:
    """A shape of a name, with the row of the tables that it comes from."""

    phrase: Phrase
    case: Case
    paradigm: str


@dataclass(frozen=True, slots=True)
class Part:
    """A token of a name, and how it hangs on the one before: by a blank, a hyphen or an apostrophe."""

    token: Token
    joint: str


@lru_cache(maxsize=10_000)
def parts_of(name: str) -> tuple[Part, ...]:
    """Return the tokens of a name with their joints."""
    tokens = tokenise(name)
    ends = (0, *(token.end for token in tokens))
    return tuple(Part(token, _joint(name[end : token.start])) for token, end in zip(tokens, ends, strict=False))


def inflections(name: str, type_: str, gender: str = "") -> Iterator[Inflected]:
    """Yield the oblique shapes of a nominative name; none where no table has words like these.

    `type_` is an entity's; `gender`, `m` or `f`, a person's, where it is known. Shapes may repeat.
    """
    parts = parts_of(name)
    for language in _languages(name):
        readings = _person(parts, language, gender) if type_ == "person" else _thing(parts, language, type_)
        for reading in readings:
            yield from _declined(reading)


Reading = tuple[tuple[str, Shapes], ...]
"""(paradigm, shapes) of each word of a name: one way to understand it"""


def _languages(name: str) -> tuple[Language, ...]:
    letters = name.casefold()
    if not _CYRILLIC.search(letters):
        return ()
    if _ONLY_UKRAINIAN.search(letters):
        return (UKRAINIAN,)
    return (RUSSIAN,) if _ONLY_RUSSIAN.search(letters) else (RUSSIAN, UKRAINIAN)


_CYRILLIC = re.compile("[а-я]")
_ONLY_UKRAINIAN = re.compile("[іїєґ]|[сцз]ьк")
_ONLY_RUSSIAN = re.compile(r"[ыэёъ]|(?:[аяи]я|[ое]е|ие)\b")


def _declined(reading: Reading) -> Iterator[Inflected]:
    changing = " + ".join(dict.fromkeys(paradigm for paradigm, _ in reading if paradigm))
    if not changing:
        return
    for case in OBLIQUE:
        columns = [shapes.get(case, shapes[Case.NOMINATIVE]) for _, shapes in reading]
        for phrase in islice(product(*columns), MOST_IN_A_CASE):
            yield Inflected(phrase=phrase, case=case, paradigm=changing)


def _person(parts: tuple[Part, ...], language: Language, gender: str) -> Iterator[Reading]:
    """Every word of a person's name changes, as far as it can; of the parts of a double one, all or the last."""
    last = max((at for at, part in enumerate(parts) if part.joint == " "), default=0)
    for is_whole in (True, False):
        if not is_whole and not any(part.joint == "-" for part in parts):
            return
        columns: list[list[tuple[str, Shapes]]] = []
        for at, part in enumerate(parts):
            is_cut_off = at + 1 < len(parts) and parts[at + 1].joint == "'"
            is_first_half = at + 1 < len(parts) and parts[at + 1].joint == "-" and not is_whole
            if is_cut_off or is_first_half or not _may_change(part.token):
                columns.append([_unchanged(part.token)])
                continue
            found = [
                row for kind in _kinds(parts, at, last) for row in language.inflected(part.token.term, kind, gender)
            ]
            columns.append(found or [_unchanged(part.token)])
        yield from islice(product(*columns), _MOST_READINGS)


_MOST_READINGS = 8


def _kinds(parts: tuple[Part, ...], at: int, last: int) -> tuple[Kind, ...]:
    term = parts[at].token.term
    if at < last or is_patronymic(term):
        return (Kind.GIVEN,)
    if last == 0 and same_names(term):
        return (Kind.GIVEN, Kind.SURNAME)
    return (Kind.SURNAME,)


def _thing(parts: tuple[Part, ...], language: Language, type_: str) -> Iterator[Reading]:
    """Adjectives agree with the first noun, which is the head; what follows it stays."""
    kind = Kind.PLACE if type_ == "place" else Kind.NOUN
    for adjectives in _leading_adjectives(parts, language):
        head = len(adjectives)
        if head == len(parts):  # an adjective by itself: Чернобыльская
            yield from (tuple(reading) for reading in islice(product(*adjectives), _MOST_READINGS))
            continue
        head = _inflecting_part(parts, head)
        before = [[_unchanged(part.token)] for part in parts[len(adjectives) : head]]
        rows = list(language.inflected(parts[head].token.term, kind)) if _may_change(parts[head].token) else []
        if parts[head].token.term.endswith("о"):
            rows.append(_unchanged(parts[head].token))  # бюро, радио
        if parts[head].joint == "-" or head + 1 == len(parts):
            rows += language.agreeing(parts[head].token.term)
        tail = [[_unchanged(part.token)] for part in parts[head + 1 :]]
        columns = [*adjectives, *before, rows or [_unchanged(parts[head].token)], *tail]
        yield from (tuple(reading) for reading in islice(product(*columns), _MOST_READINGS))


def _leading_adjectives(parts: tuple[Part, ...], language: Language) -> Iterator[list[list[tuple[str, Shapes]]]]:
    """Yield the run of adjectives at the beginning; and none of them, where the first could be a noun as well."""
    run: list[list[tuple[str, Shapes]]] = []
    before: list[list[tuple[str, Shapes]]] = []
    """the beginnings of a hyphenated or apostrophised adjective: северо-западный, об'єднане"""
    for part, following in zip(parts, (*parts[1:], None), strict=True):
        if following is not None and following.joint != " ":
            before.append([_unchanged(part.token)])
            continue
        rows = list(language.agreeing(part.token.term)) if _may_change(part.token) else []
        if not rows:
            break
        run += [*before, rows]
        before = []
    if len(run) == len(parts) > 1:
        run.pop()  # the last of them is the noun
    yield run
    for end in range(len(run) - 1, -1, -1):
        if parts[end].token.term.endswith(_NOUNS_TOO) and parts[end].joint != "-":
            yield run[:end]


_NOUNS_TOO = ("а", "я", "е", "і")


def _inflecting_part(parts: tuple[Part, ...], head: int) -> int:
    """Return which part of a hyphenated or apostrophised noun changes: the last, but Ростов of Ростов-на-Дону."""
    end = head
    while end + 1 < len(parts) and parts[end + 1].joint != " ":
        if parts[end + 1].joint == "-" and parts[end + 1].token.term in _PREPOSITIONS:
            return end
        end += 1
    return end


_PREPOSITIONS = frozenset({"на", "над", "под", "де", "сюр", "ле", "ан", "ам", "аль", "пид", "під", "о"})


def _may_change(token: Token) -> bool:
    """Acronyms stay unless they can be spoken as a word (МИД, ООН not); particles of names always do."""
    if token.exact.isupper() and len(token.exact) > 1:
        return bool(_SPOKEN.fullmatch(token.exact))
    return token.term not in _PARTICLES and len(token.term) > 1


_CONSONANT, _VOWEL = "[БВГДЖЗКЛМНПРСТФХЦЧШ]", "[АЕИОУЭЮЯІЇЄ]"
_SPOKEN = re.compile(f"{_CONSONANT}{_VOWEL}{_CONSONANT}|[А-ЯІЇЄҐ]{{6,}}")
_PARTICLES = frozenset(
    [
        "аль",
        "эль",
        "ель",
        "ибн",
        "бин",
        "бен",
        "бинт",
        "дер",
        "дос",
        "фон",
        "ван",
        "де",
        "да",
        "ди",
        "ла",
        "ле",
        "уль",
        "ул",
        "оглы",
        "заде",
    ]
)


def _unchanged(token: Token) -> tuple[str, Shapes]:
    return "", {Case.NOMINATIVE: (token.term,)}


def _joint(between: str) -> str:
    sign = between.strip()
    if between != sign or len(sign) != 1:
        return " "
    return "-" if sign in DASHES else "'" if sign in APOSTROPHES else " "
