"""What editors and shells are told: the schema of the configuration, and words to complete."""

import subprocess
from pathlib import Path

import pytest

from monitor.cli.application import run_command
from monitor.cli.pages import GROUPS, PAGES

ROOT = Path(__file__).parent.parent


def test_the_schema_is_the_one_beside_the_example_configuration(capsys: pytest.CaptureFixture[str]) -> None:
    """Byte for byte."""
    assert run_command(["config", "schema"]) == 0
    assert capsys.readouterr().out == (ROOT / "config" / "schema.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_command_can_be_completed(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Groups, commands and options."""
    assert run_command(["completion", shell]) == 0
    script = capsys.readouterr().out
    for word in {word for page in PAGES for word in page.name.split()} | {*GROUPS, "json", "state", "config"}:
        assert word in script


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["tocsin", "out"], {"outlets", "outbox"}),
        (["tocsin", "outlets", "i"], {"import"}),
        (["tocsin", "alerts", "list", "--l"], {"--limit"}),
        (["tocsin", "completion", "z"], {"zsh"}),
    ],
)
def test_bash_completes_with_it(words: list[str], expected: set[str], capsys: pytest.CaptureFixture[str]) -> None:
    """As bash itself sees it after the script was sourced."""
    assert run_command(["completion", "bash"]) == 0
    script = capsys.readouterr().out
    script += (
        f'\nCOMP_WORDS=({" ".join(words)}); COMP_CWORD={len(words) - 1}; _tocsin; printf "%s\\n" "${{COMPREPLY[@]}}"'
    )
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert {one.strip() for one in done.stdout.splitlines()} == expected
    assert done.stderr == ""


def test_another_shell_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """With those that there are."""
    assert run_command(["completion", "tcsh"]) == 64
    assert 'Choose from: "bash", "zsh", "fish"' in capsys.readouterr().err
