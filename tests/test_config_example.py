"""What we ship works: the starter, the repository's own configuration, and the schema for editors."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.config.duration import PATTERN
from monitor.config.load import Loaded, load
from monitor.config.schema import generate
from monitor.config.starter import STARTER
from monitor.entities.roster import build_roster
from monitor.rules.ruleset import Ruleset, compile_ruleset

_CONFIG = Path(__file__).parent.parent / "config"


def _compiled(loaded: Loaded) -> object:
    assert [str(mistake) for mistake in loaded.mistakes] == []
    assert loaded.settings is not None
    roster = build_roster(loaded.settings.entities)
    assert roster.problems == ()
    return compile_ruleset(loaded.settings.rules, roster)


def test_the_starter_works_as_it_is(tmp_path: Path) -> None:
    """One outlet, one rule whose examples hold, one channel that prints."""
    (tmp_path / "tocsin.yaml").write_text(STARTER)
    loaded = load(tmp_path, {})
    assert isinstance(_compiled(loaded), Ruleset)
    assert loaded.settings is not None
    assert [outlet.name for outlet in loaded.settings.outlets] == ["The Moscow Times"]
    assert [channel.kind for channel in loaded.settings.channels] == ["console"]
    assert len(loaded.settings.rules) == 1


def test_every_line_that_the_starter_leaves_out_works_too(tmp_path: Path) -> None:
    """Whoever uncomments everything has no mistakes."""
    first, *lines = STARTER.split("\n")
    text = "\n".join([first, *(re.sub(r"^( *)# (?=(- |  )?\w+:)", r"\1", line) for line in lines)])
    (tmp_path / "tocsin.yaml").write_text(text)
    loaded = load(tmp_path, {"HOOK_SECRET": "open sesame", "KEY": "open barley"})
    assert [str(one) for one in loaded.mistakes] == []
    assert loaded.settings is not None
    assert [channel.kind for channel in loaded.settings.channels] == ["console", "webhook"]
    assert loaded.settings.polling.contact
    assert loaded.settings.routes
    assert loaded.settings.handlings.channels["screen"].quiet
    assert loaded.settings.secrets == ("open barley", "open sesame")


def test_our_own_configuration_works() -> None:
    """Its rules compile, and each holds to its examples."""
    loaded = load(_CONFIG, {})
    assert isinstance(_compiled(loaded), Ruleset)
    assert loaded.settings is not None
    assert len(loaded.settings.outlets) >= 10
    assert len(loaded.settings.entities) >= 12
    assert len(loaded.settings.rules) >= 12
    assert all(rule.examples.match and rule.examples.no_match for rule in loaded.settings.rules)
    assert {path.name for path in loaded.files} == {path.name for path in _CONFIG.glob("*.yaml")}


@pytest.mark.parametrize("path", [*_CONFIG.glob("*.yaml"), None], ids=lambda path: path.name if path else "starter")
def test_editors_find_the_schema(path: Path | None) -> None:
    """Named in the first line."""
    text = path.read_text() if path else STARTER
    assert text.startswith("# yaml-language-server: $schema=schema.json\n")


def test_the_schema_is_current() -> None:
    """If this fails: python -m monitor.config.schema > config/schema.json."""
    assert (_CONFIG / "schema.json").read_text() == generate()


def _objects(value: object) -> Iterator[dict[str, object]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _objects(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _objects(inner)


def test_the_schema_describes_every_key_and_refuses_others() -> None:
    """An editor shows what each key means, and underlines what is none."""
    schema = json.loads(generate())
    models = [each for each in _objects(schema) if isinstance(each.get("properties"), dict)]
    assert len(models) == 14
    for model in models:
        assert model.get("description")
        assert model["additionalProperties"] is (model["title"] == "Channel")
        properties = model["properties"]
        assert isinstance(properties, dict)
        assert [key for key, value in properties.items() if not value.get("description")] == []


def test_the_schema_knows_durations_as_the_loader_does() -> None:
    """The same pattern, and room for what is substituted."""
    schema = json.loads(generate())
    pattern = schema["properties"]["grace"]["pattern"]
    assert PATTERN in pattern
    assert all(re.search(pattern, text) for text in ("15m", "1h30m", "${GRACE}"))
    assert not any(re.search(pattern, text) for text in ("15", "soon", ""))
    assert schema["properties"]["grace"]["default"] == "8s"
