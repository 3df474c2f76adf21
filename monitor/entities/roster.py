"""The declared entities, ready to be looked for: every form of every name, and whom it may mean."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from monitor.entities.clues import Clue, read_clue
from monitor.entities.expansion import Shape, expand, gender_in
from monitor.entities.given_names import given_forms, same_names
from monitor.entities.inflection import parts_of
from monitor.entities.ordinary import ORDINARY
from monitor.entities.scrutiny import Problem, problems_of
from monitor.model.rules import AliasSpec, EntitySpec
from monitor.text.tokens import terms, tokenise
from monitor.text.words import Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A declared name of an entity, and what it takes to be sure that a find means this entity."""

    entity: str
    text: str
    is_first: bool
    """whether it is the entity's own `name`, not an alias"""
    is_acronym: bool
    """whether it is made of the initials of another of the entity's names"""
    case: str
    context: tuple[Clue, ...]
    unless: tuple[Clue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A shape of a name as it is looked for."""

    name: Name
    phrase: Phrase
    how: tuple[str, ...]
    """the steps from the name as declared; empty: as declared"""
    capitals: tuple[bool, ...]
    """of each word: whether it must be written with a capital"""
    is_shouted: bool
    """whether it is a short acronym, which must be written in capitals"""
    is_surname: bool
    doubt: str = ""
    """why a find is only possible, whatever surrounds it but a sure mention; empty where there is no such reason"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is known of an entity besides its forms."""

    type: str
    given: frozenset[str] = frozenset()
    """folded given names of a person, in all languages and cases"""
    initials: frozenset[str] = frozenset()
    telling: frozenset[str] = frozenset()
    """beginnings of the words in its other names, which tell it from others that share a name with it"""
    is_inside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something about the declarations that is no mistake and that their author may want to know."""

    entity: str
    what: str


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
        return tuple(form for phrase in self.phrases[entity] for form in self.forms[phrase] if form.name.entity == entity)


def build_roster(specs: Iterable[EntitySpec]) -> Roster:
    """Return the roster of `specs`; of two entities of one id the first counts, and the second is a problem."""
    listed = tuple(specs)
    problems = problems_of(listed)
    kept: dict[str, EntitySpec] = {}
    for spec in listed:
        if spec.id.strip():
            kept.setdefault(spec.id, spec)
    notes: list[Note] = []
    forms = _without_clashes(_forms(kept.values()), notes)
    index: dict[Phrase, list[Form]] = {}
    by_entity: dict[str, list[Phrase]] = {entity: [] for entity in kept}
    for form in forms:
        index.setdefault(form.phrase, []).append(form)
        by_entity[form.name.entity].append(form.phrase)
    barriers = frozenset(_barriers(index))
    return Roster(
        phrases=MappingProxyType({entity: _longest_first(each) for entity, each in by_entity.items()}),
        types=MappingProxyType({entity: spec.type for entity, spec in kept.items()}),
        problems=problems,
        notes=(*_shared(index), *notes),
        profiles=MappingProxyType({entity: _profile(spec) for entity, spec in kept.items()}),
        forms=MappingProxyType({phrase: tuple(each) for phrase, each in index.items()}),
        lengths=MappingProxyType(_lengths((*index, *barriers))),
        barriers=barriers,
    )


def _forms(specs: Iterable[EntitySpec]) -> Iterator[Form]:
    for spec in specs:
        aliases = [alias if isinstance(alias, AliasSpec) else AliasSpec(name=alias) for alias in spec.aliases]
        names = (AliasSpec(name=spec.name), *aliases)
        gender = gender_in(tuple(each.name for each in names)) if spec.type == "person" else ""
        seen: set[Phrase] = set()
        # What is declared comes first: a form that another name has as well is that name, as written.
        expanded = [
            (_name(spec, each, at == 0, names), list(_expanded(spec, each, gender))) for at, each in enumerate(names)
        ]
        for declared in (True, False):
            for name, shapes in expanded:
                for shape in shapes:
                    if (not shape.how) is declared and shape.phrase not in seen:
                        seen.add(shape.phrase)
                        yield _form(spec, name, shape)


def _expanded(spec: EntitySpec, alias: AliasSpec, gender: str) -> Iterator[Shape]:
    is_wanted = spec.forms and alias.forms and alias.case != "exact"
    return expand(alias.name, spec.type, gender=gender, forms=is_wanted, surname=spec.surname)


def _name(spec: EntitySpec, alias: AliasSpec, is_first: bool, names: tuple[AliasSpec, ...]) -> Name:  # noqa: FBT001 - plain data
    is_single = len(terms(alias.name)) == 1
    return Name(
        entity=spec.id,
        text=alias.name,
        is_first=is_first,
        is_acronym=is_single and any(_initials(other.name) == terms(alias.name)[0] for other in names),
        case=alias.case or (spec.case if is_single else ""),
        context=_clues(alias.context or (spec.context if is_single else ())),
        unless=_clues((*alias.unless, *(spec.unless if is_single else ()))),
    )


def _initials(name: str) -> str:
    words = terms(name)
    return "".join(word[0] for word in words) if len(words) > 1 else ""


def _clues(texts: Iterable[str]) -> tuple[Clue, ...]:
    return tuple(clue for text in dict.fromkeys(texts) if (clue := read_clue(text)))


def _form(spec: EntitySpec, name: Name, shape: Shape) -> Form:
    tokens = tokenise(shape.text)
    is_caseless = name.case == "any"
    is_shouted = len(tokens) == 1 and tokens[0].exact.isupper() and 1 < len(tokens[0].exact) <= _SHORT
    has_capital = [token.exact[:1].isupper() for token in tokens]
    if spec.type != "person" and len(tokens) > 1:
        has_capital = [each and at == 0 for at, each in enumerate(has_capital)]
    doubt = ""
    if shape.how and len(shape.phrase) == 1 and shape.phrase[0] in ORDINARY and not name.context:
        doubt = f"{shape.phrase[0]!r} is an ordinary word"
    return Form(
        name=name,
        phrase=shape.phrase,
        how=shape.how,
        capitals=() if is_caseless else tuple(has_capital),
        is_shouted=is_shouted and not is_caseless,
        is_surname=shape.is_surname,
        doubt=doubt,
    )


_SHORT = 3
"""Letters of an acronym that must be in capitals: WHO; NATO is written Nato too."""


def _profile(spec: EntitySpec) -> Profile:
    names = [alias.name if isinstance(alias, AliasSpec) else alias for alias in spec.aliases]
    names.insert(0, spec.name)
    given: set[str] = set()
    if spec.type == "person":
        for name in names:
            parts = parts_of(name)
            if len(parts) > 1:
                given.update(same_names(parts[0].token.term) or (parts[0].token.term,))
    return Profile(
        type=spec.type,
        given=frozenset(form for name in given for form in given_forms(name)),
        initials=frozenset(name[0] for name in given),
        telling=frozenset(beginning(term) for name in names for term in terms(name)),
        is_inside=spec.inside,
    )


def beginning(term: str) -> str:
    """Return what the cases of a word have in common, roughly."""
    return term if len(term) < _LONG else term[: max(_LONG - 1, min(len(term) - 2, _LONG))]


_LONG = 5


def _without_clashes(forms: Iterable[Form], notes: list[Note]) -> Iterator[Form]:
    """Drop generated forms that are another entity's declared name, and surnames that several would be given."""
    listed = list(forms)
    declared: dict[Phrase, set[str]] = {}
    surnames: dict[Phrase, set[str]] = {}
    for form in listed:
        if not form.how:
            declared.setdefault(form.phrase, set()).add(form.name.entity)
        elif form.how[0] == "surname":
            surnames.setdefault(form.phrase, set()).add(form.name.entity)
    dropped: set[tuple[str, str, str]] = set()
    for form in listed:
        others = declared.get(form.phrase, set()) - {form.name.entity} if form.how else set()
        if form.how and form.how[0] == "surname":
            others |= surnames[form.phrase] - {form.name.entity}
        if not others:
            yield form
            continue
        key = (form.name.entity, form.name.text, ", ".join(sorted(others)))
        if key not in dropped:
            dropped.add(key)
            what = f"{' '.join(form.phrase)!r} ({'; '.join(form.how)} of {form.name.text!r}) left out: it names {key[2]} too"
            notes.append(Note(entity=form.name.entity, what=what))


def _shared(index: Mapping[Phrase, list[Form]]) -> Iterator[Note]:
    for phrase, forms in index.items():
        entities = list(dict.fromkeys(form.name.entity for form in forms))
        if len(entities) > 1 and any(not form.how for form in forms):
            what = f"{' '.join(phrase)!r} names {', '.join(entities[1:])} too: only possible until the story decides"
            yield Note(entity=entities[0], what=what)


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


