"""Matching: where a rule finds a view, and where it does not."""

import pytest

from monitor.entities.roster import build_roster
from monitor.model.entries import Text
from monitor.model.rules import EntitySpec, Evidence, RuleName, RuleSpec, View
from monitor.rules.matching import MOST_PER_PART
from monitor.rules.reading import Reading
from monitor.rules.ruleset import Ruleset, compile_ruleset

ROSTER = build_roster(
    [EntitySpec(id="mayor", name="Ana Roe", aliases=("Roe", "Ана Роу")), EntitySpec(id="ghost", name="—")]
)
NAME = RuleName("watch")


def ruleset(*queries: str) -> Ruleset:
    """Return a ruleset of these queries, named `watch`, `watch2` …."""
    names = [NAME, *(RuleName(f"watch{number}") for number in range(2, len(queries) + 1))]
    specs = tuple(RuleSpec(name=name, query=query) for name, query in zip(names, queries, strict=True))
    compiled = compile_ruleset(specs, ROSTER)
    assert isinstance(compiled, Ruleset), compiled
    return compiled


def found(query: str, view: View) -> list[tuple[str, str, str]]:
    """Return (field, words in the original, part) of the evidence."""
    stated = {
        "title": view.text.title,
        "summary": view.text.summary,
        "body": view.text.body,
        "link": view.link,
        "lang": view.language,
        "outlet": "".join(view.outlets[:1]),
        "tag": "".join(view.tags[:1]),
        "author": "".join(view.authors[:1]),
        "category": "".join(view.categories[:1]),
    }
    return [
        (each.field, stated[each.field][each.start : each.end], each.part)
        for match in ruleset(query).match(view)
        for each in match.evidence
    ]


def story(title: str = "", summary: str = "", body: str = "") -> View:
    """Return a view of these words alone."""
    return View(text=Text(title=title, summary=summary, body=body))


def test_evidence_points_into_the_original_text() -> None:
    """Folding happens on the way; offsets are those of the stored text, without the possessive."""
    view = story("“Élysée’s PEACE—TALKS”", body="no talks")
    assert ruleset('elysee "peace talks"').match(view)[0].evidence == (
        Evidence(field="title", start=1, end=7, part="elysee"),
        Evidence(field="title", start=10, end=21, part='"peace talks"'),
    )


def test_and_spans_the_fields_of_one_entry() -> None:
    """One word in the title and one in the body are enough, and each says where it was."""
    assert found("harbour strike", story("Strike spreads", body="at the harbour")) == [
        ("body", "harbour", "harbour"),
        ("title", "Strike", "strike"),
    ]


def test_phrases_do_not_span_fields() -> None:
    """The end of the title and the beginning of the summary make no phrase."""
    assert found('"peace talks"', story("Hopes of peace", "Talks resume")) == []


def test_all_alternatives_that_hold_give_evidence_and_negatives_none() -> None:
    """An alert can show every word that counted."""
    view = story("Truce holds, ceasefire line quiet", "truce")
    assert found("(truce OR ceasefire OR armistice) NOT sport", view) == [
        ("summary", "truce", "truce"),
        ("title", "Truce", "truce"),
        ("title", "ceasefire", "ceasefire"),
    ]
    assert found("truce NOT quiet", view) == []


def test_an_alternative_that_does_not_hold_gives_no_evidence() -> None:
    """Half of an AND counts for nothing."""
    assert found("(truce sport) OR line", story("truce line")) == [("title", "line", "line")]


def test_a_field_restricts_a_word_a_phrase_and_a_group() -> None:
    """Evidence names the part with its field."""
    view = story("Talks resume", "truce agreed", "peace talks")
    assert found("title:talks", view) == [("title", "Talks", "title:talks")]
    assert found("title:truce", view) == []
    assert found('body:"peace talks"', view) == [("body", "peace talks", 'body:"peace talks"')]
    assert found("lead:(truce OR talks)", view) == [("summary", "truce", "summary:truce")]
    assert found("talks NOT title:(resume peace)", view) != []
    assert found("talks NOT title:resume", view) == []


@pytest.mark.parametrize(
    ("query", "view", "evidence"),
    [
        ('outlet:"moscow times"', View(text=Text(), outlets=("The Moscow Times",)), ("outlet", "Moscow Times")),
        ("source:moscow", View(text=Text(), outlets=("The Moscow Times",)), ("outlet", "Moscow")),
        ("tag:élysée", View(text=Text(), tags=("ELYSEE",)), ("tag", "ELYSEE")),
        ("lang:en", View(text=Text(), language="en-GB"), ("lang", "en")),
        ("author:roe", View(text=Text(), authors=("Ana Roe",)), ("author", "Roe")),
        ("category:sport", View(text=Text(), categories=("Water sport",)), ("category", "sport")),
        ("link:/Opinion/", View(text=Text(), link="https://x.example/opinion/1"), ("link", "/opinion/")),
        ("link:x.example", View(text=Text(), link="https://x.example/opinion/1"), ("link", "x.example")),
    ],
)
def test_other_fields_are_found_in_their_values(query: str, view: View, evidence: tuple[str, str]) -> None:
    """Names match word by word, a link by its characters; offsets count in the value."""
    ((field, words, _),) = found(query, view)
    assert (field, words) == evidence


@pytest.mark.parametrize("query", ["lang:gb", "lang:e", "outlet:time", "link:talks", "tag:truce"])
def test_other_fields_match_neither_half_words_nor_the_text(query: str) -> None:
    """A language is read from its beginning, and no field looks into another."""
    view = View(text=Text(title="talks truce"), language="en-GB", outlets=("The Times",), link="https://x.example/")
    assert found(query, view) == []


def test_an_entity_is_found_by_any_alias_and_shown_by_its_longest() -> None:
    """A surname inside the full name is no second find; one elsewhere is."""
    view = story("Ana Roe’s plan", "Roe: no comment", "План: Ана Роу")
    assert found("entity:mayor", view) == [
        ("body", "Ана Роу", "entity:mayor"),
        ("summary", "Roe", "entity:mayor"),
        ("title", "Ana Roe", "entity:mayor"),
    ]
    assert found("title:entity:mayor", story("x", "Roe")) == []
    assert found("entity:ghost OR plan", view) == [("title", "plan", "plan")]


def test_words_of_scripts_without_spaces_are_phrases() -> None:
    """A word is found inside a run of characters."""
    assert found("停戦", story("即時停戦を")) == [("title", "停戦", '"停戦"')]


def test_evidence_is_bounded_for_each_part() -> None:
    """The first occurrences in the order of reading are kept, of every part."""
    view = story("truce", body="truce talks " * 50)
    evidence = found("truce talks", view)
    assert len([each for each in evidence if each[2] == "truce"]) == MOST_PER_PART
    assert len([each for each in evidence if each[2] == "talks"]) == MOST_PER_PART
    assert evidence[-1] == ("title", "truce", "truce")
    link = View(text=Text(), link="a" * 99)
    assert len(found("link:a", link)) == MOST_PER_PART


def test_only_rules_whose_words_stand_in_the_text_are_evaluated() -> None:
    """A rule is filed under its rarest required word, an alternative under each branch, the rest are always read."""
    rules = ruleset("a harbour", "truce OR ceasefire", "lang:en", "lang:en truce", 'entity:mayor OR "peace talks"')
    assert rules.candidates(Reading(story("a b c"))) == [2]
    assert rules.candidates(Reading(story("harbour"))) == [2]
    assert rules.candidates(Reading(story("harbour a"))) == [0, 2]
    assert rules.candidates(Reading(story("x", "ceasefire"))) == [1, 2]
    assert rules.candidates(Reading(story("", "", "truce peace roe"))) == [1, 2, 3, 4]
    assert rules.match(story("peace")) == ()


def test_frequencies_decide_where_a_rule_is_filed() -> None:
    """A long word that is in every story is a worse place than a short rare one."""
    spec = RuleSpec(name=NAME, query="parliamentarian yacht")
    plain = compile_ruleset((spec,), ROSTER)
    counted = compile_ruleset((spec,), ROSTER, {"parliamentarian": 900.0})
    assert isinstance(plain, Ruleset)
    assert isinstance(counted, Ruleset)
    assert set(plain.filing.scan.terms) == {"parliamentarian"}
    assert set(counted.filing.scan.terms) == {"yacht"}


def test_an_empty_view_matches_nothing_and_an_empty_ruleset_finds_nothing() -> None:
    """Nothing is found in nothing."""
    assert ruleset("truce", "lang:en").match(story()) == ()
    assert Ruleset().match(story("truce")) == ()
