"""Files every rule under words that a text must have before the rule is worth evaluating.

This is the presearcher's whole knowledge of queries: what each part contributes are keys, of which a text that
satisfies the part has one. A faster scan can take the place of the dictionaries without the rules noticing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from monitor.entities.roster import Roster
from monitor.rules.rarity import Rarity
from monitor.rules.reading import Reading
from monitor.rules.scan import Key, KeyKind, Numbers, Scan
from monitor.rules.shapes import AnyForm, Beginning, Matching, Shape, Spelt, Together, Within
from monitor.rules.sought import AllOf, AnyOf, AtLeast, InText, InWords, Mentioned, Nearby, Sought


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """Rules by number, under the keys of which a text must have one."""

    scan: Scan = field(default_factory=lambda: Scan({}), compare=False)
    always: Numbers = ()
    """rules that nothing in the text can rule out"""

    def candidates(self, reading: Reading) -> list[int]:
        """Return the numbers of the rules that may match, in order."""
        numbers = self.scan.numbers(reading)
        numbers.update(self.always)
        return sorted(numbers)


def file_rules(rules: Iterable[Sought], rarity: Rarity, roster: Roster | None = None) -> Filing:
    """Return the filing of `rules`, numbered as they come: each under all keys of its cheapest set.

    `roster` is the one that their entities were resolved with.
    """
    filed, always = filed_under(rules, rarity)
    return Filing(scan=Scan(filed, roster), always=always)


def filed_under(rules: Iterable[Sought], rarity: Rarity) -> tuple[dict[KeyKind, dict[str, Numbers]], Numbers]:
    """Return the rules under each key of each kind, and those that have no keys."""
    filed: dict[KeyKind, dict[str, list[int]]] = {kind: {} for kind in KeyKind}
    always: list[int] = []
    for number, sought in enumerate(rules):
        chosen = filing_keys(sought, rarity)
        if chosen is None:
            always.append(number)
            continue
        for key in chosen:
            filed[key.kind].setdefault(key.text, []).append(number)
    by_kind = {kind: {text: tuple(numbers) for text, numbers in those.items()} for kind, those in filed.items()}
    return by_kind, tuple(always)


def filing_keys(sought: Sought, rarity: Rarity) -> frozenset[Key] | None:  # noqa: PLR0911 - one for each kind of part
    """Return the least common set of keys of which a matching text has at least one; None where there is none."""
    match sought:
        case InText():
            return _rarest(sought.phrase, rarity)
        case InWords():
            return _of_shape(sought.shape, rarity)
        case Mentioned():
            return frozenset(Key(KeyKind.ENTITY, entity) for entity in sought.entities)
        case AllOf():
            return _cheapest([filing_keys(part, rarity) for part in sought.parts], rarity)
        case Nearby():
            return _cheapest([filing_keys(part, rarity) for part in (sought.left, sought.right)], rarity)
        case AtLeast():
            return filing_keys(sought.part, rarity)
        case AnyOf():
            found = [filing_keys(part, rarity) for part in sought.parts]
            whole = [keys for keys in found if keys is not None]
            return frozenset().union(*whole) if len(whole) == len(found) else None
    return None


def cost(keys: Iterable[Key], rarity: Rarity) -> float:
    """Return how often a text is expected to have one of these keys, relative to others."""
    return sum(_ENTITY if key.kind is KeyKind.ENTITY else _FACTORS[key.kind] * rarity(key.text) for key in keys)


_FACTORS = {KeyKind.TERM: 1.0, KeyKind.PREFIX: 4.0, KeyKind.FORM: 4.0, KeyKind.LITERAL: 8.0}
"""Several words begin alike or have one stem, more hold the same letters."""
_ENTITY = 2.0**-7
"""Who is worth declaring is named in one story of a hundred or so; the text is not asked for one spelling of many."""


def _cheapest(sets: list[frozenset[Key] | None], rarity: Rarity) -> frozenset[Key] | None:
    known = [keys for keys in sets if keys is not None]
    return min(known, key=lambda keys: cost(keys, rarity)) if known else None


def _of_shape(shape: Shape, rarity: Rarity) -> frozenset[Key] | None:
    match shape:
        case Together() | Within() | Spelt():
            return _rarest(shape.terms, rarity)
        case Beginning():
            return frozenset({Key(KeyKind.PREFIX, shape.start)})
        case AnyForm():
            return frozenset({Key(KeyKind.FORM, shape.term)})
        case Matching():
            required = shape.pattern.required
            return frozenset({Key(KeyKind.LITERAL, required)}) if required else None


def _rarest(terms: tuple[str, ...], rarity: Rarity) -> frozenset[Key]:
    return frozenset({Key(KeyKind.TERM, min(terms, key=rarity))})


def required_terms(sought: Sought) -> frozenset[str]:  # noqa: PLR0911 - one for each kind of part
    """Return terms that a matching text has, every one of them."""
    match sought:
        case InText():
            return frozenset(sought.phrase)
        case InWords() if isinstance(sought.shape, Together | Within | Spelt):
            return frozenset(sought.shape.terms)
        case Mentioned() if len(sought.phrases) == 1 and len(sought.phrases[0]) == 1:
            return frozenset(sought.phrases[0][0])
        case AllOf():
            return frozenset().union(*(required_terms(part) for part in sought.parts))
        case Nearby():
            return required_terms(sought.left) | required_terms(sought.right)
        case AtLeast():
            return required_terms(sought.part)
    return frozenset()
