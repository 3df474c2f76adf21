"""Whose name it is by the words beside it: another given name or initial before a surname is another person."""

import re
from dataclasses import dataclass

from monitor.entities.given_names import all_given_forms, is_patronymic
from monitor.entities.naming import Form
from monitor.entities.paradigms import Case
from monitor.entities.profiles import LONG, Profile, beginning, is_common
from monitor.entities.roster import Roster
from monitor.entities.scanning import lettering
from monitor.text.folding import DASHES
from monitor.text.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbourhood:
    """What the words beside a find say: nothing, that it is this entity (and how far it reaches), or another's."""

    first: int
    end: int
    is_own: bool = False
    is_other: bool = False
    reason: str = ""


def whose(roster: Roster, form: Form, words: Words, first: int, end: int) -> Neighbourhood:
    """Return what the neighbours of the words from `first` to `end` say about one form found there."""
    here = Neighbourhood(first=first, end=end)
    profile = roster.profiles[form.name.entity]
    if _is_numbered_otherwise(roster, form, words, end):
        return _other(here, words, end)
    if profile.type == "organisation":
        return _of_a_place(roster, form, words, here)
    if end - first != 1:
        return here
    if profile.type == "person" and form.is_surname:
        return _alone(profile, words, here)
    if profile.type == "place" and first and _is_given(words, first - 1) and _gap(words, first) == " ":
        return _other(here, words, first - 1)
    return here


def _is_numbered_otherwise(roster: Roster, form: Form, words: Words, at: int) -> bool:
    """*Струмінь-5* is not what is declared as *Струмінь* and *Струмінь-4*. After a blank it may be any number."""
    if at >= len(words.terms) or not words.terms[at].isdecimal() or _gap(words, at) not in set(DASHES):
        return False
    return any(
        other.name.entity == form.name.entity
        for number in _NUMBERS
        for other in roster.forms.get((*form.phrase, number), ())
    )


_NUMBERS = tuple(map(str, range(1, 25)))
"""What things of one name are numbered by."""


def _of_a_place(roster: Roster, form: Form, words: Words, here: Neighbourhood) -> Neighbourhood:
    """A ministry of another country: *МИД Польши* is not the one that is declared with Germany in its names.

    Nor is it one that is declared in Ukrainian without a country, if others go by that name: the language has but one.
    """
    at = here.end
    profile = roster.profiles[form.name.entity]
    is_single = here.end - here.first == 1
    if not (profile.places if is_single else is_common(form.name.text)) and not (form.name.is_acronym and profile.home):
        return here
    if not profile.places and not profile.home:
        return here
    before = here.first - 1
    if before >= 0 and _gap(words, here.first) == " " and _is_of_another(roster, profile, words.terms[before]):
        return _other(here, words, before)
    if at >= len(words.terms) or _gap(words, at) != " " or _exact(words, at).islower():
        return here
    is_own = beginning(words.terms[at]) in (*profile.telling, profile.home)
    is_strange = not is_own and _is_place(roster, words, at, is_genitive=not is_single)
    return _other(here, words, at) if is_strange else here


def _is_of_another(roster: Roster, profile: Profile, term: str) -> bool:
    """Whether an adjective (*британский*, *польському*) is made of a declared place that is not this entity's."""
    if not _ADJECTIVE.search(term):
        return False
    starts = {term[:length] for length in (LONG - 1, LONG)}
    return not starts.isdisjoint(roster.lands) and starts.isdisjoint({*profile.telling, profile.home})


_ADJECTIVE = re.compile("..[сцз]ь?к(?:ий|ого|ому|им|ом|ім|ая|ой|ую|а|ої|ій|у|ою|ое|е|ие|их|ими|і)$")


def _is_place(roster: Roster, words: Words, at: int, *, is_genitive: bool) -> bool:
    """Whether a declared place stands there; in a case that says whose something is, if that is asked for."""
    for length in roster.lengths.get(words.terms[at], ()):
        for form in roster.forms.get(tuple(words.terms[at : at + length]), ()):
            is_whose = _exact(words, at).isupper() or any(step.startswith(Case.GENITIVE) for step in form.how)
            if roster.profiles[form.name.entity].type == "place" and (is_whose or not is_genitive):
                return True
    return False


def _alone(profile: Profile, words: Words, here: Neighbourhood) -> Neighbourhood:
    """A surname, a given name, or one that may be either, as *Павло* alone and *Павло Озеров*."""
    term = words.terms[here.first]
    found = here if term in profile.given else _before_surname(profile, words, here)
    is_given = term in profile.given or (found == here and term in all_given_forms())
    return _after_given(profile, words, here) if is_given else found


def _before_surname(profile: Profile, words: Words, here: Neighbourhood) -> Neighbourhood:
    at = here.first
    while at and _gap(words, at) == " " and is_patronymic(words.terms[at - 1]):
        at -= 1
    if not at:
        return here
    before, gap, exact = words.terms[at - 1], _gap(words, at), _exact(words, at - 1)
    if len(before) == 1 and exact.isupper() and gap in _AFTER_INITIAL:
        return _initial(profile, words, here, at - 1)
    if gap != " " or not exact[:1].isupper():
        return here
    if before in profile.given or any(_are_alike(before, given) for given in profile.given):
        return Neighbourhood(first=at - 1, end=here.end, is_own=True)
    return _other(here, words, at - 1) if profile.given and before in all_given_forms() else here


def _are_alike(one: str, other: str) -> bool:
    """Spellings of one given name often differ in their end alone: Кирил, Кирило."""
    return len(one) >= _LONG and len(other) >= _LONG and (one.startswith(other) or other.startswith(one))


_LONG = 5


def _after_given(profile: Profile, words: Words, here: Neighbourhood) -> Neighbourhood:
    """A given name alone: a strange surname behind it makes it somebody else's."""
    if here.end >= len(words.terms) or _gap(words, here.end) != " " or lettering(words.text).proves_nothing:
        return here
    following = _exact(words, here.end)
    is_name = following[:1].isupper() and not following.isupper() and not is_patronymic(words.terms[here.end])
    is_own = beginning(words.terms[here.end]) in profile.telling
    return _other(here, words, here.end) if is_name and not is_own else here


def _initial(profile: Profile, words: Words, here: Neighbourhood, at: int) -> Neighbourhood:
    """The nearest initial may be a father's: the first of two is the given name's."""
    first = at
    if at and len(words.terms[at - 1]) == 1 and _exact(words, at - 1).isupper() and _gap(words, at) in _AFTER_INITIAL:
        first = at - 1
    initial = words.terms[first]
    if initial in profile.initials:
        return Neighbourhood(first=first, end=here.end, is_own=True)
    scripts = {sign.isascii() for sign in profile.initials}
    if initial.isascii() in scripts:
        return _other(here, words, first)
    return here


_AFTER_INITIAL = frozenset({".", ". ", ".\xa0", " "})


def _other(here: Neighbourhood, words: Words, at: int) -> Neighbourhood:
    return Neighbourhood(
        first=here.first, end=here.end, is_other=True, reason=f"beside {_exact(words, at)!r} it is another's name"
    )


def _is_given(words: Words, at: int) -> bool:
    return words.terms[at] in all_given_forms() and _exact(words, at)[:1].isupper()


def _gap(words: Words, at: int) -> str:
    """What stands between a word and the one before."""
    return words.text[words.span(at - 1, at)[1] : words.span(at, at + 1)[0]].replace("\xa0", " ")


def _exact(words: Words, at: int) -> str:
    start, end = words.span(at, at + 1)
    return words.text[start:end]
