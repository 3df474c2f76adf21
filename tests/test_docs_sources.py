"""The section on sources in docs/polling.md tells the truth: its configuration is good, its figures are in force."""

import re
from pathlib import Path

import pytest

from monitor.app import finding
from monitor.app.examine import examined
from monitor.config.asking import _MOST
from monitor.feeds import opml
from monitor.model.settings import Access, Proxy

PAGE = (Path(__file__).parent.parent / "docs" / "polling.md").read_text(encoding="utf-8")
SOURCES = PAGE[PAGE.index("## Sources") :]
WORDS = " ".join(SOURCES.split())
SECRETS = {"PROXY_PASSWORD": "one", "WIRE_KEY": "two", "WIRE_PASSWORD": "three"}


def test_the_configuration_that_it_shows_means_what_it_says(tmp_path: Path) -> None:
    """Every key of it."""
    block = re.findall(r"```yaml\n(.*?)```", SOURCES, re.DOTALL)[0]
    (tmp_path / "tocsin.yaml").write_text(f"{block}rules: [{{name: storm, query: storm}}]\n", encoding="utf-8")
    settings = examined(tmp_path, SECRETS).settings
    proxy = Proxy(address="http://proxy.example.org:3128", authorization="Basic ZGVzazpvbmU=")
    assert settings.polling.proxy == proxy
    key = (("X-Api-Key", "two"),)
    assert [feed.access for feed in settings.outlets[0].feeds] == [
        Access(headers=key, authorization="Basic ZGVzazp0aHJlZQ=="),
        Access(headers=key, user_agent="Mozilla/5.0 (compatible; Desk/1.0)", proxy=Proxy(address="")),
    ]


@pytest.mark.parametrize(
    "words",
    [
        f"at most {finding.MOST_LINKED})",
        f"at most {finding.MOST_GUESSED} places",
        f"After {finding.PATIENCE_SECONDS:g} seconds",
        f"at most {_MOST} headers",
        f"{opml.LARGEST // 1_000_000} MB and {opml.MOST:,} outlines",
    ],
)
def test_its_figures_are_those_in_force(words: str) -> None:
    """Whoever changes one changes the page."""
    assert words in WORDS


def test_the_places_where_feeds_use_to_be_are_all_named() -> None:
    """In their order, for a page within a site."""
    named = re.findall(r"`([^`]+)`", SOURCES[SOURCES.index("`feed` and") : SOURCES.index("of the site. After")])
    tried = list(finding._guesses("https://a.example/blog"))
    assert tried == ["https://a.example/blog/" + one for one in named[:2]] + [
        f"https://a.example{one}" for one in named[2:]
    ]
