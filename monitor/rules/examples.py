"""Examples of a rule: headlines that it must and must not match.

A headline says nothing of outlet, tags, language, link, author, category, summary or body. What a query asks of these
is taken to be as the rule would have it: `tag:russia AND draft` must match *Draft begins*, and would match
*Theatre drafts a new season* too, since that may well stand in an outlet with this tag.
"""

from collections.abc import Iterator
from dataclasses import replace

from monitor.model.entries import Text
from monitor.model.rules import Examples, View
from monitor.rules.explain import explain
from monitor.rules.reading import Reading
from monitor.rules.sought import AllOf, AnyOf, InText, Sought, Without
from monitor.rules.tree import Field


def failing_examples(examples: Examples, sought: Sought) -> Iterator[tuple[str, str]]:
    """(`match.0` or `no_match.0`, what is wrong) for each example that does not hold."""
    words = _favoured(sought, wanted=True)
    for number, title in enumerate(examples.match):
        if isinstance(words, bool):
            continue
        verdict = explain(words, _headline(title))
        if not verdict.matched:
            yield f"match.{number}", f"does not match: {verdict.failed}"
    for number, title in enumerate(examples.no_match):
        if isinstance(words, bool):
            yield f"no_match.{number}", "must not match, but no word of a headline decides this rule"
            continue
        verdict = explain(words, _headline(title))
        if verdict.matched:
            parts = ", ".join(dict.fromkeys(each.part for each in verdict.evidence))
            yield f"no_match.{number}", f"must not match, but has {parts}"


def _headline(title: str) -> Reading:
    return Reading(View(text=Text(title=title)))


def _favoured(sought: Sought, *, wanted: bool) -> Sought | bool:
    """What remains for a headline to decide; True or False where nothing does. Under NOT the unwanted is absent."""
    match sought:
        case AllOf() | AnyOf():
            return _joined(sought, wanted=wanted)
        case Without():
            unwanted = _favoured(sought.unwanted, wanted=not wanted)
            return not unwanted if isinstance(unwanted, bool) else replace(sought, unwanted=unwanted)
        case InText() if Field.TITLE in sought.fields:
            return sought
    return wanted


def _joined(sought: AllOf | AnyOf, *, wanted: bool) -> Sought | bool:
    """One part that is settled settles the whole, or else falls away."""
    settling = isinstance(sought, AnyOf)
    parts = [_favoured(part, wanted=wanted) for part in sought.parts]
    if settling in parts:
        return settling
    kept = tuple(part for part in parts if not isinstance(part, bool))
    return replace(sought, parts=kept) if kept else not settling
