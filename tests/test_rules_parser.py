"""Parsing: what a query means, and which mistakes it has at which column."""

import pytest

from monitor.entities.roster import build_roster
from monitor.model.rules import EntitySpec
from monitor.rules.parser import MAX_LENGTH, parse
from monitor.rules.printer import print_folded, print_query
from monitor.rules.tree import And, Columns, Not, Or, Phrase, Query, Word, walk

ROSTER = build_roster(
    [
        EntitySpec(id="mayor", type="person", name="Ana Roe", aliases=("Roe",)),
        EntitySpec(id="old port", name="Old Port"),
    ]
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
    ("query", "meaning"),
    [
        ("negoti*", "negoti*"),
        ("Négoti*", "Négoti*"),
        ("title:negoti*", "title:negoti*"),
        ("=Apple", "=Apple"),
        ('="Apple  Watch"', '="Apple Watch"'),
        ("=AND", "=AND"),
        ('"peace talks"~3', '"peace talks"~3'),
        ("peace-talks", '"peace-talks"'),
        ("/cease.?fire/", "/cease.?fire/"),
        ("/a b (c)/ d", "/a b (c)/ AND d"),
        ("link:(/opinion/ OR news)", 'link:("/opinion/" OR "news")'),
        ("author:(/ann?e?/ OR =Roe)", "author:(/ann?e?/ OR =Roe)"),
        ("a NEAR/5 b", "a NEAR/5 b"),
        ("a NEAR/5 b NEAR/2 c", "a NEAR/5 b NEAR/2 c"),
        ("a NEAR/5 (b NEAR/2 c)", "a NEAR/5 (b NEAR/2 c)"),
        ('(a OR b) ONEAR/5 "c d"', '(a OR b) ONEAR/5 "c d"'),
        ("a b NEAR/5 c OR d", "(a AND b NEAR/5 c) OR d"),
        ("a NEAR/5 b NOT (c NEAR/1 d)", "a NEAR/5 b AND NOT (c NEAR/1 d)"),
        ("title:(a NEAR/5 b)", "title:(a NEAR/5 b)"),
        ("title:a NEAR/5 b", "title:a NEAR/5 b"),
        ("forms(sanction)", "forms(sanction)"),
        ('Forms("AND")', 'forms("AND")'),
        ("count(entity:mayor) >= 3", "count(entity:mayor) >= 3"),
        ("count(a OR b)>2 c", "count(a OR b) >= 3 AND c"),
        ("count(title:(a NEAR/2 b)) ≥ 2", "count(title:(a NEAR/2 b)) >= 2"),
        ("title:count(a) >= 2", "title:count(a) >= 2"),
        ("a NOT count(b) >= 2", "a AND NOT count(b) >= 2"),
        ("entity:mayor?", "entity:mayor?"),
        ('entity:"old port"? a', 'entity:"old port"? AND a'),
        ("entity:type:person", "entity:type:person"),
        ("entity:type:Person?", "entity:type:person?"),
    ],
)
def test_what_a_part_may_be(query: str, meaning: str) -> None:
    """NEAR binds tighter than AND, looser than NOT, and from left to right; each part prints as it reads."""
    assert printed(query) == meaning
    assert printed(meaning) == meaning


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("ab*", [(1, "ab* is too short: a prefix has three letters at least")]),
        ("peace-talk*", [(1, "a prefix is the beginning of one word, and 'peace talk' is 2: write a ONEAR/1 b*")]),
        ("*fire", [(1, "a * stands at the end of a word only: words are not looked for by how they end")]),
        ("a NEAR b", [(3, "NEAR needs a number of words, such as NEAR/5")]),
        ("a NEAR/0 b", [(3, "NEAR/0: a distance is 1 to 100 words")]),
        ("a ONEAR/101 b", [(3, "ONEAR/101: a distance is 1 to 100 words")]),
        ("a NEAR/5", [(3, "NEAR has nothing after it")]),
        ("NEAR/5 a", [(1, "NEAR has nothing before it")]),
        ("a NEAR/5 NEAR/5 b", [(3, "NEAR has nothing after it")]),
        ("a NEAR/5 (b c)", [(11, "AND cannot stand inside NEAR: write (a NEAR/5 b) AND (a NEAR/5 c), or a phrase")]),
        ("a NEAR/5 (b OR (c d))",
         [(17, "AND cannot stand inside NEAR: write (a NEAR/5 b) AND (a NEAR/5 c), or a phrase")]),
        ("a NEAR/5 NOT b", [(10, "NOT cannot stand inside NEAR: write NOT (a NEAR/5 b)")]),
        ("NOT a NEAR/5 b", [(1, "NOT cannot stand inside NEAR: write NOT (a NEAR/5 b)")]),
        ("a NEAR/5 count(b) >= 2", [(10, "count(…) cannot stand inside NEAR")]),
        ("a NEAR/5 tag:b", [(10, "tag: cannot stand inside NEAR, which looks at title, summary and body")]),
        ("a NEAR/5 link:b", [(10, "link: cannot stand inside NEAR, which looks at title, summary and body")]),
        ("title:a NEAR/5 body:b", [(1, "the two sides of NEAR stand in different fields, so they are never near")]),
        ("outlet:(a NEAR/5 b)",
         [(9, "words near each other are looked for in title, summary and body, not in outlet:")]),
        ("tag:forms(a)", [(5, "word forms are looked for in title, summary and body, not in tag:")]),
        ("tag:count(a) > 1", [(5, "counted words are looked for in title, summary and body, not in tag:")]),
        ('"a b"~', [(1, "~ needs a number of words right after it, such as ~5")]),
        ('"a b"~101', [(1, "~101: a distance is 0 to 100 words")]),
        ('"a"~3', [(1, '"a"~3: a distance needs two words at least')]),
        ("forms(a b)", [(1, "forms(…) takes one plain word, such as forms(sanction)")]),
        ("forms()", [(1, "forms( ) with nothing in it")]),
        ("form(a)", [(1, "'form' is no function; did you mean forms(…)?")]),
        ("count(a)", [(9, "count(…) needs a number to be compared with, such as count(…) >= 3")]),
        ("count(a) >=", [(10, "count(…) >= needs a number after it, such as count(…) >= 3")]),
        ("count(a) >= 0", [(10, "a count is always 0 at least: write count(…) >= 1 or more")]),
        ("count(a) >= 1001", [(10, "a count is compared with 1000 at most")]),
        ("count(a) < 3",
         [(10, "count(…) knows >= and > only: for fewer, write what must be there and NOT count(…) >= 3")]),
        ("count(a) <= 3",
         [(10, "count(…) knows >= and > only: for fewer, write what must be there and NOT count(…) >= 4")]),
        ("count(a) = 3", [(10, "count(…) knows >= and > only: write count(…) >= 3")]),
        ("count(a) => 3", [(10, "write count(…) >= n, the = last")]),
        ("count(a b) >= 2", [(7, "count(…) counts one thing or its alternatives: a word, a phrase, (a OR b)")]),
        ("count(NOT a) >= 2", [(7, "NOT cannot stand inside count(…)")]),
        ("count(count(a) >= 2) >= 2", [(7, "count(…) cannot stand inside count(…)")]),
        ("count(link:a) >= 2", [(7, "link: cannot stand inside count(…), which looks at title, summary and body")]),
        ("count(a) >= 2 >= 3", [(15, "< and > have no meaning here; they stand after count(…) only")]),
        ("entity:type:persn", [(1, "unknown type of entity 'persn', did you mean 'person'?")]),
        ("entity:type:zzz",
         [(1, "unknown type of entity 'zzz', there are person, organisation, place, product, event, other")]),
        ("entity:type:event", [(1, "no entity of type event is declared, so this would find nothing")]),
        ("entity:?", [(1, "entity: needs the id of a declared entity right after it")]),
        ("/abc",
         [(1, "a / opens a regular expression and one before a space ends it: /cease.?fire/; or put it in quotes")]),
        ("/a(/", [(1, "not a regular expression of RE2: missing ): a(")]),
        ("/a*/", [(1, "this regular expression is satisfied by nothing at all, so it would match every text")]),
        ("/x{1000}{1000}/", [(1, "not a regular expression of RE2: bad repetition operator: {1000}{1000}")]),
        (f"/{'a' * 501}/", [(1, "a regular expression has 500 characters at most")]),
        ("=", [(1, "= needs a word or a phrase right after it, such as =Apple")]),
        ("=App*", [(1, "a spelling is exact as a whole: leave the = or the * out")]),
        ('=""', [(1, "a phrase with nothing in it")]),
        ("link:(=a)", [(7, "link: takes characters as they are: put them in double quotes, without = * ~")]),
    ],
)  # fmt: skip
def test_a_part_that_is_none_is_refused_with_what_to_write(query: str, expected: list[tuple[int, str]]) -> None:
    """One mistake each, at its column."""
    assert mistakes(query) == expected


def test_a_regular_expression_that_re2_does_not_know_says_why() -> None:
    """Look-around and back-references would take time without bound."""
    assert "no look-around" in mistakes("/a(?=b)/")[0][1]
    assert "no back-references" in mistakes(r"/(a)\1/")[0][1]
    assert (
        "too large" in mistakes("/((a{100}){100}){100}/")[0][1] or "repetition" in mistakes("/((a{9}){99}){99}/")[0][1]
    )
    assert "surrogate" in mistakes("/a\ud800/")[0][1]


@pytest.mark.parametrize(
    ("query", "notes"),
    [
        ("a OR b NOT c",
         [(8, "this NOT excludes from the last alternative only; for all of them write (a OR b) NOT c")]),
        ("a OR b OR c -d",
         [(13, "this NOT excludes from the last alternative only; for all of them write (a OR b) NOT c")]),
        ("(a OR b) NOT c", []),
        ("a OR (b NOT c)", []),
        ("a NOT c OR b NOT c", []),
        ("war and peace", [(5, "'and' in lower case is a word to be found; the operator is AND")]),
        ('peace "talk*"',
         [(7, "a * in quotes is no prefix; words before a beginning are written peace ONEAR/1 negoti*")]),
        ("peace talks NEAR/5 Miami",
         [(1, "NEAR takes the one word on either side of it; put a phrase in quotes, or write AND here")]),
        ("talks NEAR/5 Miami peace",
         [(20, "NEAR takes the one word on either side of it; put a phrase in quotes, or write AND here")]),
        ("peace AND talks NEAR/5 Miami", []),
        (r"/\bмир\b/", [(1, r"\b, \w and \d know ASCII letters and digits only; for others write [^\pL], \pL, \pN")]),
        (r"/\bpeace\b/", []),
    ],
)  # fmt: skip
def test_what_may_not_be_meant_is_noted(query: str, notes: list[tuple[int, str]]) -> None:
    """The query is taken as it stands, and whoever wrote it hears how."""
    parsed = parse(query, ROSTER)
    assert isinstance(parsed, Query), parsed
    assert [(note.column, note.what) for note in parsed.notes] == notes


@pytest.mark.parametrize(
    ("foreign", "instead"),
    [
        ("a W/5 b", "NEAR/5"), ("a w/12 b", "NEAR/12"), ("a n/3 b", "NEAR/3"), ("a PRE/2 b", "ONEAR/2"),
        ("a near/5 b", "NEAR/5"), ("a ADJ b", "ONEAR/5"), ("a adj3 b", "ONEAR/5"), ("a W/S b", "NEAR/10"),
        ("te?t", "OR"), ("*fire", "end of a word"), ("fir*e", "negoti*"), ("roam~", "OR"), ("roam~2", "OR"),
        ("b^2", "weights"), ("[a TO b]", "brackets"), ("+b", "leave the + out"), ("a && b", "AND"), ("a || b", "OR"),
        ("!b", "NOT"), ("a|b", "OR"), ("'b c'", "double quotes"), ('"a b"^3', "weights"),
    ],
)  # fmt: skip
def test_what_other_languages_write_is_told_in_ours(foreign: str, instead: str) -> None:
    """The message says what to write instead."""
    assert any(instead in what for _, what in mistakes(foreign))


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
    assert mistakes("count(" * 3000 + "a") == [(601, "groups stand at most 100 deep in one another")]
    assert printed("(" * 100 + "a" + ")" * 100) == "a"
    deep = "(a OR b " * 99 + "c" + ")" * 99
    assert isinstance(parse(deep, ROSTER), Query)
    assert len(mistakes("a" + " -" * 9000)) > 1
    assert len(mistakes("NOT " * 4000 + "a")) > 1
    assert len(mistakes("title:" * 3000 + "a")) > 1
    assert mistakes("a" + " NEAR/1 a" * 2000)[0][1] == "at most 10 NEAR may stand in one another"
    assert isinstance(parse("a" + " OR a" * 3999, ROSTER), Query)
    assert isinstance(parse("a" + " NEAR/1 a" * 10, ROSTER), Query)


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
