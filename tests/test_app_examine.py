"""A configuration is examined whole: every mistake at its place, or a plan to live in."""

from datetime import timedelta
from pathlib import Path

import pytest

from monitor.app.examine import Plan, examine, examined
from monitor.errors import ConfigurationError

GOOD = """\
polling: {every: 30m, min_interval: 5m}
outlets:
  - {name: Gazette, tags: [coast, news], language: en, feeds: [{url: "https://a.example/f", every: 10m}]}
  - {name: Wire, tags: [news], language: de, feeds: [{url: "https://a.example/f"}, {url: "https://b.example/f"}]}
rules: [{name: truce, query: truce}]
"""


def written(folder: Path, text: str) -> Path:
    (folder / "tocsin.yaml").write_text(text, encoding="utf-8")
    return folder


def test_a_feed_that_two_outlets_name_is_polled_once_at_the_shorter_pace(tmp_path: Path) -> None:
    """It carries the names and tags of both, each once, and the language of the first that states one."""
    plan = examined(written(tmp_path, GOOD), {})
    feeds = plan.watch.feeds
    assert list(feeds) == ["https://a.example/f", "https://b.example/f"]
    both = feeds["https://a.example/f"]
    assert (both.outlets, both.tags, both.language) == (("Gazette", "Wire"), ("coast", "news"), "en")
    assert both.pace.every == timedelta(minutes=10)
    assert feeds["https://b.example/f"].pace.every == timedelta(minutes=30)


def test_without_channels_there_is_a_console(tmp_path: Path) -> None:
    """A first configuration needs none to be of use."""
    assert list(examined(written(tmp_path, GOOD), {}).watch.channels) == ["console"]


def test_mistakes_of_all_kinds_come_together_in_the_order_of_the_file(tmp_path: Path) -> None:
    """Shape, options of channels, entities and rules are examined whatever is wrong with the others."""
    found = examine(
        written(
            tmp_path,
            "outlets: [{name: A, feeds: [{url: 'https://a.example/f', evry: 1h}]}]\n"
            "channels: [{name: s, kind: webhook, url: 'https://a.example/', headers: {X.Y: 'a\\nb'}}]\n"
            "rules: [{name: r, query: 'truce AND entity:nobody'}]\n",
        ),
        {},
    )
    assert not isinstance(found, Plan)
    assert [mistake.mark.line for mistake in found] == sorted(mistake.mark.line for mistake in found)
    assert {mistake.path.split(".")[0] for mistake in found} >= {"outlets", "rules"}


def test_a_file_that_cannot_be_read_is_the_one_mistake(tmp_path: Path) -> None:
    """Nothing else is guessed."""
    with pytest.raises(ConfigurationError) as caught:
        examined(tmp_path / "nowhere.yaml", {})
    assert len(caught.value.mistakes) == 1
    assert "cannot be read" in caught.value.mistakes[0]


def test_entities_that_contradict_each_other_are_mistakes(tmp_path: Path) -> None:
    """The same id twice would make a rule ambiguous."""
    text = GOOD + "entities: [{id: x, name: One}, {id: x, name: Two}]\n"
    found = examine(written(tmp_path, text), {})
    assert not isinstance(found, Plan)
    assert all("entities" in mistake.path for mistake in found)
