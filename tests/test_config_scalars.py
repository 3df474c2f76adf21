"""Where a character of a value stands in the file, in every style that YAML has."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.reader import Reader

from monitor.config.document import parse
from monitor.config.scalars import Page
from monitor.config.tree import Listing, Scalar, follow


def _scalar(text: str) -> Scalar:
    document = parse(text, "a.yaml")
    assert document.root is not None, document.mistakes
    node = follow(document.root, ("query",)).node
    assert isinstance(node, Scalar)
    return node


def _pointed_at(text: str, word: str) -> str:
    """What the file has at the place that is given for `word`."""
    scalar = _scalar(text)
    assert isinstance(scalar.value, str)
    mark = scalar.mark_at(scalar.value.index(word))
    return text.split("\n")[mark.line - 1][mark.column - 1 :][: len(word)]


@pytest.mark.parametrize(
    "text",
    [
        "query: alpha AND omega",
        "query: 'alpha AND omega'",
        "query: 'it''s ''alpha'' AND omega'",
        'query: "alpha AND omega"',
        r'query: "\x41\u0042 \t\"alpha\" \\ AND omega"',
        'query: "alpha \\\n   AND omega"',
        "query: alpha\n  AND\n  omega",
        "query: 'alpha\n\n  AND omega'",
        "query: |\n  alpha AND\n    omega\n",
        "query: |2-\n    alpha AND\n  omega\n",
        "query: >-\n  alpha\n  AND\n\n  omega\n",
        "query: >+ # a comment\n  alpha\n   AND omega\n\n",
        "query: &anchor alpha AND omega",
        "query: !!str 'alpha AND omega'",
        "other: x\nquery: &a !!str\n  'alpha AND omega'",
        "{query: alpha AND omega}",
        "query: Ёлка 😀 alpha AND omega",
    ],
)
def test_a_word_is_found_in_every_style(text: str) -> None:
    """Line and column lead to the very characters that the value has there."""
    for word in ("alpha", "AND", "omega"):
        assert _pointed_at(text, word) == word


def test_the_place_after_the_last_character_follows_it() -> None:
    """A query that ends too early is wrong after its last character."""
    scalar = _scalar("query: 'a AND'")
    assert scalar.mark_at(5).column == len("query: 'a AND") + 1
    assert scalar.mark_at(99) == scalar.mark_at(5)


def test_a_blank_stands_after_the_word_before_it() -> None:
    """White space that YAML folded still has a place on the right line."""
    scalar = _scalar("query: >-\n  alpha\n  omega\n")
    assert (scalar.mark_at(5).line, scalar.mark_at(5).column) == (2, 8)
    assert _scalar("query: 'a  b'").mark_at(2).column == 11


def test_an_empty_value_stands_where_it_starts() -> None:
    """There is no character to point at."""
    assert _scalar("query: ''").mark_at(0).column == 8
    assert _scalar('query: "  "').mark_at(1).column == 10


_WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=20)


@given(_WORDS)
def test_every_character_of_a_quoted_text_is_found(value: str) -> None:
    """Property: in both kinds of quotes, each visible character is where the mark says."""
    quoted = "'" + value.replace("'", "''") + "'"
    for text in (f"query: {quoted}", f"query: {json.dumps(value, ensure_ascii=True)}"):
        scalar = _scalar(text)
        if scalar.value != value:  # a byte order mark or a character that YAML refuses
            continue
        for index, sign in enumerate(value):
            column = scalar.mark_at(index).column
            assert text[column - 1] in (sign, "\\"), (text, index)


_SIGNS = st.text("ab:-#[]{}|>'\"\\ \t\n\r\x85\u2028\ufeffЁ😀", max_size=40)


@given(_SIGNS)
def test_lines_and_columns_are_those_of_the_yaml_library(text: str) -> None:
    """Property: whatever breaks a line for it, and whatever it counts as no character of one."""
    page, reader = Page(file="a.yaml", text=text), Reader(text, loader=YAML(typ="safe", pure=True))
    for offset in range(len(text) + 1):
        mark = page.mark(offset)
        assert (mark.line, mark.column) == (reader.line + 1, reader.column + 1), (text, offset)
        if offset < len(text):
            reader.forward()


def test_a_page_shows_nothing_of_what_it_says() -> None:
    """It may be a secret that somebody wrote into the file."""
    assert repr(Page(file="a.yaml", text="token: canary")) == "Page(file='a.yaml')"


def test_a_list_counts_as_people_do() -> None:
    """Numbers start at one."""
    document = parse("query: [a, b]", "a.yaml")
    assert document.root is not None
    node = follow(document.root, ("query",)).node
    assert isinstance(node, Listing)
    assert node.numbers == (1, 2)
