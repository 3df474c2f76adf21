"""docs/queries.md tells the truth: each example is parsed and matched, each error is the one that comes."""

import re
from pathlib import Path

import pytest

from monitor.entities.roster import build_roster
from monitor.model.entries import Text
from monitor.model.rules import EntitySpec, RuleName, RuleSpec, View
from monitor.rules.parser import parse
from monitor.rules.ruleset import Ruleset, compile_ruleset

PAGE = (Path(__file__).parent.parent / "docs" / "queries.md").read_text(encoding="utf-8")
README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
ROSTER = build_roster(
    [
        EntitySpec(id="zelensky", type="person", name="Zelensky"),
        EntitySpec(id="kyiv", type="place", name="Kyiv"),
    ]
)


def blocks(kind: str) -> list[list[str]]:
    return [found.splitlines() for found in re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)]


def headline(line: str) -> View:
    language, title = re.fullmatch(r"[+-] (?:\[(\w+)\] )?(.*)", line).groups()  # type: ignore[union-attr]  # else fail
    return View(text=Text(title=title), language=language or "")


@pytest.mark.parametrize(
    ("query", "line"), [(query, line) for query, *lines in blocks("query") for line in lines], ids=str
)
def test_an_example_matches_or_does_not_as_the_page_says(query: str, line: str) -> None:
    """`+` is a match, `-` is none."""
    ruleset = compile_ruleset((RuleSpec(name=RuleName("docs"), query=query),), ROSTER)
    assert isinstance(ruleset, Ruleset), ruleset
    assert bool(ruleset.match(headline(line))) is line.startswith("+")


@pytest.mark.parametrize("block", blocks("refused"), ids=lambda block: block[0])
def test_an_error_reads_as_the_page_says(block: list[str]) -> None:
    """Column and message, and no other."""
    query, *expected = block
    mistakes = parse(query, ROSTER)
    assert isinstance(mistakes, tuple)
    assert [f"{mistake.column}: {mistake.what}" for mistake in mistakes] == expected


def test_every_query_in_the_readme_is_understood() -> None:
    """The first column of its table."""
    section = README.partition("### Queries")[2].partition("### ")[0]
    rows = [line.split(" | ")[0] for line in section.splitlines() if line.startswith("| `")]
    queries = [query for row in rows for query in re.findall(r"`([^`]+)`", row) if query != "( )"]
    assert len(queries) >= 15
    for query in queries:
        asked = query.replace("NOT a", "b NOT a") if query == "NOT a" else "b -a" if query == "-a" else query
        assert not isinstance(parse(asked, ROSTER), tuple), query


def test_the_page_has_examples_of_every_part() -> None:
    """So that nothing is taught untested."""
    queries = " ".join(query for query, *_ in blocks("query"))
    for part in ("NEAR/", "ONEAR/", "forms(", "count(", "entity:type:", '"~', "=Apple", "*", "/cease", "title:", "NOT"):
        assert part in queries
