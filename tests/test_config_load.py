"""From files to settings, and back to the place of each value."""

from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

from monitor.config.load import load, secrets_in
from monitor.model.rules import EntitySpec, Examples, Priority, RuleName, RuleSpec
from monitor.model.settings import ChannelSpec, FeedSpec, OutletSpec, PollingSettings, Settings
from monitor.model.upkeep import BackupSettings, Retention

_WHOLE = """\
polling: {every: 10m, min_interval: 1m, max_interval: 2h, concurrency: 8, timeout: 20s, allow_private: [127.0.0.0/8],
          contact: desk@example.org, heed_ttl: false}
outlets:
  - name: Example
    publisher: Example.org
    language: en
    tags: [a, b, a]
    every: 20m
    feeds: [{url: "https://example.org/rss", every: 5m}, {url: "https://example.org/more", heed_ttl: false}]
channels:
  - {name: hook, kind: webhook, url: "https://example.net", headers: {a: [1, true, null]}}
entities:
  - {id: mayor, type: person, name: Ada Example, aliases: [Ада]}
rules:
  - name: storm
    query: >-
      storm
      AND coast
    channels: [hook, hook]
    priority: low
    examples: {match: [Storm hits coast], no_match: [Calm]}
retention: {seen: 100d, text: 20d, alerts: 300d}
backup: {every: 12h, keep: 3}
grace: 5s
"""


def test_everything_that_may_be_said_arrives(tmp_path: Path) -> None:
    """The settings are plain data of the model."""
    (tmp_path / "tocsin.yaml").write_text(_WHOLE)
    loaded = load(tmp_path, {})
    assert loaded.mistakes == ()
    assert loaded.settings == Settings(
        polling=PollingSettings(
            every=timedelta(minutes=10),
            min_interval=timedelta(minutes=1),
            max_interval=timedelta(hours=2),
            concurrency=8,
            timeout=timedelta(seconds=20),
            allow_private=(ip_network("127.0.0.0/8"),),
            contact="desk@example.org",
            heed_ttl=False,
        ),
        outlets=(
            OutletSpec(
                name="Example",
                publisher="example.org",
                language="en",
                tags=("a", "b"),
                feeds=(
                    FeedSpec(url="https://example.org/rss", every=timedelta(minutes=5)),
                    FeedSpec(url="https://example.org/more", every=timedelta(minutes=20), heed_ttl=False),
                ),
            ),
        ),
        channels=(
            ChannelSpec(
                name="hook",
                kind="webhook",
                options={"url": "https://example.net", "headers": {"a": [1, True, None]}},
            ),
        ),
        entities=(EntitySpec(id="mayor", type="person", name="Ada Example", aliases=("Ада",)),),
        rules=(
            RuleSpec(
                name=RuleName("storm"),
                query="storm AND coast",
                channels=("hook",),
                priority=Priority.LOW,
                examples=Examples(match=("Storm hits coast",), no_match=("Calm",)),
            ),
        ),
        retention=Retention(seen=timedelta(days=100), text=timedelta(days=20), alerts=timedelta(days=300)),
        backup=BackupSettings(every=timedelta(hours=12), keep=3),
        grace=timedelta(seconds=5),
    )


def test_what_is_not_said_is_as_the_model_says(tmp_path: Path) -> None:
    """One source of defaults."""
    path = tmp_path / "any.yaml"
    path.write_text("outlets: [{name: A, feeds: [{url: 'http://a.example'}]}]\nrules: [{name: r, query: x}]\n")
    settings = load(path, {}).settings
    assert settings == Settings(
        outlets=(OutletSpec(name="A", feeds=(FeedSpec(url="http://a.example"),)),),
        channels=(ChannelSpec(name="console", kind="console"),),
        rules=(RuleSpec(name=RuleName("r"), query="x"),),
    )


def test_any_value_can_be_located(tmp_path: Path) -> None:
    """What another room finds wrong is shown at the same place as what this one finds."""
    (tmp_path / "tocsin.yaml").write_text(_WHOLE)
    loaded = load(tmp_path, {})

    def place(*path: str | int, column: int | None = None) -> tuple[int, int]:
        mark = loaded.locate(path, column)
        return mark.line, mark.column

    assert place("rules", 0, "query", column=7) == (18, 7)
    assert place("rules", 0, "query") == (16, 12)
    assert place("channels", 0, "headers", "a", 1) == (11, 78)
    assert place("channels", 0, "secret") == (11, 5)
    assert place("channels", 7) == (11, 3)
    assert place("nothing", 7, "x") == (1, 1)
    assert place("rules", 0, column=3) == (15, 5)
    assert place("channels", 0, "headers", "a", 0, column=3) == (11, 75)
    assert (
        str(loaded.mistake(("rules", 0, "query"), "odd", column=7))
        == f"{tmp_path}/tocsin.yaml:18:7: rules.1.query: odd"
    )
    mistake = loaded.mistake(("channels", 0, "headers"), "odd", is_key=True)
    assert (mistake.mark.column, mistake.path) == (61, "channels.1.headers")
    assert loaded.mistake(("rules", 9, "query"), "odd").path == "rules.10.query"


def test_what_is_left_of_a_wrong_configuration_can_still_be_looked_at(tmp_path: Path) -> None:
    """Items that cannot be saved go from settings and places alike, so that their positions stay the same."""
    (tmp_path / "tocsin.yaml").write_text(
        """\
polling: {evry: 1m, concurrency: 8}
outlets: [5, {name: A, tags: x, feeds: [{url: "http://a.example"}]}]
rules:
  - {name: lost}
  - {name: kept, query: "storm AND", priority: hgh}
entities: nobody
channels:
  - {name: screen, kind: console, digest: x, width: 3}
"""
    )
    loaded = load(tmp_path, {})
    assert len(loaded.mistakes) == 7
    assert loaded.settings is not None
    assert loaded.settings.polling.concurrency == 8
    assert [outlet.name for outlet in loaded.settings.outlets] == ["A"]
    assert loaded.settings.rules == (RuleSpec(name=RuleName("kept"), query="storm AND"),)
    assert loaded.settings.entities == ()
    assert loaded.settings.channels[0].options == {"width": 3}
    mistake = loaded.mistake(("rules", 0, "query"), "AND needs a right side", column=7)
    assert (mistake.mark.line, mistake.mark.column, mistake.path) == (5, 32, "rules.2.query")


def test_a_configuration_that_is_not_there_is_one_mistake(tmp_path: Path) -> None:
    """In a folder the main file is meant; settings are None."""
    for path, name in ((tmp_path, tmp_path / "tocsin.yaml"), (tmp_path / "x.yaml", tmp_path / "x.yaml")):
        loaded = load(path, {})
        assert loaded.settings is None
        assert [str(one) for one in loaded.mistakes] == [f"{name}:1:1: cannot be read: No such file or directory"]
        assert loaded.locate(("rules", 0)).file == str(name)


def test_marks_name_files_as_they_were_asked_for(tmp_path: Path) -> None:
    """A relative path stays relative: config/tocsin.yaml, not the whole way from the root."""
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "tocsin.yaml").write_text("x: 1\n")
    here = Path.cwd()
    relative = Path(*[".."] * (len(here.parts) - 1), *folder.parts[1:])
    assert load(relative, {}).mistakes[0].mark.file == str(relative / "tocsin.yaml")


def test_secrets_are_known_although_the_configuration_has_mistakes(tmp_path: Path) -> None:
    """What only wants to blot them out must not depend on the rest."""
    path = tmp_path / "tocsin.yaml"
    path.write_text(
        "channels: [{kind: webhook, url: 'https://a.example/${TOKEN}'}]\ninclude: [nowhere.yaml]\nx: ${TOKEN}\n"
    )
    assert secrets_in(tmp_path, {"TOKEN": "hush"}) == ("hush",)
    assert secrets_in(tmp_path / "nowhere", {}) == ()
