"""docs/channels.md tells the truth: all kinds and options, good examples, and code that is that of the example."""

import re
import tomllib
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from monitor.channels import plugin
from monitor.channels.kinds import KINDS, build
from monitor.model.settings import ChannelSpec

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "channels.md").read_text("utf-8")
EXAMPLE = ROOT / "tests" / "plugin_example"
OUTSIDE = {
    "HOOK_SECRET": "geheim",
    "SMTP_URL": "smtps://user:password@mail.example.org",
    "BOT_TOKEN": "123456789:AAAAAAAAAAAAAAAAAAAA",
    "SLACK_URL": "https://hooks.slack.example/services/T/B/x",
    "DISCORD_URL": "https://discord.example/api/webhooks/1/x",
    "NTFY_TOPIC": "desk",
    "NTFY_TOKEN": "tk_1",
    "DESK_URL": "json://desk.example.org/hook",
}


def section(kind: str) -> str:
    found = re.search(rf"^## {kind}\n(.*?)(?=^## )", PAGE, re.MULTILINE | re.DOTALL)
    assert found, kind
    return found[1]


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_described_with_all_its_options(kind: str) -> None:
    """And with none that it does not have."""
    built = build(ChannelSpec(name="desk", kind=kind, options={"zzzzzzzz": 1}))
    assert isinstance(built, tuple)
    (unknown,) = [one.what for one in built if one.option == "zzzzzzzz"]
    options = set(unknown.removeprefix("unknown option, there is ").split(", ")) if "there is " in unknown else set()
    described = set(re.findall(r"^\| `(\w+)` \|", section(kind), re.MULTILINE))
    assert described == {one for one in options if ":" not in one}
    assert f"| `{kind}` |" in PAGE


@pytest.mark.parametrize("block", blocks("yaml"))
def test_every_example_is_a_good_configuration(block: str) -> None:
    """With what it takes from outside put in."""
    for name, value in OUTSIDE.items():
        block = block.replace(f"${{{name}}}", value)
    (channel,) = YAML(typ="safe").load(block)["channels"]
    options = {key: value for key, value in channel.items() if key not in ("name", "kind")}
    built = build(ChannelSpec(name=channel["name"], kind=channel["kind"], options=options))
    assert not isinstance(built, tuple), built


def test_the_code_is_that_of_the_example_which_is_tested() -> None:
    """Word for word."""
    code = (EXAMPLE / "tocsin_command.py").read_text("utf-8")
    assert len(blocks("python")) == 2
    assert all(block in code for block in blocks("python"))
    (points,) = blocks("toml")
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text("utf-8"))["project"]
    assert tomllib.loads(points)["project"]["entry-points"] == project["entry-points"]


def test_every_public_name_is_named() -> None:
    """What is not named is not promised."""
    assert all(f"`{name}`" in PAGE for name in plugin.__all__)
