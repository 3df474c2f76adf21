"""What is wrong with the declarations of entities, each at the key that is to be changed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from monitor.entities.ordinary import ORDINARY
from monitor.model.rules import AliasSpec, EntitySpec
from monitor.text.tokens import terms

TYPES = ("person", "organisation", "place", "product", "event", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One mistake in one entity."""

    index: int
    """the place in the specs that were given, from 0"""
    entity: str
    key: tuple[str | int, ...]
    """where in the entity, such as `("aliases", 2)`"""
    what: str

    def __str__(self) -> str:
        """The mistake with the entity it is in."""
        return f"entity {self.entity!r}: {self.what}"


def problems_of(specs: tuple[EntitySpec, ...]) -> tuple[Problem, ...]:
    """Return every mistake, in the order of the declarations."""
    ids = {spec.id for spec in specs}
    first: dict[str, int] = {}
    found: list[Problem] = []
    for index, spec in enumerate(specs):
        before = first.setdefault(spec.id, index)
        for key, what in (*_identity(spec, before, index), *_names(spec), *_unknown_entities(spec, ids)):
            found.append(Problem(index=index, entity=spec.id, key=key, what=what))
    return tuple(found)


_Found = tuple[tuple[str | int, ...], str]


def _identity(spec: EntitySpec, before: int, index: int) -> Iterator[_Found]:
    if not spec.id.strip():
        yield ("id",), "it has no id"
    elif before != index and not spec.origin:
        yield ("id",), f"the id is used twice, first by entity number {before + 1}"
    if spec.type not in TYPES:
        yield ("type",), f"unknown type {spec.type!r}{_meant(spec.type, TYPES)}"


def _names(spec: EntitySpec) -> Iterator[_Found]:
    seen: set[str] = set()
    for key, alias in _stated(spec):
        words = terms(alias.name)
        if not words:
            yield key, f"{alias.name!r} has no letters or digits, so it names nothing"
        elif alias.name in seen:
            yield key, f"{alias.name!r} is stated twice"
        elif _is_generic(spec, alias, words):
            yield key, f"{alias.name!r} is an ordinary word, in every other story: give it context: or case: exact"
        seen.add(alias.name)


def _stated(spec: EntitySpec) -> Iterator[tuple[tuple[str | int, ...], AliasSpec]]:
    yield ("name",), AliasSpec(name=spec.name)
    for place, alias in enumerate(spec.aliases):
        yield ("aliases", place), alias if isinstance(alias, AliasSpec) else AliasSpec(name=alias)


def _is_generic(spec: EntitySpec, alias: AliasSpec, words: list[str]) -> bool:
    if len(words) != 1 or alias.context or spec.context:
        return False
    case = alias.case or spec.case
    is_lower = alias.name == alias.name.lower()
    if is_lower and words[0].isascii() and words[0].isdigit():
        return True
    if case == "exact":
        return is_lower and words[0] in ORDINARY
    is_open = is_lower or case == "any" or (len(words[0]) == 1 and not spec.forms)
    return words[0] in ORDINARY and is_open


def _unknown_entities(spec: EntitySpec, ids: set[str]) -> Iterator[_Found]:
    for key, clue in _clues(spec):
        prefix, _, name = clue.partition(":")
        if prefix == "entity" and name.strip() not in ids:
            yield key, f"unknown entity {name.strip()!r}{_meant(name.strip(), ids)}"
        elif prefix == "entity" and name.strip() == spec.id:
            yield key, "an entity cannot be its own context"
        elif not terms(clue):
            yield key, f"{clue!r} has no letters or digits, so it says nothing"


def _clues(spec: EntitySpec) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for key, clues in (("context", spec.context), ("not", spec.unless)):
        for place, clue in enumerate(clues):
            yield (key, place), clue
    for at, alias in enumerate(spec.aliases):
        if isinstance(alias, AliasSpec):
            for key, clues in (("context", alias.context), ("not", alias.unless)):
                for place, clue in enumerate(clues):
                    yield ("aliases", at, key, place), clue


def _meant(word: str, known: Iterable[str]) -> str:
    near = get_close_matches(word, sorted(known), n=1)
    return f", did you mean {near[0]!r}?" if near else ""
