"""Canonical links: one spelling for one page, never one for two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.stories.links import canonical_link, is_front_page


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://harbour.example/a", "https://harbour.example/a"),
        ("https://Harbour.Example/a", "https://harbour.example/a"),
        ("https://harbour.example:443/a", "https://harbour.example/a"),
        ("https://harbour.example/a/", "https://harbour.example/a"),
        ("https://harbour.example/a#comments", "https://harbour.example/a"),
        ("https://harbour.example/a?utm_source=rss&utm_medium=feed", "https://harbour.example/a"),
        ("https://harbour.example/a?id=7&fbclid=xyz", "https://harbour.example/a?id=7"),
        ("https://harbour.example/a?at_medium=RSS&at_campaign=K", "https://harbour.example/a"),
        ("  https://harbour.example./a ", "https://harbour.example/a"),
    ],
)
def test_spellings_of_one_page_are_one(one: str, other: str) -> None:
    """Scheme, host case, default port, closing slash, fragment and tracking make no difference."""
    assert canonical_link(one) == canonical_link(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://harbour.example/a?id=1", "https://harbour.example/a?id=2"),
        ("https://harbour.example/a?p=1", "https://harbour.example/a"),
        ("https://harbour.example/A", "https://harbour.example/a"),
        ("https://harbour.example/a", "https://www.harbour.example/a"),
        ("https://harbour.example:8443/a", "https://harbour.example/a"),
        ("https://harbour.example/a?x=1&y=2", "https://harbour.example/a?y=2&x=1"),
    ],
)
def test_what_may_be_two_pages_stays_two(one: str, other: str) -> None:
    """Nothing is dropped that could choose a page."""
    assert canonical_link(one) != canonical_link(other)


@pytest.mark.parametrize(
    "link",
    [
        "",
        "javascript:alert(1)",
        "mailto:a@b.example",
        "/relative",
        "https://",
        "https://[::1/a",
        "http://h.example:port/",
    ],
)
def test_what_is_no_web_address_gives_no_key(link: str) -> None:
    """No key is better than one that many entries share."""
    assert canonical_link(link) == ""


def test_an_ipv6_host_keeps_its_brackets() -> None:
    """Host and port stay apart."""
    assert canonical_link("http://[2001:db8::1]:8080/a") == "[2001:db8::1]:8080/a"


@given(st.text(max_size=60), st.text(max_size=30), st.text(max_size=30))
def test_the_canonical_form_of_a_canonical_form_is_itself(path: str, query: str, fragment: str) -> None:
    """Once is as good as twice."""
    once = canonical_link(f"https://harbour.example/{path}?{query}#{fragment}")
    assert canonical_link(f"https://{once}") == once or once == ""


@pytest.mark.parametrize(
    ("link", "site", "expected"),
    [
        ("https://harbour.example/", "https://harbour.example/", True),
        ("https://harbour.example", "", True),
        ("https://harbour.example/en", "https://harbour.example/en/", True),
        ("https://harbour.example/?p=17", "https://harbour.example/", False),
        ("https://harbour.example/news/1", "https://harbour.example/", False),
    ],
)
def test_an_outlets_own_page_is_no_piece_of_news(link: str, site: str, expected: bool) -> None:
    """Feeds that link every item to the front page must not have one story for all."""
    assert is_front_page(canonical_link(link), site) is expected
