"""Which of several entities a name means that they share."""

from collections.abc import Iterable, Mapping

from monitor.entities.capitals import is_as_declared
from monitor.entities.clues import Surroundings
from monitor.entities.naming import Form
from monitor.entities.profiles import LONG, beginning
from monitor.entities.roster import Roster
from monitor.entities.scanning import Find, Lettering


def meant(
    roster: Roster, forms: tuple[Form, ...], story: Surroundings, find: Find, written: Lettering
) -> tuple[frozenset[str], str]:
    """Return the entities that speak most for themselves, and by what; more than one where the story does not decide.

    In order of weight: a word of the entity's other names right beside the find; that it declares the name in these
    capitals; that the name is the entity's own first name or acronym, not an alias; that it is short for a fuller name,
    where the others have no other name at all; a sure mention of the entity by another name; such a word elsewhere.
    """
    shared = frozenset(beginning(term) for term in forms[0].phrase)
    telling = {form.name.entity: roster.profiles[form.name.entity].telling - shared for form in forms}
    common = frozenset.intersection(*telling.values())
    telling = {entity: words - common for entity, words in telling.items()}
    terms = story.texts[find.field].terms
    beside = {
        beginning(term)
        for term in (*terms[max(0, find.first - _BESIDE) : find.first], *terms[find.end : find.end + _BESIDE])
    }
    everywhere = {beginning(term) for term in story.vocabulary}
    entities = frozenset(telling)
    for candidates, reason in (
        (
            _some(
                entity
                for entity in entities
                if telling[entity] & beside or any(word.startswith(_long(telling[entity])) for word in beside)
            ),
            "a word of its other names stands beside it",
        ),
        (_some(form.name.entity for form in forms if is_as_declared(form, find.exact, written)), AS_DECLARED),
        (_some(form.name.entity for form in forms if _is_own(form)), OWN_NAME),
        (_in_full(forms, telling), IN_FULL),
        (entities & story.entities, "the story names it otherwise too"),
        (
            _some(entity for entity in entities if telling[entity] & everywhere),
            "the story has a word of its other names",
        ),
        (_some(form.name.entity for form in forms if not form.how), "it is declared as it stands"),
    ):
        if candidates:
            entities = candidates & entities or entities
            if len(entities) == 1:
                return entities, reason
    return entities, ""


def _long(words: frozenset[str]) -> tuple[str, ...]:
    """Return the beginnings that are long enough to be an adjective's too: *росс-* of *российский*."""
    return tuple(word for word in words if len(word) >= LONG - 1)


AS_DECLARED = "it is declared in these capitals"
OWN_NAME = "it is its own name"
IN_FULL = "it is short for its other name"
"""Reasons that speak for one entity and not against the others, which stay possible."""

_BESIDE = 2


def _some(entities: Iterable[str]) -> frozenset[str]:
    return frozenset(entities)


def _in_full(forms: tuple[Form, ...], telling: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Of whom an acronym is known to be one, if nothing else is known of the others."""
    known = _some(form.name.entity for form in forms if form.name.is_acronym)
    return known if not any(telling[form.name.entity] for form in forms if form.name.entity not in known) else _some(())


def _is_own(form: Form) -> bool:
    return form.name.is_first or form.name.is_acronym
