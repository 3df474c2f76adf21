"""Says in words why a rule found a view or did not."""

from collections.abc import Iterator
from dataclasses import dataclass

from monitor.model.rules import Evidence
from monitor.rules.matching import find, match
from monitor.rules.nearness import count
from monitor.rules.occurrences import occurrences
from monitor.rules.pairs import side
from monitor.rules.reading import Reading
from monitor.rules.sought import (
    AllOf,
    AnyOf,
    AtLeast,
    InLink,
    InText,
    InValues,
    InWords,
    Mentioned,
    Nearby,
    Sought,
    Without,
)
from monitor.rules.tree import TEXT_FIELDS, Field


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a rule matched, where, and for a miss the smallest part of the query that made it fail."""

    matched: bool
    evidence: tuple[Evidence, ...] = ()
    failed: str = ""
    """such as `needs "peace talks"`, `excluded by sport (title)`, `none of ceasefire, truce`; empty for a match"""


def explain(sought: Sought, reading: Reading) -> Verdict:
    """Return the verdict on one view."""
    evidence = match(sought, reading)
    if evidence is not None:
        return Verdict(matched=True, evidence=evidence)
    return Verdict(matched=False, failed=blame(sought, reading))


def blame(sought: Sought, reading: Reading) -> str:
    """Name the part of a query that does not hold: what is missing before what is too much. Only for one that fails."""
    match sought:
        case AllOf():
            failing = [part for part in sought.parts if find(part, reading) is None]
            return blame(next((part for part in failing if not isinstance(part, Without)), failing[0]), reading)
        case AnyOf():
            return _blame_any(sought, reading)
        case Without():
            found = find(sought.unwanted, reading) or []
            fields = list(dict.fromkeys(each.field for each in sorted(found, key=_in_reading_order)))
            return f"excluded by {sought.unwanted.label}" + (f" ({', '.join(fields)})" if fields else "")
        case Nearby():
            return _blame_near(sought, reading)
        case AtLeast():
            return f"{sought.part.label} is there {count(sought, reading).number} times, needs {sought.least}"
    why = _unbelieved(sought, reading) if isinstance(sought, Mentioned) else ""
    return f"needs {sought.label}{_where(sought)}{why}"


def _unbelieved(sought: Mentioned, reading: Reading) -> str:
    """Why a name that stands there is not believed to mean the entity; empty where none does."""
    mentions = reading.mentions(sought.roster)
    for entity in sought.entities:
        for each in (*mentions.of(entity, is_possible=True), *mentions.rejected.get(entity, ())):
            if each.field in sought.fields:
                return f" ({each.alias!r} in the {each.field} is {each.certainty}: {each.reason})"
    return ""


def _blame_any(sought: AnyOf, reading: Reading) -> str:
    """Name what spoilt an alternative that was otherwise there, or else all alternatives."""
    for part in sought.parts:
        why = blame(part, reading)
        if why.startswith("excluded") or " apart, needs " in why:
            return why
    places = {_where(part) for part in sought.parts}
    where = places.pop() if len(places) == 1 else ""
    names = (part.label if where or not _where(part) else part.label + _where(part) for part in sought.parts)
    return f"none of {', '.join(names)}{where}"


def _blame_near(near: Nearby, reading: Reading) -> str:
    """Name the side that is missing, or how far the two are apart."""
    for part in (near.left, near.right):
        if not any(occurrences(part, field, reading) for field in reading.texts):
            return blame(part, reading)
    both = f"{near.left.label} and {near.right.label}"
    found = list(_distances(near, reading))
    if in_order := [distance for distance, is_in_order in found if is_in_order or not near.is_ordered]:
        return f"{both} stand {min(in_order)} words apart, needs {near.distance}"
    if found:
        return f"{near.right.label} stands before {near.left.label}, needs to follow it"
    if any(_both(near, field, reading) for field in reading.texts):
        return f"{both} are the same words, needs two"
    return f"{both} stand in different fields"


def _distances(near: Nearby, reading: Reading) -> Iterator[tuple[int, bool]]:
    """Yield how far each left side is from the nearest right one on either hand, and whether they are in order."""
    for field in reading.texts:
        right = side(occurrences(near.right, field, reading))
        for one in side(occurrences(near.left, field, reading)).by_first:
            if (after := right.nearest_after(one)) is not None:
                yield after, True
            if (before := right.nearest_before(one)) is not None:
                yield before, False


def _both(near: Nearby, field: Field, reading: Reading) -> bool:
    return bool(occurrences(near.left, field, reading) and occurrences(near.right, field, reading))


def _where(sought: Sought) -> str:
    """Return the field that a leaf is restricted to, as words."""
    match sought:
        case InText() | InWords() | Mentioned() if len(sought.fields) == len(TEXT_FIELDS):
            return ""
        case InText() | InWords() | Mentioned():
            return f" in the {sought.fields[0]}"
        case InValues():
            return f" as {_NAMES.get(sought.field, sought.field)}"
        case InLink():
            return " in the link"
    return ""


_NAMES = {Field.LANG: "language"}


def _in_reading_order(evidence: Evidence) -> int:
    names = [field.value for field in TEXT_FIELDS]
    return names.index(evidence.field) if evidence.field in names else len(names)
