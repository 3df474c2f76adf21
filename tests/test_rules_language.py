"""What each part of the language finds, where exactly, and why it does not: signs of many scripts included."""

import pytest

from monitor.entities.roster import build_roster
from monitor.model.entries import Text
from monitor.model.rules import EntitySpec, Examples, RuleName, RuleSpec, View
from monitor.rules.examples import failing_examples
from monitor.rules.filing import filing_keys
from monitor.rules.parser import MAX_LENGTH, parse
from monitor.rules.rarity import rarity_by
from monitor.rules.reading import Reading
from monitor.rules.ruleset import Ruleset, compile_ruleset
from monitor.rules.scan import Key, KeyKind
from monitor.rules.sought import Sought, resolve
from monitor.rules.tree import Query

ROSTER = build_roster([EntitySpec(id="mayor", type="person", name="Ana Roe", aliases=("Roe",))])
NAME = RuleName("watch")


def ruleset(query: str) -> Ruleset:
    compiled = compile_ruleset((RuleSpec(name=NAME, query=query),), ROSTER)
    assert isinstance(compiled, Ruleset), compiled
    return compiled


def sought(query: str) -> Sought:
    parsed = parse(query, ROSTER)
    assert isinstance(parsed, Query), parsed
    return resolve(parsed.tree, ROSTER)


def found(query: str, title: str, summary: str = "", language: str = "") -> list[str]:
    """The words found, in the original."""
    view = View(text=Text(title=title, summary=summary), language=language)
    return [
        getattr(view.text, each.field)[each.start : each.end]
        for match in ruleset(query).match(view)
        for each in sorted(match.evidence, key=lambda one: (one.field == "summary", one.start))
    ]


def failed(query: str, title: str, summary: str = "") -> str:
    verdict = ruleset(query).verdict(NAME, View(text=Text(title=title, summary=summary)))
    assert not verdict.matched
    return verdict.failed


@pytest.mark.parametrize(
    ("query", "title", "words"),
    [
        ("negoti*", "NÉGOTIATORS’ re-negotiation", ["NÉGOTIATORS", "negotiation"]),
        ("fir*", "ﬁrst 𝐟ire e\u0301 fi\u00adre 🚒 Fira", ["ﬁrst", "𝐟ire", "fi\u00adre", "Fira"]),
        ("wor*", "word " + " ".join(f"word{n}" for n in range(12)), ["word", *(f"word{n}" for n in range(12))]),
        ("=Apple", "Apple apple APPLE Äpple Apple’s", ["Apple", "Apple"]),
        ('="e\u0301cole Roe"', "École Roe, école-Roe 👩‍👩‍👧 école roe", ["école-Roe"]),
        ('"peace talks"~1', "talks on peace and lasting peace talks", ["talks on peace", "peace talks"]),
        ('"a a b"~0', "a b a a b a", ["a b a", "b a a", "a a b", "a b a"]),
        ("peace NEAR/2 talks", "peace talks … talks x y peace", ["peace", "talks", "talks"]),
        ("peace ONEAR/2 talks", "talks peace", []),
        ("talks NEAR/5 talks", "talks", []),
        ("talks NEAR/5 talks", "talks talks", ["talks", "talks"]),
        ("会談 NEAR/1 東京", "東京会談", ["東京", "会談"]),
        ("ไทย NEAR/3 ข่าว", "ข่าวไทย", ["ข่าว", "ไทย"]),
        ("محمد NEAR/2 سلام", "سَلام يا مُحَمَّد", ["سَلام", "مُحَمَّد"]),
        ("/🚒+/", "a 🚒🚒 b é🚒", ["🚒🚒", "🚒"]),
        ("/🚒/ NEAR/1 b", "a 🚒 b", []),
        ("/s🚒/ NEAR/1 b", "as🚒 b", ["s🚒", "b"]),
        ("/b/", "a\ud800b \ud83db", ["b", "b"]),
        ("peace", "\ud800 peace\udfff", ["peace"]),
        ("count(roe) >= 2", "Roe, Roe; roe", ["Roe", "Roe", "roe"]),
        ('count("a b a") >= 2', "a b a b a a b a", ["a b a", "a b a"]),
        ("count(entity:mayor) >= 2", "Ana Roe and Ana Roe", ["Ana Roe", "Ana Roe"]),
        ("count(entity:mayor) >= 3", "Ana Roe and Ana Roe", []),
        ("count(/an?/ OR ana) >= 2", "Ana, ana", ["Ana", "ana"]),
        ("forms(санкция)", "санкциями и санкций", ["санкциями", "санкций"]),
        ("forms(sanction)", "Санкции: sanctions", ["sanctions"]),
        ("entity:type:person?", "Ana Roe", ["Ana Roe"]),
    ],
)
def test_evidence_stands_in_the_original_text(query: str, title: str, words: list[str]) -> None:
    """Whatever folding makes of ligatures, combining marks, astral signs and half surrogates."""
    assert found(query, title) == words


def test_near_and_distances_never_cross_fields() -> None:
    """The end of the title is not near the beginning of the summary; count adds both up."""
    assert found("peace NEAR/100 talks", "peace", "talks") == []
    assert found('"peace talks"~9', "peace", "talks") == []
    assert found("count(talks) >= 2", "talks", "talks") == ["talks", "talks"]
    assert found("count(title:talks) >= 2", "talks", "talks") == []


@pytest.mark.parametrize(
    ("query", "title", "summary", "what"),
    [
        ("peace NEAR/3 talks", "peace a b c d e f g h talks", "", "peace and talks stand 9 words apart, needs 3"),
        ("peace NEAR/3 talks", "peace", "", "needs talks"),
        ("(peace OR truce) NEAR/3 talks", "talks", "", "none of peace, truce"),
        ("peace NEAR/3 talks", "peace", "talks", "peace and talks stand in different fields"),
        ("peace ONEAR/3 talks", "talks peace", "", "talks stands before peace, needs to follow it"),
        ("peace ONEAR/3 talks", "peace a b c talks", "", "peace and talks stand 4 words apart, needs 3"),
        ("talk* NEAR/3 talks", "talks", "", "talk* and talks are the same words, needs two"),
        ("count(roe) >= 3", "Roe", "roe", "roe is there 2 times, needs 3"),
        ("title:negoti*", "talks", "", "needs negoti* in the title"),
        ('"peace talks"~2', "peace", "", 'needs "peace talks"~2'),
        ("=Apple", "apple", "", "needs =Apple"),
        ("/a.c/ x", "x", "", "needs /a.c/"),
        ("forms(talk) x", "x", "", "needs forms(talk)"),
        ("entity:type:person x", "x", "", "needs entity:type:person"),
        ("truce OR (peace NEAR/1 talks)", "peace in talks", "", "peace and talks stand 2 words apart, needs 1"),
        ("x NOT (peace NEAR/1 talks)", "x peace talks", "", "excluded by peace NEAR/1 talks (title)"),
        ("author:/ro+e/ x", "x", "", "needs /ro+e/ as author"),
    ],
)
def test_a_miss_names_the_part_that_failed(query: str, title: str, summary: str, what: str) -> None:
    """With figures, where there are any."""
    assert failed(query, title, summary) == what


def test_values_of_other_fields_take_shapes_too() -> None:
    """A language from its beginning, the others anywhere, each value by itself."""
    view = View(
        text=Text(title="x"), authors=("Ana Roe", "Bo"), tags=("coastal",), language="en-GB", outlets=("Apple",)
    )
    for query in (
        "author:/a r/",
        'author:"roe ana"~0',
        "tag:coast*",
        "outlet:=Apple",
        "author:(=Bo OR zzz)",
        "lang:en",
    ):
        assert ruleset(query).match(view), query
    for query in ("author:/roe.*bo/", "outlet:=apple", "lang:gb", "lang:/GB/", 'author:"roe bo"~5'):
        assert not ruleset(query).match(view), query


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("negoti*", {Key(KeyKind.PREFIX, "negoti")}),
        ("forms(Talks)", {Key(KeyKind.FORM, "talks")}),
        ("=Apple", {Key(KeyKind.TERM, "apple")}),
        ('"the ceasefire"~3', {Key(KeyKind.TERM, "ceasefire")}),
        ("a NEAR/3 ceasefire", {Key(KeyKind.TERM, "ceasefire")}),
        ("/a.?ceasefire/ NEAR/3 b", {Key(KeyKind.LITERAL, "ceasefire")}),
        ("/a.?cease/ NEAR/3 ceasefire", {Key(KeyKind.TERM, "ceasefire")}),
        ("/Cease.?fire/", {Key(KeyKind.LITERAL, "cease")}),
        ("count(a OR bcd*) >= 2", {Key(KeyKind.TERM, "a"), Key(KeyKind.PREFIX, "bcd")}),
        ("entity:type:person", {Key(KeyKind.ENTITY, "mayor")}),
        ("/ab|cd/", None),
        ("a OR /./", None),
        ("tag:abc*", None),
    ],
)
def test_a_rule_is_filed_under_what_a_text_must_have(query: str, keys: set[Key] | None) -> None:
    """The rarest it knows; what nothing rules out is looked at always."""
    found_keys = filing_keys(sought(query), rarity_by({}))
    assert (None if found_keys is None else set(found_keys)) == keys


def test_only_candidates_are_looked_at() -> None:
    """Each kind of key brings its rule, and no other story does."""
    for query, with_it in (("negoti*", "negotiators"), ("forms(talk)", "talking"), ("/cease.?fire/", "a CEASE FIRE")):
        rules = ruleset(query)
        assert rules.candidates(Reading(View(text=Text(title=with_it)), rules.stems)) == [0]
        assert rules.candidates(Reading(View(text=Text(title="calm")), rules.stems)) == []


def test_examples_are_judged_with_every_part() -> None:
    """A headline shows NEAR and counts; what it cannot show is taken as the rule would have it."""
    good = Examples(match=("Peace talks in Miami",), no_match=("Talks on war, and then some more peace",))
    assert list(failing_examples(good, sought("(peace NEAR/2 talks) tag:x"))) == []
    assert list(failing_examples(Examples(match=("Peace",)), sought("peace (body:a NEAR/2 body:b)"))) == []
    assert list(failing_examples(Examples(match=("Peace",)), sought("peace count(body:(a OR b)) >= 2"))) == []
    ((part, what),) = failing_examples(Examples(match=("Roe",)), sought("count(roe OR body:a) >= 2"))
    assert (part, what) == ("match.0", "does not match: roe OR body:a is there 1 times, needs 2")


DEEP = 99


@pytest.mark.parametrize(
    "query",
    [
        "(a OR b NOT " * DEEP + "(c d)" + ")" * DEEP,
        "(a OR b " * DEEP + "c" + ")" * DEEP,
        "(a OR (b c) OR title:" * (DEEP // 2) + "(c d)" + ")" * (DEEP // 2),
        "a" + " OR a" * 3999,
        "a" + " OR a NOT b" * 1500,
        "count(" + "(" * DEEP + "a" + ")" * DEEP + ") >= 1",
        "(a OR " * DEEP + "b NEAR/3 c" + ")" * DEEP,
        "(" * 10_000 + "a",
        ")" * 10_000,
        "a OR " * 4_000,
        "NOT " * 5_000 + "a",
        "a" * 100_000,
        "a NEAR/3 " * 2_000 + "a",
        '"' * 9_999,
        "/" * MAX_LENGTH,
        "/a " * 6_000,
        "count(" * 3_000,
        "entity:" * 2_800,
        "=" * MAX_LENGTH,
        "count(a) >= " + "9" * 19_000,
        "a NEAR/" + "9" * 19_000 + " b",
        "会" * MAX_LENGTH,
        "\ud800" * MAX_LENGTH,
        "a" * 19_000 + ":b " + "b" * 900 + "(c)",
    ],
    ids=lambda query: f"{query[:12]}… {len(query)}",
)
def test_no_query_is_too_deep_or_too_long(query: str) -> None:
    """It compiles and judges a story, or is refused with columns; nothing is raised and nothing hangs."""
    compiled = compile_ruleset((RuleSpec(name=NAME, query=query, examples=Examples(match=("a b c d",))),), ROSTER)
    if not isinstance(compiled, Ruleset):
        assert compiled
        assert all(len(mistake.what) < 1000 for mistake in compiled if mistake.column)
        return
    for title in ("a b c d", "zzz"):
        view = View(text=Text(title=title))
        assert compiled.verdict(NAME, view).matched is bool(compiled.match(view))


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("(a NEAR/100 b) NEAR/100 (a NEAR/100 b)", "a b " * 5_000),
        ("count(a NEAR/100 b) >= 1000", "a b " * 20_000),
        ('"a b a"~100', "a b " * 50_000),
        ("/(a+)+$/ OR /x{1000}/", "a" * 1_000_000 + "b"),
        ("count(/a.*b|a/) >= 1000", "a" * 200_000),
        ("/[ab]*a[ab]{12}c/", "ab" * 100_000),
        ("forms(talk) OR tal*", " ".join(f"word{n}" for n in range(10_000))),
        ("会 NEAR/3 談", "会談" * 20_000),
        ("สวัส NEAR/3 ข่าว", "สวัสดี" * 50_000),
        ("/👩/ OR peace", "👩‍👩‍👧‍👦" * 50_000),
        ("peace", "\ud800" * 500_000),
        ("سلام*", "سَلام " * 50_000),
    ],
    ids=lambda text: text[:24],
)
def test_no_story_takes_for_ever(query: str, text: str) -> None:
    """A hundred thousand words and more are judged, and evidence stays bounded."""
    rules = ruleset(query)
    view = View(text=Text(title="x", body=text))
    for match in rules.match(view):
        assert 0 < len(match.evidence) <= 100
        assert all(0 <= one.start < one.end <= len(text) for one in match.evidence)
    rules.verdict(NAME, view)
