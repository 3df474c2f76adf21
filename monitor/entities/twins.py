"""Entities that are declared twice: one type, one name, and nothing that could ever tell the one from the other."""

from collections.abc import Iterable, Iterator, Mapping

from monitor.entities.clashes import Note
from monitor.model.rules import AliasSpec, EntitySpec
from monitor.text.tokens import terms
from monitor.text.words import Phrase


def twins_of(specs: Iterable[EntitySpec]) -> Mapping[str, str]:
    """Return, for every entity that is declared twice, the id of the other.

    A mention of such a name is as sure for the one as for the other. Were it only possible, a rule on the one that has
    no name of its own would be silent for ever, which nobody could tell from no news; were it sure for the first
    alone, the order of two lines would decide who hears of a story. Acronyms are no such names: every country has
    its own *МОЗ*.
    """
    groups: dict[tuple[str, tuple[str, ...]], list[EntitySpec]] = {}
    for spec in specs:
        if not spec.origin and not spec.name.isupper() and _is_plain(spec):
            groups.setdefault((spec.type, tuple(terms(spec.name))), []).append(spec)
    found: dict[str, str] = {}
    for group in groups.values():
        # A third of that name, or other names that tell two apart, show a name that several have (Минздрав), no slip.
        if len(group) != _A_PAIR:
            continue
        one, other = group
        names, others = frozenset(_phrases(one)), frozenset(_phrases(other))
        if names <= others or others <= names:
            found |= {one.id: other.id, other.id: one.id}
    return found


_A_PAIR = 2


def twin_notes(twins: Mapping[str, str]) -> Iterator[Note]:
    """Yield what is told of them when they are loaded."""
    for entity, other in twins.items():
        yield Note(entity=entity, what=said_of_twin(other))


def said_of_twin(other: str) -> str:
    """Say that there is another, and what to do."""
    return f"declared twice, as {other!r} too: rules on either find both; keep one, or give each an alias of its own"


def _is_plain(spec: EntitySpec) -> bool:
    """Whether there is nothing but names."""
    is_more = any(isinstance(alias, AliasSpec) for alias in spec.aliases)
    return not (is_more or spec.context or spec.unless or spec.case)


def _phrases(spec: EntitySpec) -> Iterator[Phrase]:
    for alias in (spec.name, *spec.aliases):
        yield tuple(terms(alias.name if isinstance(alias, AliasSpec) else alias))
