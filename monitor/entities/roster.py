"""Which phrases name which declared entity."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from monitor.model.rules import EntitySpec
from monitor.text.tokens import terms
from monitor.text.words import Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """The declared entities. A mention is one of the phrases of an entity, word by word.

    Longer phrases come first. Whatever later widens the phrases of an entity (inflection, respelling) widens
    `phrases` alone; nothing that reads a roster has to change.
    """

    phrases: Mapping[str, tuple[Phrase, ...]] = field(default_factory=dict)
    """entity id → what names it, name and aliases, folded"""
    types: Mapping[str, str] = field(default_factory=dict)
    """entity id → `person`, `place` …"""
    problems: tuple[str, ...] = ()
    """what is wrong with the declarations, a line each"""


def build_roster(specs: Iterable[EntitySpec]) -> Roster:
    """Return the roster of `specs`; of two entities of one id the first counts, and the second is a problem."""
    phrases: dict[str, tuple[Phrase, ...]] = {}
    types: dict[str, str] = {}
    problems: list[str] = []
    for spec in specs:
        if not spec.id.strip():
            problems.append(f"entity named {spec.name!r} has no id")
        elif spec.id in phrases:
            problems.append(f"entity {spec.id!r} is declared twice")
        else:
            named = {name: tuple(terms(name)) for name in (spec.name, *spec.aliases)}
            problems += [
                f"entity {spec.id!r}: {name!r} has no letters or digits, so it names nothing"
                for name, phrase in named.items()
                if not phrase
            ]
            phrases[spec.id] = _longest_first(phrase for phrase in named.values() if phrase)
            types[spec.id] = spec.type
    return Roster(phrases=MappingProxyType(phrases), types=MappingProxyType(types), problems=tuple(problems))


def _longest_first(phrases: Iterable[Phrase]) -> tuple[Phrase, ...]:
    return tuple(sorted(dict.fromkeys(phrases), key=len, reverse=True))
