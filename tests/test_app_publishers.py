"""Whose outlets are: several of one publisher count once."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.app.examine import examined
from monitor.app.publishers import names_of, outlets_at, publisher_of, source_named
from monitor.cadence.interval import Pace
from monitor.flow.retelling import Source
from monitor.flow.watch import FeedWatch, Watch
from monitor.model.settings import FeedSpec, OutletSpec
from monitor.rules.ruleset import Ruleset
from monitor.system.domains import registrable_domain


def outlet(*urls: str, name: str = "Gazette", publisher: str = "") -> OutletSpec:
    return OutletSpec(name=name, publisher=publisher, feeds=tuple(FeedSpec(url=url) for url in urls))


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.bbc.co.uk", "bbc.co.uk"),
        ("rss.harbour.example.com", "example.com"),
        ("WWW.Example.ORG.", "example.org"),
        ("192.0.2.7", ""),
        ("::ffff:192.0.2.7", ""),
        ("fe80::1%eth0.7", ""),
        ("fe80::1%eth.x", ""),
        ("ann.blogspot.com", "ann.blogspot.com"),
        ("новости.гибдд.рф", "гибдд.рф"),
        ("news.xn--90adear.xn--p1ai", "гибдд.рф"),
        ("co.uk", "co.uk"),
        ("127.0.0.1", ""),
        ("::1", ""),
        ("localhost", ""),
        ("a..b", ""),
        ("", ""),
    ],
)
def test_the_domain_that_somebody_registered(host: str, domain: str) -> None:
    """By the list of public suffixes, private ones included, without a network; a bare suffix stands for itself."""
    assert registrable_domain(host) == domain


@given(st.text(max_size=30))
def test_whatever_the_host_the_domain_of_a_domain_is_itself(host: str) -> None:
    """And nothing is raised."""
    domain = registrable_domain(host)
    assert registrable_domain(domain) == domain


def test_mirrors_and_sections_of_one_domain_are_one_publisher() -> None:
    """Whatever the outlets are called."""
    sections = [
        outlet("https://rss.example.com/world", name="World"),
        outlet("https://www.example.com/rss?section=sport", name="Sport"),
        outlet("http://mirror.example.com:8080/feed", name="Mirror"),
    ]
    assert {publisher_of(one) for one in sections} == {"example.com"}


def test_the_configuration_knows_better() -> None:
    """Two domains of one newsroom are one publisher by `publisher:`."""
    assert publisher_of(outlet("https://example.org/rss", publisher="example.com")) == "example.com"


@pytest.mark.parametrize(
    "url",
    [
        "https://feeds.feedburner.com/harbour",
        "https://rsshub.app/harbour/news",
        "https://www.youtube.com/feeds/videos.xml?channel_id=1",
        "https://api.substack.com/feed/harbour",
        "https://medium.com/feed/@harbour",
        "http://127.0.0.1:8000/feed",
        "http://[::1]/feed",
        "http://localhost/feed",
    ],
)
def test_where_anybody_publishes_an_outlet_is_its_own_publisher(url: str) -> None:
    """Two outlets of one such service are two voices."""
    assert publisher_of(outlet(url, name="Harbour")) == "Harbour"


def test_a_host_of_its_own_at_a_service_is_a_publisher() -> None:
    """Two feeds of it are one voice."""
    assert publisher_of(outlet("https://harbour.substack.com/feed", name="A")) == "harbour.substack.com"
    assert publisher_of(outlet("https://harbour.substack.com/podcast", name="B")) == "harbour.substack.com"
    assert publisher_of(outlet("https://harbour.github.io/rss", name="C")) == "harbour.github.io"


def test_the_first_feed_with_a_domain_of_its_own_decides() -> None:
    """An outlet may have one feed at a service and another at home."""
    assert publisher_of(outlet("https://feeds.feedburner.com/x", "https://example.org/rss")) == "example.org"


def test_names_that_headlines_may_end_in() -> None:
    """The outlet's, that without its brackets, and what its domains begin with; each once."""
    one = outlet("https://www.harbourtimes.com/rss", name="Harbour Times (Russian)", publisher="harbourpress.org")
    assert names_of(one) == ("Harbour Times (Russian)", "Harbour Times", "harbourpress", "harbourtimes")
    assert names_of(outlet("http://127.0.0.1/feed", name="Wire")) == ("Wire",)


def test_an_outlet_of_a_file_may_be_a_domain_a_name_or_nobody() -> None:
    """What says that nobody knows is no name."""
    domain = source_named("www.harbourtimes.co.uk")
    assert (domain.publisher, domain.names) == ("harbourtimes.co.uk", ("www.harbourtimes.co.uk", "harbourtimes"))
    assert source_named("Wire") == Source(outlet="Wire", names=("Wire",), publisher="Wire")
    assert source_named("") == source_named("unknown") == source_named("Unknown") == Source()


def test_what_is_watched_knows_publishers_and_names(tmp_path: Path) -> None:
    """A feed that two outlets name has the names of both."""
    (tmp_path / "tocsin.yaml").write_text(
        "outlets:\n"
        '  - {name: Gazette, feeds: [{url: "https://a.example/f"}]}\n'
        '  - {name: Wire, publisher: wire.example, feeds: [{url: "https://a.example/f"}]}\n'
        "rules: [{name: truce, query: truce}]\n",
        encoding="utf-8",
    )
    watch = examined(tmp_path, {}).watch
    assert watch.publishers == {"Gazette": "a.example", "Wire": "wire.example"}
    assert watch.feeds["https://a.example/f"].names == ("Gazette", "a", "Wire", "wire")


def test_the_outlets_that_a_page_may_be_of_are_found() -> None:
    """By their publisher, or by where their feeds lie; not by services that serve many, nor by nothing at all."""
    pace = Pace(every=timedelta(minutes=15), shortest=timedelta(minutes=5), longest=timedelta(days=1))
    lying = {
        "https://feeds.harbour.example/rss": ("Harbour Sport",),
        "https://feeds.feedburner.com/pier": ("The Pier",),
        "http://ann:secret@127.0.0.1:8080/rss": ("The Desk",),
    }
    watch = Watch(
        feeds={url: FeedWatch(url=url, outlets=names, tags=(), language="", pace=pace) for url, names in lying.items()},
        ruleset=Ruleset(),
        channels=(),
        publishers={"The Harbour": "harbour.example", "Harbour Sport": "harbour.example", "The Pier": "pier.example"},
    )
    found = {
        link: outlets_at(link, watch)
        for link in (
            "https://www.harbour.example/2026/1",
            "https://pier.example/1",
            "https://feeds.feedburner.com/~r/1",
            "http://127.0.0.1:8080/news/1",
            "http://127.0.0.1:9090/news/1",
            "https://elsewhere.example/1",
            "nonsense",
        )
    }
    assert list(found.values()) == [("The Harbour", "Harbour Sport"), ("The Pier",), (), ("The Desk",), (), (), ()]
