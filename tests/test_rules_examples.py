"""Examples: headlines judged by what a headline can show."""

import pytest

from monitor.entities.roster import Roster
from monitor.model.rules import Examples
from monitor.rules.examples import failing_examples
from monitor.rules.parser import parse
from monitor.rules.sought import resolve
from monitor.rules.tree import Query


def failing(query: str, *, match: tuple[str, ...] = (), no_match: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    parsed = parse(query, Roster())
    assert isinstance(parsed, Query)
    return list(failing_examples(Examples(match=match, no_match=no_match), resolve(parsed.tree, Roster())))


@pytest.mark.parametrize(
    "query",
    [
        "tag:russia draft",
        "draft NOT tag:sport",
        "(tag:russia OR title:Russia) draft",
        "draft summary:summons",
        "draft NOT (tag:sport OR theatre)",
        "draft NOT (tag:sport theatre)",
        "lang:en link:news draft",
        "outlet:gazette",
    ],
)
def test_what_a_headline_cannot_show_is_taken_as_the_rule_would_have_it(query: str) -> None:
    """A rule with a scope can have examples."""
    assert failing(query, match=("Draft begins on Monday",)) == []


def test_words_still_decide() -> None:
    """And the part that failed is named."""
    assert failing("tag:russia draft", match=("Theatre season begins",)) == [("match.0", "does not match: needs draft")]
    assert failing("draft NOT (tag:sport OR theatre)", no_match=("Theatre drafts, a draft",)) == []
    assert failing("tag:russia draft", no_match=("Draft begins",)) == [("no_match.0", "must not match, but has draft")]


def test_a_rule_that_no_word_decides_can_exclude_no_headline() -> None:
    """It says so instead of pretending."""
    ((part, what),) = failing("outlet:gazette OR strike", no_match=("Spring arrives",))
    assert part == "no_match.0"
    assert "no word" in what


def test_a_scope_that_can_never_hold_leaves_the_other_branch() -> None:
    """As under NOT."""
    assert failing("regatta NOT (tag:x NOT tag:y)", match=("Regatta postponed",)) == []
    assert failing("(regatta AND NOT summary:wind) OR strike", match=("Strike over",)) == []
