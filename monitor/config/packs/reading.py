"""Reads packs. A line is `id type: name; alias; alias`, then ` | key: value, value` for context, not and case."""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from monitor.config.packs.countries import countries
from monitor.model.rules import EntitySpec

NEWS = "news"
COUNTRIES = "countries"


def packed(names: Iterable[str]) -> tuple[EntitySpec, ...]:
    """The entities of packs, in the order of their names; one that is named twice counts once."""
    return tuple(spec for name in dict.fromkeys(names) for spec in (_news() if name == NEWS else countries(_lines)))


@cache
def _news() -> tuple[EntitySpec, ...]:
    return tuple(entity_in(line, NEWS) for line in _lines(NEWS))


def entity_in(line: str, pack: str) -> EntitySpec:
    """The entity that a line declares."""
    head, *options = line.split(" | ")
    about, _, names = head.partition(": ")
    identity, _, kind = about.partition(" ")
    name, *aliases = (one.strip() for one in names.split(";"))
    said = {key.strip(): _listed(values) for key, _, values in (option.partition(":") for option in options)}
    return EntitySpec(
        id=identity,
        type=kind,
        name=name,
        aliases=tuple(aliases),
        case=next(iter(said.get("case", ())), ""),
        context=said.get("context", ()),
        unless=said.get("not", ()),
        surname="no surname" not in said,
        origin=pack,
    )


def _listed(values: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in values.split(",") if one.strip())


def _lines(name: str) -> Iterator[str]:
    text = Path(__file__).with_name(f"{name}.txt").read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))
