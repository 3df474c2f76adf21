"""Parsing: what a query means, and which mistakes it has at which column."""

import pytest

from monitor.entities.roster import build_roster
from monitor.model.rules import EntitySpec
from monitor.rules.parser import MAX_LENGTH, parse
from monitor.rules.printer import print_folded, print_query
from monitor.rules.tree import And, Columns, Not, Or, Phrase, Query, Word, walk

ROSTER = build_roster(
    [EntitySpec(id="mayor", name="Ana Roe", aliases=("Roe",)), EntitySpec(id="old port", name="Old Port")]
)


def printed(query: str) -> str:
    """Return the query as understood, or fail with its mistakes."""
    parsed = parse(query, ROSTER)
    assert isinstance(parsed, Query), parsed
    return print_query(parsed.tree)


def mistakes(query: str) -> list[tuple[int, str]]:
    """Return (column, what) of every mistake."""
    parsed = parse(query, ROSTER)
    assert isinstance(parsed, tuple), parsed
    return [(mistake.column, mistake.what) for mistake in parsed]


@pytest.mark.parametrize(
    ("query", "meaning"),
    [
        ("talks", "talks"),
        ("a b", "a AND b"),
        ("a AND b OR c", "(a AND b) OR c"),
        ("a OR b c", "a OR (b AND c)"),
        ("NOT a b", "NOT a AND b"),
        ("a -b", "a AND NOT b"),
        ("a –b −c", "a AND NOT b AND NOT c"),
        ("a NOT (b c)", "a AND NOT (b AND c)"),
        ("((a (b c)))", "a AND b AND c"),
        ("(a OR b) OR c", "a OR b OR c"),
        ("a(b OR c)d -(e)", None),
        ("a AND(b OR c)NOT(d)", "a AND (b OR c) AND NOT d"),
        ("and or not", "and AND or AND not"),
        ('"AND"', '"AND"'),
        ('"peace  talks"', '"peace talks"'),
        ("“peace talks” „a b“ «c d»", '"peace talks" AND "a b" AND "c d"'),
        ("cease-fire", '"cease-fire"'),
        ("talks, truce", '"talks," AND truce'),
        ("AT&T", '"AT&T"'),
        ("10:30", '"10:30"'),
        ("title:talks", "title:talks"),
        ("Title: talks", "title:talks"),
        ("headline:a intitle:b lead:c source:d", "title:a AND title:b AND summary:c AND outlet:d"),
        ("title:(talks OR truce)", "title:(talks OR truce)"),
        ("title:(talks NOT sport)", "title:(talks AND NOT sport)"),
        ("a title:(NOT b)", "a AND title:(NOT b)"),
        ('outlet:"moscow times" body:x tag:y lang:en author:z category:w', None),
        ("link:/opinion/ a", 'link:"/opinion/" AND a'),
        ("link:https://example.org/?a=b*", 'link:"https://example.org/?a=b*"'),
        ('link:("a b" OR .org)', 'link:("a b" OR ".org")'),
        ("entity:mayor truce", "entity:mayor AND truce"),
        ('entity:"old port"', 'entity:"old port"'),
        ("title:entity:mayor", "title:entity:mayor"),
        ("title:(entity:mayor OR truce)", "title:(entity:mayor OR truce)"),
    ],
)
def test_a_query_means_what_it_says(query: str, meaning: str | None) -> None:
    """NOT binds tighter than AND, written or not, and AND tighter than OR."""
    if meaning is None:
        parsed = parse(query, ROSTER)
        assert isinstance(parsed, tuple) is ("a(" in query)
        return
    assert printed(query) == meaning
    assert printed(meaning) == meaning


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [(1, "the query is empty")]),
        ("   ", [(4, "the query is empty")]),
        ("titel:a", [(1, "unknown field 'titel', did you mean 'title'?")]),
        ("qqq:a", [(1, "unknown field 'qqq', put the words in quotes if the colon belongs to them")]),
        ("a AND", [(3, "AND has nothing after it")]),
        ("AND a", [(1, "AND has nothing before it")]),
        ("OR a", [(1, "OR has nothing before it")]),
        ("a OR", [(3, "OR has nothing after it")]),
        ("a OR OR b", [(3, "OR has nothing after it")]),
        ("a AND OR b", [(3, "AND has nothing after it")]),
        ("a NOT", [(3, "NOT has nothing after it")]),
        ("a NOT AND b", [(3, "NOT has nothing after it")]),
        ("(a OR) b", [(4, "OR has nothing after it")]),
        ("title:", [(1, "title: has nothing after it")]),
        ("a ()", [(3, "a group ( ) with nothing in it")]),
        ("(a (b", [(1, "the ( opened here is never closed"), (4, "the ( opened here is never closed")]),
        ("(", [(1, "the ( opened here is never closed")]),
        ("a) b", [(2, "this ) closes nothing")]),
        (")", [(1, "this ) closes nothing")]),
        ("a)", [(2, "this ) closes nothing")]),
        ('a ""', [(3, "a phrase with nothing in it")]),
        ('a "b c', [(3, "the quotation mark opened here is never closed")]),
        ("a ...", [(3, "'...' has no letters or digits to look for")]),
        ('"?!"', [(1, "'?!' has no letters or digits to look for")]),
        ("NOT NOT a", [(5, "NOT of NOT: say it without either")]),
        ("a --b", [(4, "NOT of NOT: say it without either")]),
        ("a - b", [(3, "a dash alone says nothing: write NOT, or leave it out")]),
        ("a (b -)", [(6, "a dash alone says nothing: write NOT, or leave it out")]),
        ("title:NOT a", [(7, "write NOT before title:, not after it")]),
        ("title:body:a", [(7, "one field at a time: title: stands before it")]),
        ("title:(a body:b)", [(10, "body: cannot stand inside title:( )")]),
        ("outlet:entity:mayor", [(8, "entities are looked for in title, summary and body, not in outlet:")]),
        ("entity:mayer", [(1, "unknown entity 'mayer', did you mean 'mayor'?")]),
        ("entity:zzz", [(1, "unknown entity 'zzz', declare it under entities:")]),
        ("a entity: mayor", [(3, "entity: needs the id of a declared entity right after it")]),
        ("foo(bar) a", [(1, "'foo' is no function; put a space before ( to begin a group")]),
        ('link:""', [(6, "a phrase with nothing in it")]),
        ("link:a(b) c", [(6, "put a link with ( or quotes in it in double quotes")]),
        ("titel:a AND", [(1, "unknown field 'titel', did you mean 'title'?"), (9, "AND has nothing after it")]),
    ],
)
def test_every_mistake_has_its_column(query: str, expected: list[tuple[int, str]]) -> None:
    """All mistakes are told at once, each where it stands and with the nearest right word."""
    assert mistakes(query) == expected


def test_an_address_in_a_query_gets_advice() -> None:
    """`https:` looks like a field, and its words would not be what was meant."""
    ((column, what),) = mistakes("a https://example.org/x")
    assert column == 3
    assert "link:" in what


@pytest.mark.parametrize(
    "later",
    [
        "negoti*", "=Apple", "NEAR/5 b", "ONEAR/5 b", "NEAR b", '"peace talks"~3', "/cease.?fire/", "/a b (c)/", "w/5",
        "forms(sanction)", "count(entity:mayor) >= 3", "entity:mayor?", "entity:type:person", "title:negoti*",
        "forms((a) b",
    ],
)  # fmt: skip
def test_what_the_language_will_have_is_refused_by_name(later: str) -> None:
    """Nothing of it is read as plain words meanwhile, and only one mistake is told."""
    ((column, what),) = mistakes(f"truce {later}")
    assert column == (13 if later.startswith("title:") else 7)
    assert "not supported yet" in what


@pytest.mark.parametrize(
    "foreign",
    ["a && b", "a || b", "a|b", "!b", "+b", "te?t", "ne*o", "who?", "b~", "b^2", "[a", "{b}", "‘a", "'b", "a>b"],
)
def test_what_other_languages_write_is_refused(foreign: str) -> None:
    """A sign that means something elsewhere must not vanish between two words."""
    assert isinstance(parse(f"truce {foreign}", ROSTER), tuple)


@pytest.mark.parametrize(
    ("query", "column"),
    [("NOT a", 1), ("-a -b", 1), ("a OR NOT b", 6), ("a (NOT b OR c)", 4), ("a NOT (NOT b)", 8), ("title:(NOT a)", 1),
     ("a OR (NOT b NOT c)", 7), ("a NOT (b OR NOT c)", 13)],
)  # fmt: skip
def test_a_part_that_asks_for_nothing_is_refused(query: str, column: int) -> None:
    """Pure negatives match almost everything, also as one side of an OR or below a NOT."""
    ((found, what),) = mistakes(query)
    assert found == column
    assert "negative" in what or "must not be there" in what


def test_the_limits_are_mistakes_and_no_crash() -> None:
    """Length and depth are bounded, and what is within the bounds is read."""
    assert mistakes("a" * (MAX_LENGTH + 1)) == [(MAX_LENGTH + 1, "a query has at most 20000 characters")]
    assert mistakes("(" * 5000 + "a" + ")" * 5000) == [(101, "groups stand at most 100 deep in one another")]
    assert printed("(" * 100 + "a" + ")" * 100) == "a"
    deep = "(a OR b " * 99 + "c" + ")" * 99
    assert isinstance(parse(deep, ROSTER), Query)
    assert len(mistakes("a" + " -" * 9000)) > 1
    assert len(mistakes("NOT " * 4000 + "a")) > 1
    assert len(mistakes("title:" * 3000 + "a")) > 1


def test_nodes_know_their_columns() -> None:
    """Columns count code points of the query from 1, end exclusive; they do not count in comparisons."""
    parsed = parse('é OR ("x y" -z)', ROSTER)
    assert isinstance(parsed, Query)
    assert parsed.tree == Or(parts=(Word(term="e"), And(parts=(Phrase(terms=("x", "y")), Not(part=Word(term="z"))))))
    places = [node.columns for node in walk(parsed.tree)]
    assert [(place.start, place.end) for place in places] == [(1, 15), (1, 2), (7, 15), (7, 12), (13, 15), (14, 15)]
    assert Columns() == Columns(start=0, end=0)


def test_the_folded_print_is_one_for_every_spelling() -> None:
    """Case, spacing, house style and synonyms of fields do not make another query."""
    one = parse("HEADLINE:Truce  -«Peace   Talks’s»", ROSTER)
    two = parse('title:truce AND NOT "peace-talks"', ROSTER)
    assert isinstance(one, Query)
    assert isinstance(two, Query)
    assert print_folded(one.tree) == print_folded(two.tree) == 'title:truce AND NOT "peace talks"'
    assert one.tree == two.tree
