"""The example of the README: one rule, one story in three languages, and the messages as a console prints them."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
import time_machine

from monitor.cli.application import run_command
from tests.cli_logs import restored_logs
from tests.cli_town import Town, town

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "docs" / "three-languages"
README = (ROOT / "README.md").read_text(encoding="utf-8")
STORIES = [json.loads(line) for line in (EXAMPLE / "stories.jsonl").read_text(encoding="utf-8").splitlines()]
BEFORE = datetime(2026, 2, 7, 8, tzinfo=UTC)


def feed(language: str, stories: list[dict[str, str]]) -> bytes:
    """The invented feed that brings these stories."""
    items = "".join(
        f"<item><title>{escape(one['title'])}</title><link>{one['link']}</link><guid>{one['link']}</guid>"
        f"<pubDate>{datetime.fromisoformat(one['published']):%a, %d %b %Y %H:%M:%S +0000}</pubDate>"
        f"<description>{escape('<p>' + escape(one['summary']) + '</p>')}</description></item>"
        for one in stories
    )
    return (
        f"<rss version='2.0'><channel><title>{language}</title><language>{language}</language>{items}</channel></rss>"
    ).encode()


@pytest.fixture(scope="module")
def quay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The example's configuration, with its feeds on loopback; empty feeds are the baseline."""
    with restored_logs(), town(tmp_path_factory.mktemp("quay")) as here:
        text = (EXAMPLE / "tocsin.yaml").read_text(encoding="utf-8")
        here.configure(
            text.replace("https://quay.example", "ADDRESS") + "polling: {every: 15m, allow_private: [127.0.0.0/8]}\n"
        )
        for language in ("en", "ru", "uk"):
            here.pages[f"/{language}.rss"] = ("application/rss+xml", feed(language, []))
        with time_machine.travel(BEFORE, tick=True):
            assert run_command(["once", *here.places]) == 0
        yield here


def test_the_messages_are_those_that_the_readme_shows(quay: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """In English, Russian and Ukrainian, every match marked; the story beside them alerts nobody."""
    for language in ("en", "ru", "uk"):
        stories = [one for one in STORIES if one["lang"] == language]
        quay.pages[f"/{language}.rss"] = ("application/rss+xml", feed(language, stories))
    capsys.readouterr()
    with time_machine.travel(BEFORE + timedelta(hours=2, minutes=5), tick=True):
        assert run_command(["once", *quay.places]) == 0
    printed = capsys.readouterr().out
    shown = re.findall(r"```text\n(.*?)```", README, re.DOTALL)
    assert len(shown) == 3
    for message in shown:
        assert message in printed
    assert printed.count("\nid: ") == 3
    assert printed.strip().endswith("polled 3, alerts 3, sent 3, failed 0")


def test_the_example_has_no_mistakes_and_is_the_one_that_the_readme_quotes(capsys: pytest.CaptureFixture[str]) -> None:
    """The rule stands in the README as in the file."""
    assert run_command(["check", "--config", str(EXAMPLE)]) == 0
    assert "no mistakes" in capsys.readouterr().out
    text = (EXAMPLE / "tocsin.yaml").read_text(encoding="utf-8")
    rule = text[text.index("rules:") :]
    assert rule in README
