"""The declared entities, ready to be looked for: every form of every name, and whom it may mean."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from monitor.entities.clashes import Note, shared_names, without_clashes
from monitor.entities.naming import Form, forms_in
from monitor.entities.ordinary import ORDINARY
from monitor.entities.profiles import LONG, Profile, beginning, profile_of
from monitor.entities.scrutiny import Problem, problems_of
from monitor.entities.twins import twin_notes, twins_of
from monitor.model.rules import EntitySpec
from monitor.text.words import Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """The declared entities."""

    phrases: Mapping[str, tuple[Phrase, ...]] = field(default_factory=dict)
    """entity id → everything that names it, folded, longest first"""
    types: Mapping[str, str] = field(default_factory=dict)
    """entity id → `person`, `place` …"""
    problems: tuple[Problem, ...] = ()
    notes: tuple[Note, ...] = ()
    profiles: Mapping[str, Profile] = field(default_factory=dict)
    forms: Mapping[Phrase, tuple[Form, ...]] = field(default_factory=dict)
    """phrase → the forms that it is, of one entity or of several"""
    lengths: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """first term of a phrase → how many terms such phrases have, longest first"""
    barriers: frozenset[Phrase] = frozenset()
    """longer names that declared names are no mention in: Georgia Tech"""
    lands: frozenset[str] = frozenset()
    """beginnings of the names of declared places"""
    twins: Mapping[str, str] = field(default_factory=dict)
    """entity id → the id under which it is declared a second time"""

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids in the order of declaration."""
        return tuple(self.types)

    def filing_terms(self, entity: str) -> frozenset[str]:
        """Return terms of which one stands in every text that mentions an entity; raises KeyError."""
        chosen: set[str] = set()
        for phrase in reversed(self.phrases[entity]):
            if chosen.isdisjoint(phrase):
                chosen.add(max(phrase, key=len))
        return frozenset(chosen)

    def forms_of(self, entity: str) -> tuple[Form, ...]:
        """Return the forms of an entity, in the order of its names; raises KeyError."""
        return tuple(
            form for phrase in self.phrases[entity] for form in self.forms[phrase] if form.name.entity == entity
        )


def build_roster(specs: Iterable[EntitySpec]) -> Roster:
    """Return the roster of `specs`; of two entities of one id the first counts, and the second is a problem."""
    listed = tuple(specs)
    problems = problems_of(listed)
    kept: dict[str, EntitySpec] = {}
    for spec in listed:
        if spec.id.strip():
            kept.setdefault(spec.id, spec)
    notes = [
        Note(entity=spec.id, what=f"declared here, so the one of the pack {spec.origin} is left out")
        for spec in listed
        if spec.origin and kept.get(spec.id) is not spec
    ]
    lent = frozenset(entity for entity, spec in kept.items() if spec.origin)
    twins = twins_of(kept.values())
    forms = without_clashes(forms_in(kept.values()), lent, twins, notes)
    index: dict[Phrase, list[Form]] = {}
    by_entity: dict[str, list[Phrase]] = {entity: [] for entity in kept}
    for form in forms:
        index.setdefault(form.phrase, []).append(form)
        by_entity[form.name.entity].append(form.phrase)
    barriers = frozenset(_barriers(index))
    places = frozenset(
        phrase[0] for phrase, each in index.items() if len(phrase) == 1 and kept[each[0].name.entity].type == "place"
    )
    shared = frozenset(_sharing(index))
    ordinary = frozenset(beginning(term) for term in ORDINARY if len(term) > LONG)
    return Roster(
        phrases=MappingProxyType({entity: _longest_first(each) for entity, each in by_entity.items()}),
        types=MappingProxyType({entity: spec.type for entity, spec in kept.items()}),
        problems=problems,
        notes=(*shared_names(index, twins), *twin_notes(twins), *notes),
        profiles=MappingProxyType(
            {entity: profile_of(spec, ordinary, places, shared) for entity, spec in kept.items()}
        ),
        forms=MappingProxyType({phrase: tuple(each) for phrase, each in index.items()}),
        lengths=MappingProxyType(_lengths((*index, *barriers))),
        barriers=barriers,
        lands=frozenset(beginning(place) for place in places if len(place) >= LONG) - ordinary,
        twins=MappingProxyType(twins),
    )


def _sharing(index: Mapping[Phrase, list[Form]]) -> Iterator[str]:
    """Yield the ids of entities of which a name is another's too, or is all but the last word of it."""
    for phrase, forms in index.items():
        alike = {form.name.entity for form in (*forms, *index.get(phrase[:-1], ()))}
        if len(alike) > 1:
            yield from alike


def _barriers(index: Mapping[Phrase, list[Form]]) -> Iterator[Phrase]:
    """Yield what `not` says that is longer than the name which it contains."""
    for form in {form.name.text: form for forms in index.values() for form in forms if form.name.unless}.values():
        for clue in form.name.unless:
            yield from (phrase for phrase in clue.phrases if len(phrase) > 1)


def _lengths(phrases: Iterable[Phrase]) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = {}
    for phrase in phrases:
        found.setdefault(phrase[0], set()).add(len(phrase))
    return {first: tuple(sorted(each, reverse=True)) for first, each in found.items()}


def _longest_first(phrases: Iterable[Phrase]) -> tuple[Phrase, ...]:
    return tuple(sorted(dict.fromkeys(phrases), key=len, reverse=True))
