"""A configuration is examined whole: every mistake at its place, or a plan to live in."""

from datetime import timedelta
from pathlib import Path

import pytest

from monitor.app.examine import Plan, examine, examined, lasting
from monitor.app.hearing import hearers
from monitor.cadence.paces import paces_of
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


def test_for_days_of_polling_outlets_are_held_once(tmp_path: Path) -> None:
    """What polls need of them is in the watch, and what feeds are asked with is known of those that say something."""
    plan = examined(written(tmp_path, GOOD.replace('b.example/f"', 'b.example/f", user_agent: Quay')), {})
    lasts = lasting(plan)
    assert plan.settings.outlets
    assert not lasts.settings.outlets
    assert lasts.watch == plan.watch
    assert {url: access.user_agent for url, access in lasts.accesses.items()} == {"https://b.example/f": "Quay"}


def test_who_overrules_a_ttl_says_so_for_all_an_outlet_or_a_feed(tmp_path: Path) -> None:
    """The nearest word counts; of two outlets that name one feed, the one that does not want to wait."""
    text = """\
polling: {heed_ttl: false}
outlets:
  - {name: Plain, feeds: [{url: "https://a.example/f"}]}
  - name: Patient
    heed_ttl: true
    feeds: [{url: "https://b.example/f"}, {url: "https://b.example/g", heed_ttl: false}]
  - {name: Hasty, feeds: [{url: "https://b.example/f", every: 1h}]}
  - {name: Calm, heed_ttl: true, feeds: [{url: "https://c.example/f"}]}
rules: [{name: truce, query: truce}]
"""
    plan = examined(written(tmp_path, text), {})
    assert {url: feed.pace.heeds_ttl for url, feed in plan.watch.feeds.items()} == {
        "https://a.example/f": False,
        "https://b.example/f": False,
        "https://b.example/g": False,
        "https://c.example/f": True,
    }
    paces = {url: feed.pace for url, feed in plan.watch.feeds.items()}
    assert paces_of(plan.settings, paces) == paces
    assert all(feed.pace.heeds_ttl for feed in examined(written(tmp_path, GOOD), {}).watch.feeds.values())


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


ROUTED = """\
outlets:
  - {name: Gazette, tags: [coast], feeds: [{url: "https://a.example/f"}]}
  - {name: Wire, feeds: [{url: "https://b.example/f"}]}
channels: [{name: desk, kind: console}, {name: ops, kind: console}]
rules:
  - {name: truce, query: truce}
  - {name: storm, query: storm, tags: [coast]}
  - {name: strike, query: strike, channels: [ops]}
routes:
  - {channels: [desk], tags: [coast]}
  - {channels: [desk, ops], languages: [en]}
"""


def notes_on(folder: Path, text: str) -> list[str]:
    return [str(note).replace(f"{folder}/tocsin.yaml:", "") for note in examined(written(folder, text), {}).notes]


def test_what_fits_no_route_is_noted(tmp_path: Path) -> None:
    """And where it goes; a route for a language is not sure to take an alert whose language nobody knows."""
    left = "6:12: rules.1.name: no route is sure to take its alerts from Wire: those that none takes go to desk, ops"
    assert notes_on(tmp_path, ROUTED) == [left]
    assert examined(written(tmp_path, ROUTED), {}).watch.routes[0].channels == ("desk",)
    assert notes_on(tmp_path, ROUTED.replace("query: truce", "query: truce, languages: [en]")) == []
    assert notes_on(tmp_path, ROUTED + "  - {channels: [ops]}\n") == []
    urgent = ROUTED.replace("languages: [en]", "priorities: [urgent]").replace("[desk, ops]", "[desk]")
    assert notes_on(tmp_path, urgent)[0].endswith("those that none takes go to ops")
    nothing = urgent.replace("tags: [coast]}\n  - {channels", "outlets: [Wire], rules: [storm]}\n  - {channels")
    assert notes_on(tmp_path, nothing)[0].startswith("6:12: rules.1.name: no route is sure to take its alerts: ")


def test_who_may_hear_of_a_rule_is_known_beforehand(tmp_path: Path) -> None:
    """By the outlets and languages that it looks at, with those that hear of what no route takes."""
    text = ROUTED.replace(
        "  - {name: storm", "  - {name: flood, query: flood, outlets: [Wire], languages: [de]}\n  - {name: storm"
    )
    text = text.replace("languages: [en]}", "languages: [en]}\n  - {channels: [night], rules: [storm]}")
    text = text.replace("{name: ops", "{name: night, kind: console}, {name: ops").replace(
        "[desk, ops], lang", "[desk], lang"
    )
    settings = examined(written(tmp_path, text), {}).settings
    assert {rule.name: hearers(rule, settings) for rule in settings.rules} == {
        "truce": ("desk", "ops"),
        "flood": ("ops",),
        "storm": ("desk", "night"),
        "strike": ("ops",),
    }
    everybody = examined(written(tmp_path, text.partition("routes:")[0]), {}).settings
    assert hearers(everybody.rules[0], everybody) == ("desk", "night", "ops")


def test_a_route_for_a_rule_that_names_its_channels_is_noted(tmp_path: Path) -> None:
    """It changes nothing."""
    text = ROUTED + "  - {channels: [ops], rules: [truce, strike]}\n"
    assert notes_on(tmp_path, text) == [
        "12:38: routes.3.rules.2: this rule names its channels itself: no route changes them"
    ]
