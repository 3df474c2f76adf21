"""Where declared names stand in the words of one field: the longest from the left, capitals looked at."""

from collections.abc import Iterator
from dataclasses import dataclass

from monitor.entities.naming import Form
from monitor.entities.roster import Roster
from monitor.text.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """A stretch of words that is a name, with all that it may be a name of."""

    field: str
    first: int
    end: int
    exact: tuple[str, ...]
    """the words as they are written"""
    forms: tuple[Form, ...]
    refused: tuple[tuple[Form, str], ...] = ()
    """forms that the words are, and why they are no mention all the same"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lettering:
    """How a field is written, since capitals say nothing where everything has one."""

    is_upper: bool
    is_title: bool

    @property
    def proves_nothing(self) -> bool:
        """Whether a capital may stand in any word."""
        return self.is_upper or self.is_title


def lettering(text: str) -> Lettering:
    """Return how a field is written. Title case: nearly all words that are not short have a capital, five at least."""
    words = [word for word in text.split() if word[:1].isalpha()]
    letters = "".join(words)
    if letters.isupper() and len(words) > 1:
        return Lettering(is_upper=True, is_title=False)
    weighty = [word for word in words if len(word) >= _WEIGHTY]
    capitals = sum(word[:1].isupper() for word in weighty)
    is_title = len(weighty) >= _ENOUGH and capitals >= _NEARLY_ALL * len(weighty)
    return Lettering(is_upper=False, is_title=is_title)


_WEIGHTY = 4
_ENOUGH = 4
_NEARLY_ALL = 0.8


def scan(roster: Roster, field: str, words: Words) -> Iterator[Find]:
    """Yield the finds of a field in reading order; those that overlap are of entities that say `inside`."""
    terms = words.terms
    reach = 0
    for at, term in enumerate(terms):
        lengths = roster.lengths.get(term)
        if lengths is None:
            continue
        for length in lengths:
            phrase = tuple(terms[at : at + length])
            is_barrier = phrase in roster.barriers
            forms = roster.forms.get(phrase, ())
            if (not forms and not is_barrier) or len(phrase) < length:
                continue
            if length > 1:
                forms = tuple(form for form in forms if not _is_broken(form, words, at, length))
            exact = [_exact(words, at + offset) for offset in range(length)]
            held, refused = _judged(forms, exact)
            if at < reach:
                held = [form for form in held if roster.profiles[form.name.entity].is_inside]
                refused = []
            if held or refused:
                yield Find(
                    field=field,
                    first=at,
                    end=at + length,
                    exact=tuple(exact),
                    forms=tuple(held),
                    refused=tuple(refused),
                )
            if (held or is_barrier) and at >= reach:
                reach = at + length  # what is shorter from here on stands inside


def _judged(forms: tuple[Form, ...], exact: list[str]) -> tuple[list[Form], list[tuple[Form, str]]]:
    held: list[Form] = []
    refused: list[tuple[Form, str]] = []
    for form in forms:
        flaw = _flaw(form, exact)
        if flaw:
            refused.append((form, flaw))
        else:
            held.append(form)
    return held, refused


def _flaw(form: Form, exact: list[str]) -> str:
    """Why the words, as they are written, are not this form; empty where they are."""
    if form.name.case == "exact" and not form.how:
        written = [part for part in _split(form.name.text) if part]
        if written != exact and not (all(word.isupper() for word in exact) and len(exact[0]) > 1):
            return f"written otherwise than {form.name.text!r}"
    if form.is_shouted and not exact[0][:2].isupper():
        return "not written in capitals"
    if any(wanted and word.islower() for wanted, word in zip(form.capitals, exact, strict=False)):
        return "not written with a capital"
    return ""


def _is_broken(form: Form, words: Words, at: int, length: int) -> bool:
    """Whether signs stand between the words that part names, as in *Pfizer / BioNTech*."""
    for place in range(at, at + length - 1):
        end, start = words.span(place, place + 1)[1], words.span(place + 1, place + 2)[0]
        gap = words.text[end:start]
        if len(gap) > 1 or gap not in _JOINING:
            is_initial = len(words.terms[place]) == 1
            signs = set(gap) & _PARTING if not is_initial else set(gap) & _PARTING - {"."}
            if signs and not signs <= set(form.name.text):
                return True
    return False


_JOINING = frozenset({" ", "-", "'", "’", "", "\xa0"})
_PARTING = frozenset(".,;:/|()[]!?…•\n")


def _split(text: str) -> list[str]:
    words = Words(text)
    return [_exact(words, at) for at in range(len(words.terms))]


def _exact(words: Words, at: int) -> str:
    start, end = words.span(at, at + 1)
    return words.text[start:end]
