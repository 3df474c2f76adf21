"""Whose name it is by the words beside it: another given name or initial before a surname is another person."""

from dataclasses import dataclass

from monitor.entities.given_names import all_given_forms, is_patronymic
from monitor.entities.naming import Form
from monitor.entities.profiles import Profile, beginning
from monitor.entities.roster import Roster
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
    if end - first != 1:
        return here
    if profile.type == "organisation":
        return _before_place(roster, profile, words, here)
    if profile.type == "person" and form.is_surname:
        is_given = words.terms[first] in profile.given
        return _after_given(profile, words, here) if is_given else _before_surname(profile, words, here)
    if profile.type == "place" and first and _is_given(words, first - 1) and _gap(words, first) == " ":
        return _other(here, words, first - 1)
    return here


def _before_place(roster: Roster, profile: Profile, words: Words, here: Neighbourhood) -> Neighbourhood:
    """A ministry of another country: *МИД Польши* is not the one that is declared with Germany in its names."""
    at = here.end
    if not profile.places or at >= len(words.terms) or _gap(words, at) != " " or _exact(words, at).islower():
        return here
    forms = roster.forms.get((words.terms[at],), ())
    is_place = any(roster.profiles[form.name.entity].type == "place" for form in forms)
    return _other(here, words, at) if is_place and beginning(words.terms[at]) not in profile.telling else here


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
    if here.end >= len(words.terms) or _gap(words, here.end) != " ":
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
