"""docs/stories.md tells the truth: its commands are run, its example is what comes out, its configuration is good."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.cli.application import run_command
from monitor.model.rules import OncePer, Updates
from monitor.stories.headlines import bare_title
from monitor.stories.sift import WINDOW
from tests.cli_logs import restored_logs
from tests.cli_town import Town, town

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "stories.md").read_text(encoding="utf-8")
CONFIGURATION = """\
polling: {every: 1h, allow_private: [127.0.0.0/8]}
outlets:
  - {name: Gazette, feeds: [{url: "ADDRESS/gazette"}]}
  - {name: Wire, feeds: [{url: "ADDRESS/wire"}]}
rules: [{name: storm, query: storm}]
"""
EXPECTED = {
    "try threading": "story aq8be8mppge9: 5 entries, 3 outlets",
    "stories list": "Storm Ada stops the ferries of the north",
    "stories show": "same_text",
    "why": "storm",
    "stories split": "",
    "stories merge": "",
}


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)


def commands() -> list[str]:
    return [line.split("  #")[0].strip() for block in blocks("sh") for line in block.splitlines() if line.strip()]


def figures_apart(text: str) -> str:
    """Scores move when likeness learns; what they decide does not."""
    return re.sub(r"\d+%", "…%", text)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Town]:
    """Two outlets that tell one story in the same words, and one of them another story too."""
    with restored_logs(), town(tmp_path) as one:
        one.configure(CONFIGURATION)
        assert one.once() == 0
        for path in ("/gazette", "/wire"):
            one.outlets[path].publish(1, "Storm Ada stops the ferries of the north", "All sailings are cancelled.")
        one.outlets["/gazette"].publish(2, "Mayor opens a bridge in the valley", "After six years of work.")
        assert one.once(hours_later=2) == 0
        yield one


@pytest.mark.parametrize("command", commands())
def test_a_command_of_the_page_works(
    command: str, here: Town, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It exits with 0 and says what it should."""
    monkeypatch.chdir(ROOT)
    links = {"LINK": "gazette/news/1", "ENTRY": "wire/news/1", "INTO": "gazette/news/2"}
    names = {name: f"{here.address}/{link}" for name, link in links.items()}
    words = [names.get(word, word) for word in shlex.split(command)]
    assert words.pop(0) == "tocsin"
    places = () if words[:2] == ["try", "threading"] else here.places
    capsys.readouterr()
    assert run_command([*words, *places]) == 0
    (expected,) = (said for name, said in EXPECTED.items() if " ".join(words).startswith(f"{name} "))
    assert expected in capsys.readouterr().out


def test_the_example_is_what_comes_out(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """But for the scores."""
    monkeypatch.chdir(ROOT)
    assert run_command(["try", "threading", "--on", "docs/stories/news.jsonl"]) == 0
    (shown,) = blocks("text")
    assert figures_apart(capsys.readouterr().out) == figures_apart(shown)


def test_the_configurations_of_the_page_are_good(tmp_path: Path) -> None:
    """Whoever pastes them can run them; what they say of publishers and rules is so."""
    from monitor.app.examine import examined

    publishers, rules = blocks("yaml")[0], blocks("yml")[0]
    (tmp_path / "tocsin.yaml").write_text(publishers, encoding="utf-8")
    plan = examined(tmp_path, {})
    assert set(plan.watch.publishers.values()) == {"themoscowtimes.com"}
    assert [note.path for note in plan.notes] == ["rules.1.spread"]
    (tmp_path / "tocsin.yaml").write_text(publishers.partition("rules:")[0] + rules, encoding="utf-8")
    (rule,) = examined(tmp_path, {}).settings.rules
    assert (rule.once_per, rule.updates, rule.spread) == (OncePer.STORY, Updates.THREAD, 5)


def test_what_the_page_says_of_labels_and_days_is_so() -> None:
    """Labels in its table come off, what it says are none stay."""
    news = "Ferries stop as the storm comes in"
    labels, none = PAGE.partition("once labels (")[2].partition(")")[0], PAGE.partition("Labels that turn")[2]
    found = re.findall(r"\*([^*]+)\*", labels)
    assert len(found) >= 4
    assert {bare_title(f"{label} {news}".replace("- ", "-")) for label in found} == {news}
    for label in re.findall(r"\*(\w[^*]*:)\*", none.partition("\n\n")[0]):
        assert bare_title(f"{label} {news}") == f"{label} {news}"
    assert f"{WINDOW.total_seconds() / 3600:.0f} hours" in PAGE
