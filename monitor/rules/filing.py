"""Files every rule under words that a text must have before the rule is worth evaluating.

This is the presearcher's whole knowledge of queries. What a leaf contributes are literal terms now; the literal that
a prefix or a regular expression requires can be filed the same way, and a faster scan can take the place of the
dictionary, without the rules noticing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from monitor.rules.sought import AllOf, AnyOf, InText, Sought

Rarity = Callable[[str], float]
"""Term → how often it is expected, relative to others: the rule is filed where it is looked at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """Rules by number, under the terms of which one must stand in a text."""

    filed: Mapping[str, tuple[int, ...]]
    always: tuple[int, ...]
    """rules that no word of the text can rule out"""


def file_rules(rules: Iterable[Sought], rarity: Rarity) -> Filing:
    """Return the filing of `rules`, numbered as they come: each under all terms of its cheapest set."""
    filed: dict[str, list[int]] = {}
    always: list[int] = []
    for number, sought in enumerate(rules):
        chosen = filing_terms(sought, rarity)
        if chosen is None:
            always.append(number)
            continue
        for term in chosen:
            filed.setdefault(term, []).append(number)
    return Filing(filed={term: tuple(numbers) for term, numbers in filed.items()}, always=tuple(always))


def filing_terms(sought: Sought, rarity: Rarity) -> frozenset[str] | None:
    """Return the least common set of terms of which a matching text has at least one; None where there is none."""
    match sought:
        case InText():
            return frozenset(min(phrase, key=rarity) for phrase in sought.phrases)
        case AllOf():
            sets = [terms for part in sought.parts if (terms := filing_terms(part, rarity)) is not None]
            return min(sets, key=lambda terms: sum(map(rarity, terms))) if sets else None
        case AnyOf():
            found = [filing_terms(part, rarity) for part in sought.parts]
            whole = [terms for terms in found if terms is not None]
            return frozenset().union(*whole) if len(whole) == len(found) else None
    return None


def required_terms(sought: Sought) -> frozenset[str]:
    """Return terms that a matching text has, every one of them."""
    match sought:
        case InText() if len(sought.phrases) == 1:
            return frozenset(sought.phrases[0])
        case AllOf():
            return frozenset().union(*(required_terms(part) for part in sought.parts))
    return frozenset()


def rarity_by(frequencies: Mapping[str, float]) -> Rarity:
    """Return a rarity by counted stories, and by length where a term was never counted: long words are rare."""
    return lambda term: frequencies.get(term, 0.0) + 2.0 ** -len(term)
