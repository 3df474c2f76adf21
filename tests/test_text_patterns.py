"""Regular expressions of users: bounded when they are read, and what a text must have to satisfy one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.patterns import Pattern, compile_pattern, required_literal


def places(pattern: str, text: str) -> list[str]:
    compiled = compile_pattern(pattern)
    assert isinstance(compiled, Pattern), compiled
    return [text[start:end] for start, end in compiled.places(text)]


@pytest.mark.parametrize(
    ("pattern", "literal"),
    [
        ("cease.?fire", "cease"), ("ceasefire", "ceasefire"), ("Cease-Fire", "cease-fire"), ("ceas(e)?fire", "ceas"),
        ("cease?fire", "ceas"), ("cease*", "ceas"), ("cease+d", "cease"), ("cea{0,3}sefire", "sefire"),
        ("cea{2}sefire", "sefire"), ("abc|def", ""), ("(abc|def)ghi", "ghi"), ("[abc]def[]x]ghij", "ghij"), ("ab", ""),
        ("a.b.c", ""), (r"abc\.def", "abc.def"), (r"abc\ddef", "abc"), (r"\x{41}bcd", "bcd"), (r"\pLabc", "abc"),
        (r"\p{Lu}abcd", "abcd"), (r"\Qabc\E", ""), ("(?i)abc", "abc"), ("(?:x[)]y)abcd", "abcd"), ("straße", "stra"),
        ("санкци[яий]", "санкци"), ("a{,3}bcd", "a{,3}bcd"), ("[[:alpha:]]]abc", "]abc"), ("abc\\", "abc"),
        ("(?P<n>x)abc", "abc"), (r"(\))abcd", "abcd"), ("(", ""), ("ab?+cde", "cde"),
    ],
)  # fmt: skip
def test_a_literal_that_every_match_has(pattern: str, literal: str) -> None:
    """The longest certain run, casefolded; none where there is doubt."""
    assert required_literal(pattern) == literal


@given(st.text("abcC.?*+|()[]{}1,\\d^$ ", max_size=14), st.text("abcABC1 ", max_size=12))
def test_no_text_that_matches_lacks_the_literal(pattern: str, text: str) -> None:
    """Whatever the expression: what RE2 finds has the required characters, casefolded."""
    compiled = compile_pattern(pattern)
    if isinstance(compiled, Pattern) and any(True for _ in compiled.places(text)):
        assert compiled.required in text.casefold()


def test_case_counts_only_when_the_expression_says_so() -> None:
    """By a capital letter, escapes not counted, or by a flag."""
    assert places("apple", "Apple APPLE") == ["Apple", "APPLE"]
    assert places("Apple", "Apple APPLE apple") == ["Apple"]
    assert places("(?-i)apple", "Apple apple") == ["apple"]
    assert places(r"\Wapple\S", " APPLEs") == [" APPLEs"]
    assert places("киев", "Киев КИЕВ") == ["Киев", "КИЕВ"]


def test_places_are_code_points_and_never_empty() -> None:
    """In a text with astral signs, combining marks and half surrogates, which stay one sign each."""
    assert places("b+", "é𝒳bb\n\ud800b🚒b") == ["bb", "b", "b"]
    assert places(r"x|\b", "a x") == ["x"]


@pytest.mark.parametrize(
    ("pattern", "what"),
    [
        ("(", "not a regular expression of RE2"), ("a*", "satisfied by nothing"), ("^", "satisfied by nothing"),
        ("a(?!b)", "no look-around"), (r"(a)\1", "no back-references"), ("a" * 501, "500 characters at most"),
        ("(x{1000}){10}", ""), ("(" + r"\pL" * 100 + "){9}", "too large"), ("\ud800", "surrogate"),
    ],
)  # fmt: skip
def test_what_cannot_be_searched_in_bounded_time_is_refused(pattern: str, what: str) -> None:
    """Told in words, before any text is searched."""
    refused = compile_pattern(pattern)
    assert isinstance(refused, str)
    assert what in refused


def test_occurrences_are_bounded() -> None:
    """Each is a search of its own."""
    assert len(places("a", "a" * 5_000)) == 2_000
