"""What a list of feeds adds to a configuration, and how the configuration is told as a list."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.app.opml import PassedOver, additions, subscriptions
from monitor.config.adding import flaw
from monitor.feeds.opml import Subscription
from monitor.model.settings import FeedSpec, OutletSpec

KNOWN = OutletSpec(name="The Gazette", feeds=(FeedSpec(url="https://www.gazette.example/rss"),))


def stated(title: str, url: str, *categories: str, language: str = "") -> Subscription:
    return Subscription(title=title, url=url, categories=categories, language=language, line=7)


def added(*found: Subscription) -> list[tuple[str, list[str]]]:
    return [(one.name, [feed.url for feed in one.feeds]) for one in additions(found, [KNOWN]).outlets]


def test_folders_and_categories_become_tags() -> None:
    """One word each, every one once."""
    (one,) = additions([stated("A", "https://a.example/", "North Sea", "Küste!", "north sea", "---", "")], []).outlets
    assert one.tags == ("north-sea", "küste")


@pytest.mark.parametrize(
    ("said", "language"), [("en-US", "en"), ("RU", "ru"), ("unknown", ""), ("pt_BR", "pt"), ("", ""), ("e", "")]
)
def test_a_language_counts_where_it_is_one(said: str, language: str) -> None:
    """Its primary tag."""
    (one,) = additions([stated("A", "https://a.example/", language=said)], []).outlets
    assert one.language == language


@pytest.mark.parametrize(
    "url",
    [
        "https://www.gazette.example/rss",
        "http://www.gazette.example/rss",
        "https://WWW.gazette.example:443/rss",
        "feed://www.gazette.example/rss",
        "feed:https://www.gazette.example/rss",
    ],
)
def test_a_feed_that_is_watched_already_is_passed_over(url: str) -> None:
    """However its address is written; that is no error."""
    found = additions([stated("Gazette", url)], [KNOWN])
    assert found.outlets == ()
    assert found.passed_over == (PassedOver(name="Gazette", line=7, what="already watched", is_broken=False),)


def test_a_feed_twice_in_the_list_is_added_once() -> None:
    """The second time it is there already."""
    found = additions([stated("A", "https://a.example/"), stated("B", "https://a.example")], [])
    assert [one.name for one in found.outlets] == ["A"]
    assert [one.name for one in found.passed_over] == ["B"]


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (stated("A", ""), "it has no address of a feed"),
        (stated("A", "javascript:alert(1)"), "expected an address"),
        (stated("A", "file:///etc/passwd"), "expected an address"),
        (stated("A", "https://me:geheim@a.example/"), "a user or password"),
        (stated("A", "http://[bad"), "expected an address"),
        (Subscription(title="A", url="", is_list=True, line=7), "a further list, which is not followed"),
    ],
)
def test_what_cannot_be_watched_is_named(one: Subscription, words: str) -> None:
    """With its line, and without the address."""
    (passed,) = additions([one], []).passed_over
    assert (passed.name, passed.line, passed.is_broken) == ("A", 7, True)
    assert words in passed.what
    assert "geheim" not in passed.what


def test_feeds_of_one_name_and_site_are_one_outlet() -> None:
    """With the tags of both."""
    (one,) = additions(
        [stated("A", "https://www.a.example/news", "news"), stated("a", "https://sport.a.example/", "sport")], []
    ).outlets
    assert one.name == "A"
    assert one.tags == ("news", "sport")
    assert len(one.feeds) == 2


@given(st.lists(st.sampled_from(["a.b", "b", "x.a.b", "y.b", "c.d", "d", "b.d", "ab", "b.b"]), max_size=9))
def test_one_outlet_has_the_feeds_of_a_site_and_its_parts(sites: list[str]) -> None:
    """The first outlet of the name that is related takes a feed, as if each were compared with each."""
    expected: list[list[str]] = []
    for site in sites:
        related = (
            outlet
            for outlet in expected
            if outlet[0] == site or outlet[0].endswith(f".{site}") or site.endswith(f".{outlet[0]}")
        )
        outlet = next(related, None)
        if outlet is None:
            expected.append([site])
        else:
            outlet.append(site)
    feeds = [stated("A", f"https://{site}/{number}") for number, site in enumerate(sites)]
    assert [[feed.url.split("/")[2] for feed in outlet.feeds] for outlet in additions(feeds, []).outlets] == expected


def test_thousands_of_feeds_of_one_name_are_told_apart_in_a_moment() -> None:
    """As of a program that calls each of them RSS; comparing each with each took minutes."""
    began = time.process_time()
    for name in ("RSS", "R" * 200):
        found = additions((stated(name, f"https://f{number}.example/rss") for number in range(6_000)), [])
        assert len({one.name for one in found.outlets}) == 6_000
    assert time.process_time() - began < 20


def test_a_name_that_is_taken_is_told_apart_by_the_site() -> None:
    """By a number where even that is not enough."""
    assert added(
        stated("the gazette", "https://b.example/1"),
        stated("The Gazette", "https://c.example/"),
        stated("The Gazette (b.example)", "https://d.example/"),
        stated("The Gazette", "https://b.example/2"),
        stated("The Gazette", "https://b.example/3", language="fr"),
    ) == [
        ("the gazette (b.example)", ["https://b.example/1", "https://b.example/2"]),
        ("The Gazette (c.example)", ["https://c.example/"]),
        ("The Gazette (b.example) (d.example)", ["https://d.example/"]),
        ("The Gazette (b.example) 2", ["https://b.example/3"]),
    ]


def test_a_feed_without_a_name_is_called_by_its_site() -> None:
    """What else is known of it?"""
    assert added(stated("", "https://www.a.example/rss")) == [("a.example", ["https://www.a.example/rss"])]
    for url in ("mailto:a@b.example", "http://[bad"):
        (passed,) = additions([stated("", url)], []).passed_over
        assert passed.name == "an outline without a name"


def test_what_is_told_as_a_list_comes_back_as_it_was() -> None:
    """But for what the format has no place for."""
    outlets = (
        OutletSpec(
            name="The Gazette",
            language="en",
            tags=("coast",),
            feeds=(FeedSpec(url="https://gazette.example/a"), FeedSpec(url="https://gazette.example/b")),
        ),
        OutletSpec(name="Wire", feeds=(FeedSpec(url="https://wire.example/"),)),
    )
    found = additions(subscriptions(outlets), [])
    assert found.outlets == outlets
    assert found.passed_over == ()
    again = additions(subscriptions(outlets), outlets)
    assert again.outlets == ()
    assert len(again.passed_over) == 3


ANY = st.text(max_size=40)


@given(
    st.lists(
        st.builds(
            lambda title, url, categories, language: Subscription(
                title=title, url=url, categories=tuple(categories), language=language
            ),
            ANY,
            ANY | st.sampled_from(["a", "b"]).map(lambda host: f"https://{host}.example/"),
            st.lists(ANY, max_size=3),
            ANY,
        ),
        max_size=6,
    )
)
def test_whatever_a_list_says_the_configuration_takes_what_is_added(found: list[Subscription]) -> None:
    """And every line is either taken or named; no two outlets have one name."""
    result = additions(found, [KNOWN])
    assert [flaw(one) for one in result.outlets] == [""] * len(result.outlets)
    assert sum(len(one.feeds) for one in result.outlets) + len(result.passed_over) == len(found)
    names = [one.name.casefold() for one in (KNOWN, *result.outlets)]
    assert len(set(names)) == len(names)
