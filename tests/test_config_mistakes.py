"""Every mistake at once, each at its place, with the right word."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.config.load import load
from monitor.config.wording import known_keys

PATIENT = settings(deadline=None)  # a busy machine is no mistake
_GOOD = """\
outlets:
  - {name: Example, feeds: [{url: "https://example.org/rss"}]}
rules:
  - {name: storm, query: storm}
"""


def _said(folder: Path, text: str) -> list[str]:
    path = folder / "tocsin.yaml"
    path.write_text(text)
    return [str(one).replace(f"{folder}/", "") for one in load(path, {}).mistakes]


def _at(text: str, word: str) -> str:
    """Where a word stands for the last time, as a mistake there begins."""
    before = text[: text.rindex(word)]
    return f"tocsin.yaml:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


def _rule(more: str) -> str:
    return _GOOD.replace("query: storm", f"query: storm, {more}")


def _outlet(more: str) -> str:
    return _GOOD.replace("name: Example", f"name: Example, {more}")


def test_all_mistakes_of_all_sections_are_found_in_one_go(tmp_path: Path) -> None:
    """One run of check, one list, in the order of the file; nothing twice, nothing that only follows."""
    text = """\
polling: {evry: 15m, concurrency: "9", min_interval: 10m}
outlets:
  - name: A
    evry: 5m
    feeds: [{url: "https://a.example/rss"}, {url: "ftp://a.example/rss", x: 1}, 5]
  - name: a
    every: 2m
    feeds: []
channels:
  - {name: desk, kind: console, rate: 5/fortnight}
  - {kind: console}
entities:
  - {id: a b, type: persn, name: 5, aliases: foo, context: x}
rules:
  - name: r
    query: x
    priority: urgnt
    examples: {match: [a: b], no_mtch: []}
  - name: q
grace: 5
outlet: []
"""
    assert _said(tmp_path, text) == [
        "tocsin.yaml:1:11: polling.evry: unknown key, did you mean every?",
        "tocsin.yaml:1:35: polling.concurrency: expected a whole number",
        "tocsin.yaml:4:5: outlets.1.evry: unknown key, did you mean every?",
        "tocsin.yaml:5:51: outlets.1.feeds.2.url: expected an address such as https://example.org/rss",
        "tocsin.yaml:5:74: outlets.1.feeds.2.x: unknown key",
        "tocsin.yaml:5:81: outlets.1.feeds.3: expected keys and values, such as name: …",
        "tocsin.yaml:6:11: outlets.2.name: the name 'a' is used twice, first at tocsin.yaml:3:11",
        "tocsin.yaml:7:12: outlets.2.every: shorter than polling.min_interval, 10m: lengthen it or lower that",
        "tocsin.yaml:8:12: outlets.2.feeds: expected one at least",
        "tocsin.yaml:10:39: channels.1.rate: expected so many in so much time, such as 20 in 10m or 1/s",
        "tocsin.yaml:11:5: channels.2.name: missing",
        "tocsin.yaml:13:10: entities.1.id: expected one word, of letters, digits, - and _",
        "tocsin.yaml:13:21: entities.1.type: unknown value 'persn', did you mean 'person'?",
        "tocsin.yaml:13:34: entities.1.name: expected a text: put it in quotes",
        "tocsin.yaml:13:46: entities.1.aliases: expected a list",
        "tocsin.yaml:13:60: entities.1.context: expected a list",
        "tocsin.yaml:17:15: rules.1.priority: unknown value 'urgnt', did you mean 'urgent'?",
        "tocsin.yaml:18:24: rules.1.examples.match.1: expected a text: one with ': ' in it needs quotes",
        "tocsin.yaml:18:31: rules.1.examples.no_mtch: unknown key, did you mean no_match?",
        "tocsin.yaml:19:5: rules.2.query: missing",
        "tocsin.yaml:20:8: grace: expected a duration such as 15m, 2h or 1h30m, of a year at most",
        "tocsin.yaml:21:1: outlet: unknown key, did you mean outlets?",
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("desq", "unknown channel 'desq', did you mean 'desk'?"),
        ("telegram", "unknown channel 'telegram'"),
        ("DESK", "unknown channel 'DESK', did you mean 'desk'?"),
    ],
)
def test_a_rule_names_channels_that_exist(tmp_path: Path, name: str, said: str) -> None:
    """The nearest name is proposed."""
    text = "channels: [{name: desk, kind: console}]\n" + _rule(f"channels: [desk, {name}]")
    assert _said(tmp_path, text) == [f"{_at(text, name)}: rules.1.channels.2: {said}"]


def test_a_fallback_is_another_channel_that_exists(tmp_path: Path) -> None:
    """A channel that fails cannot tell so itself."""
    desk, ops = "{name: desk, kind: console, fallback: %s}", "{name: ops, kind: console}"
    for name, said in (
        ("ops", None),
        ("opps", "unknown channel 'opps', did you mean 'ops'?"),
        ("desk", "a channel that fails cannot tell so itself: name another"),
    ):
        text = f"channels: [{desk % name}, {ops}]\n" + _rule("priority: low")
        expected = [] if said is None else [f"tocsin.yaml:1:50: channels.1.fallback: {said}"]
        assert _said(tmp_path, text) == expected


def test_without_channels_there_is_one_named_console(tmp_path: Path) -> None:
    """It is a channel like any other."""
    assert _said(tmp_path, _rule("channels: [console]")) == []
    assert _said(tmp_path, _rule("channels: [console]") + "channels:\n") == []
    assert _said(tmp_path, _rule("channels: [screen]"))[0].endswith("unknown channel 'screen'")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ["1:1: outlets: no outlets: nothing to watch", "1:1: rules: no rules: nothing would ever alert"]),
        (
            "outlets: []\nrules:\n",
            ["1:1: rules: no rules: nothing would ever alert", "1:10: outlets: no outlets: nothing to watch"],
        ),
    ],
)
def test_a_configuration_that_could_never_alert_is_a_mistake(tmp_path: Path, text: str, said: list[str]) -> None:
    """Silence must never come from a forgotten section."""
    assert _said(tmp_path, text) == [f"tocsin.yaml:{one}" for one in said]


def test_one_outlet_names_a_feed_once_but_two_outlets_may_share_it(tmp_path: Path) -> None:
    """Host names do not differ in case, and an empty path is the root."""
    twice = _GOOD.replace("rss", "").replace("}]}", '}, {url: "HTTPS://EXAMPLE.org"}]}')
    place = _at(twice, '"HTTPS')
    assert _said(tmp_path, twice) == [f"{place}: outlets.1.feeds.2.url: this outlet has the same feed twice"]
    shared = _GOOD.replace("rules:", '  - {name: Other, feeds: [{url: "https://example.org/rss"}]}\nrules:')
    assert _said(tmp_path, shared) == []


@pytest.mark.parametrize(
    "url",
    [
        "", "example.org/rss", "ftp://example.org/rss", "file:///etc/passwd", "https://", "https:///rss", "http://:80/",
        "https://example.org:99999/rss", "https://example.org/a b", "https://[::1/rss", "https://example.org\\\\x",
        "https://example.org/" + "x" * 2000,
    ],
)  # fmt: skip
def test_a_feed_is_an_http_address_with_a_host(tmp_path: Path, url: str) -> None:
    """What cannot be asked is refused before it is asked."""
    said = _said(tmp_path, _GOOD.replace("https://example.org/rss", url))
    assert said == ["tocsin.yaml:2:35: outlets.1.feeds.1.url: expected an address such as https://example.org/rss"]


def test_addresses_of_every_script_and_port_are_taken(tmp_path: Path) -> None:
    """And a password in one is refused: it would be stored with the feed."""
    for url in ("http://127.0.0.1:8080/x?y=1", "https://пример.рф/лента", "http://[::1]/"):
        assert _said(tmp_path, _GOOD.replace("https://example.org/rss", url)) == []
    said = _said(tmp_path, _GOOD.replace("example.org", "me:canary@example.org"))
    assert said[0].endswith(
        "a user or password in an address is not supported: write username: and password: beside it"
    )
    assert "canary" not in said[0]


@pytest.mark.parametrize(
    ("polling", "said"),
    [
        (
            "{every: 2m}",
            "1:18: polling.every: shorter than polling.min_interval, 5m by default: lengthen it or lower that",
        ),
        (
            "{every: 2d}",
            "1:18: polling.every: longer than polling.max_interval, 1d by default: shorten it or raise that",
        ),
        (
            "{every: 2d, max_interval: 1h}",
            "1:18: polling.every: longer than polling.max_interval, 1h: shorten it or raise that",
        ),
        (
            "{min_interval: 30m}",
            "1:25: polling.min_interval: longer than polling.every, 15m by default: write polling.every too",
        ),
        (
            "{max_interval: 10m}",
            "1:25: polling.max_interval: shorter than polling.every, 15m by default: write polling.every too",
        ),
        ("{min_interval: 2d}", "1:25: polling.min_interval: polling.min_interval is longer than polling.max_interval"),
        ("{max_interval: 1m}", "1:25: polling.max_interval: polling.min_interval is longer than polling.max_interval"),
        ("{timeout: 500ms}", "1:20: polling.timeout: expected at least 1s"),
        ("{timeout: 11m}", "1:20: polling.timeout: expected at most 10m"),
        ("{min_interval: 0s}", "1:25: polling.min_interval: expected at least 1s"),
        (
            "{min_interval: soon}",
            "1:25: polling.min_interval: expected a duration such as 15m, 2h or 1h30m, of a year at most",
        ),
        ("{concurrency: 0}", "1:24: polling.concurrency: expected at least 1"),
        ("{concurrency: 1001}", "1:24: polling.concurrency: expected at most 1000"),
        ("{concurrency: true}", "1:24: polling.concurrency: expected a whole number"),
        ("{contact: Ёлка}", "1:20: polling.contact: expected an address or page in plain ASCII"),
        (
            "{allow_private: [10.0.0.1/8]}",
            "1:27: polling.allow_private.1: expected a network such as 127.0.0.0/8 or fd00::/8, zero after the prefix",
        ),
        (
            "{allow_private: [10]}",
            "1:27: polling.allow_private.1: expected a network such as 127.0.0.0/8 or fd00::/8, zero after the prefix",
        ),
        ("often", "1:10: polling: expected keys and values, such as name: …"),
    ],
)  # fmt: skip
def test_polling_within_limits(tmp_path: Path, polling: str, said: str) -> None:
    """A wish that would not be obeyed is a mistake, not a surprise."""
    assert _said(tmp_path, f"polling: {polling}\n{_GOOD}") == [f"tocsin.yaml:{said}"]


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        (_outlet("language: English"), "English", "outlets.1.language: expected a language such as en, ru or uk"),
        (_outlet("tags: [a b]"), "a b", "outlets.1.tags.1: expected one word, of letters, digits, - and _"),
        (
            _outlet("publisher: http://x.org"),
            "http://x.org",
            "outlets.1.publisher: expected a domain such as example.org, without https:// or a path",
        ),
        (_outlet("heed_ttl: perhaps"), "perhaps", "outlets.1.heed_ttl: expected true or false"),
        (f"polling: {{heed_ttl: [no]}}\n{_GOOD}", "[no", "polling.heed_ttl: expected true or false"),
        (_GOOD.replace("Example", "' '"), "' '", "outlets.1.name: must not be empty"),
        (
            _GOOD.replace("Example", "'x '"),
            "'x '",
            "outlets.1.name: expected one line of text, without blanks around it",
        ),
        (
            _GOOD.replace("Example", r'"a\tb"'),
            r'"a\tb"',
            "outlets.1.name: expected one line of text, without blanks around it",
        ),
        (_GOOD.replace("Example", "x" * 201), "x" * 201, "outlets.1.name: longer than 200 characters"),
        (_GOOD.replace("query: storm", "query: ''"), "''", "rules.1.query: must not be empty"),
        (_GOOD.replace("query: storm", "query: "), "query", "rules.1.query: must not be empty"),
        (_rule("priority: panic"), "panic", "rules.1.priority: expected urgent, normal or low, not 'panic'"),
        (_rule("priority: 17"), "17", "rules.1.priority: expected urgent, normal or low"),
        (_rule("17: x"), "17", "rules.1.17: unknown key"),
        (_GOOD + "entities: {a: b}", "{a: b", "entities: expected a list"),
        (_GOOD + "entities: !x", "!x", "tags are not allowed"),
        (_GOOD + "channels: one", "one", "channels: expected a list"),
        (_GOOD + "channels: [one]", "one", "channels.1: expected keys and values, such as name: …"),
    ],
)
def test_a_wrong_value_is_one_mistake_at_the_value(tmp_path: Path, text: str, at: str, said: str) -> None:
    """In plain words."""
    assert _said(tmp_path, text) == [f"{_at(text, at)}: {said}"]


def test_a_long_value_is_shown_in_short(tmp_path: Path) -> None:
    """A mistake is one line, and the nearest word is not sought for ever."""
    said = _said(tmp_path, _rule(f"channels: [{'x' * 150}]"))
    assert said == [f"tocsin.yaml:4:44: rules.1.channels.1: unknown channel '{'x' * 57}…'"]


_PLACES: tuple[tuple[str, ...], ...] = (
    *((), ("polling",), ("outlets",), ("outlets", "feeds"), ("channels",), ("entities",), ("entities", "aliases")),
    ("rules",),
    ("routes",),
)
_KEYS = st.sampled_from(("x", *(key for place in _PLACES for key in known_keys(place))))
_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
_WORDS = st.sampled_from(
    ["15m", "https://a.example", "${X}", "${", "console", "desk", "person", "low", "07:00 UTC", "1/s", "0:00-24:00 UTC"]
)
_VALUES = st.recursive(
    _SCALARS | _WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=20,
)


@PATIENT
@given(st.dictionaries(_KEYS, _VALUES, max_size=6))
def test_no_structure_makes_the_loader_raise(tmp_path_factory: pytest.TempPathFactory, said: dict[str, object]) -> None:
    """Property: whatever is written, the answer is settings, mistakes or both, and each mistake has a place."""
    path = tmp_path_factory.getbasetemp() / "structure.yaml"
    path.write_text(json.dumps(said), encoding="utf-8", errors="replace")
    loaded = load(path, {"X": "y"})
    assert loaded.settings is not None or loaded.mistakes
    assert all(one.mark.line >= 1 and one.mark.column >= 1 and "\n" not in str(one) for one in loaded.mistakes)
    assert loaded.mistakes == tuple(sorted(set(loaded.mistakes)))


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ("retention: {seen: 6d, text: 1d}", "1:19: retention.seen: expected at least 7d"),
        ("retention: {text: 1h}", "1:19: retention.text: expected at least 1d"),
        ("retention: {alerts: 0s}", "1:21: retention.alerts: expected at least 7d"),
        (
            "retention: {text: 91d, seen: 90d}",
            "1:19: retention.text: retention.text, 91d, is longer than retention.seen, 90d",
        ),
        ("retention: {seen: 30d}", "1:19: retention.seen: retention.text, 90d, is longer than retention.seen, 30d"),
        ("retention: {seen: 400d}", "1:19: retention.seen: expected a duration such as 15m"),
        ("retention: {entries: 90d}", "1:13: retention.entries: unknown key"),
        ("backup: {every: 5m}", "1:17: backup.every: expected at least 1h"),
        ("backup: {keep: 0}", "1:16: backup.keep: expected at least 1"),
    ],
)  # fmt: skip
def test_keeping_within_limits(tmp_path: Path, section: str, said: str) -> None:
    """What would be kept too short to be of use, or longer than what it belongs to."""
    (only,) = _said(tmp_path, f"{section}\n{_GOOD}")
    assert only.startswith(f"tocsin.yaml:{said}")
