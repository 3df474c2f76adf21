"""The countries: their names from CLDR, through Babel, their demonyms and ambiguities from a list of our own."""

import re
from collections.abc import Callable, Iterator
from functools import cache

from monitor.model.rules import AliasSpec, EntitySpec

LANGUAGES = ("en", "ru", "uk", "de", "fr", "es", "pl", "it", "pt", "nl", "tr", "cs", "ro", "sv")
"""Languages that countries are named in."""

Lines = Callable[[str], Iterator[str]]


@cache
def countries(lines: Lines) -> tuple[EntitySpec, ...]:
    """Every country of the list, which says `CODE id: demonym; other name | context: … | not: …` a line."""
    from babel import Locale

    named = [{str(code): str(name) for code, name in Locale.parse(each).territories.items()} for each in LANGUAGES]
    return tuple(_country(line, named) for line in lines("countries"))


def _country(line: str, named: list[dict[str, str]]) -> EntitySpec:
    head, *options = line.split(" | ")
    about, _, others = head.partition(":")
    code, _, identity = about.partition(" ")
    said = {
        key: tuple(one.strip() for one in values.split(",")) for key, _, values in (o.partition(":") for o in options)
    }
    names = list(dict.fromkeys(name for territories in named for name in _names(territories[code])))
    extra = [name for one in others.split(";") if (name := one.strip())]
    aliases = dict.fromkeys((*names[1:], *extra))
    aliases.pop(names[0], None)
    return EntitySpec(
        id=identity,
        type="place",
        name=names[0],
        aliases=tuple(_alias(name) for name in aliases),
        context=said.get("context", ()),
        unless=said.get("not", ()),
        origin="countries",
    )


def _alias(name: str) -> str | AliasSpec:
    """Names of two letters are acronyms as they stand."""
    return AliasSpec(name=name, case="exact") if name.isupper() else name


_BRACKETED = re.compile(r"^(.*?) \((.*)\)$")


def _names(territory: str) -> tuple[str, ...]:
    """Myanmar (Burma) are two names; a dash with blanks joins one."""
    plain = territory.replace("ʼ", "'").replace(" - ", "-").replace(" – ", "-")
    found = _BRACKETED.match(plain)
    return (found[1], found[2]) if found else (plain,)
