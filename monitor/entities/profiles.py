"""What is known of an entity besides its forms: whose name it is not, and what tells it from its namesakes."""

from dataclasses import dataclass

from monitor.entities.given_names import given_forms, same_names
from monitor.entities.inflection import parts_of
from monitor.entities.ordinary import ORDINARY
from monitor.model.rules import AliasSpec, EntitySpec
from monitor.text.tokens import terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is known of an entity besides its forms."""

    type: str
    given: frozenset[str] = frozenset()
    """folded given names of a person, in all languages and cases"""
    initials: frozenset[str] = frozenset()
    telling: frozenset[str] = frozenset()
    """beginnings of the words in its other names, which tell it from others that share a name with it"""
    places: frozenset[str] = frozenset()
    """beginnings of an organisation's words that are places: whose ministry it is"""
    home: str = ""
    """beginning of the country that an organisation is of whose names say none, where their language has but one"""
    is_inside: bool = False


def profile_of(spec: EntitySpec, ordinary: frozenset[str], places: frozenset[str], shared: frozenset[str]) -> Profile:
    """Return the profile.

    `ordinary`: beginnings of words that tell nothing; `places`: terms that name a place; `shared`: ids of entities that
    have a name which others have as well.
    """
    names = [alias.name if isinstance(alias, AliasSpec) else alias for alias in spec.aliases]
    names.insert(0, spec.name)
    given: set[str] = set()
    if spec.type == "person":
        for name in names:
            parts = parts_of(name)
            if len(parts) > 1:
                given.update(same_names(parts[0].token.term) or (parts[0].token.term,))
    whose = frozenset(beginning(words[-1]) for name in names if len(words := terms(name)) > 1 and words[-1] in places)
    return Profile(
        type=spec.type,
        given=frozenset(form for name in given for form in given_forms(name)),
        initials=frozenset(name[0] for name in given),
        telling=frozenset(
            beginning(term)
            for name in names
            for term in terms(name)
            if len(term) > 1 and term not in ORDINARY and beginning(term) not in ordinary
        ),
        places=whose,
        home="" if whose or spec.context or spec.id not in shared else _home(names),
        is_inside=spec.inside,
    )


def is_common(name: str) -> bool:
    """Whether a name is made of common nouns (*Міністерство оборони*), which only a country makes a certain one's."""
    words = name.split()
    return len(words) > 1 and not name.isascii() and all(word.islower() for word in words[1:])


def _home(names: list[str]) -> str:
    """Ukraine, for an office with a Ukrainian name. What is Russian by its name may be of several countries."""
    is_ukrainian = any(is_common(name) and not _UKRAINIAN.isdisjoint(name.casefold()) for name in names)
    return beginning("україна") if is_ukrainian else ""


_UKRAINIAN = frozenset("іїєґ")


def beginning(term: str) -> str:
    """Return what the cases of a word have in common, roughly."""
    return term if len(term) < LONG else term[: max(LONG - 1, min(len(term) - 2, LONG))]


LONG = 5
"""Letters that the cases of a long word have in common."""
