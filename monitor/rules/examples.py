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
from monitor.rules.sought import AllOf, AnyOf, AtLeast, InText, InWords, Mentioned, Nearby, Sought, Without
from monitor.rules.tree import Field


def failing_examples(examples: Examples, sought: Sought) -> Iterator[tuple[str, str]]:
    """(`match.0` or `no_match.0`, what is wrong) for each example that does not hold."""
    if not examples.match and not examples.no_match:
        return
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
            # One part that is settled settles the whole, or else falls away.
            settling = isinstance(sought, AnyOf)
            parts = [_favoured(part, wanted=wanted) for part in sought.parts]
            kept = tuple(part for part in parts if not isinstance(part, bool))
            if settling in parts or not kept:
                return settling if settling in parts else not settling
            return replace(sought, parts=kept)
        case Without():
            unwanted = _favoured(sought.unwanted, wanted=not wanted)
            return not unwanted if isinstance(unwanted, bool) else replace(sought, unwanted=unwanted)
        case InText() | InWords() | Mentioned() if Field.TITLE in sought.fields:
            return sought
        case Nearby() | AtLeast() if _may_stand_in_title(sought):
            return sought
    return wanted


def _may_stand_in_title(sought: Sought) -> bool:
    """Whether a title can have what is near or counted: both sides of NEAR, one of the alternatives."""
    match sought:
        case Nearby():
            return _may_stand_in_title(sought.left) and _may_stand_in_title(sought.right)
        case AtLeast():
            return _may_stand_in_title(sought.part)
        case AnyOf():
            return any(_may_stand_in_title(part) for part in sought.parts)
        case InText() | InWords() | Mentioned():
            return Field.TITLE in sought.fields
    return False
