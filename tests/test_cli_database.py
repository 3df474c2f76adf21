"""`tocsin db`: the database looked at as a whole."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from monitor.cli.application import run_command
from monitor.system.lock import sole_daemon
from tests.cli_logs import restored_logs
from tests.cli_town import Town, town


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Town]:
    """A town that was polled once."""
    with restored_logs(), town(tmp_path) as one:
        one.configure(
            "polling: {allow_private: [127.0.0.0/8]}\n"
            "outlets: [{name: The Harbour Gazette, feeds: [{url: ADDRESS/gazette}]}]\n"
            "rules: [{name: truce, query: truce}]\n"
        )
        for number in range(40):
            one.outlets["/gazette"].publish(number, f"Ferry {number} is late", "It waited for the tide. " * 40)
        assert one.once() == 0
        yield one


def test_a_whole_database_is_found_whole(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """With its size."""
    capsys.readouterr()
    assert run_command(["db", "check", "--state", str(here.state)]) == 0
    assert capsys.readouterr().out.startswith(f"no damage in {here.state}/tocsin.db (0.")


def test_a_damaged_page_is_found_and_nothing_is_changed(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 65, one line; the file is as it was."""
    path = here.state / "tocsin.db"
    content = bytearray(path.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 4096] = b"\xa5" * 4096
    path.write_bytes(content)
    capsys.readouterr()
    assert run_command(["db", "check", "--state", str(here.state)]) == 65
    heard = capsys.readouterr()
    assert heard.err.count("\n") == 1
    assert "corrupt" in heard.err or "malformed" in heard.err
    assert path.read_bytes() == content


def test_without_a_database_there_is_nothing_to_check(tmp_path: Path) -> None:
    """Exit 69, and none is made."""
    assert run_command(["db", "check", "--state", str(tmp_path / "state")]) == 69
    assert not (tmp_path / "state").exists()


def test_what_is_old_is_counted_and_then_gone(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """A line for each kind; a second time there is nothing left to do."""
    here.outlets["/gazette"].items.clear()
    here.outlets["/gazette"].publish(99, "A truce is near", "It is said.")
    assert here.once(hours_later=1) == 0
    later = datetime.now(UTC) + timedelta(days=100)
    for options, said in (
        (("--dry-run",), "texts: 40 older than 90 days would go"),
        ((), "texts: 40 older than 90 days are gone"),
        ((), "texts: 0 older than 90 days are gone"),
    ):
        capsys.readouterr()
        with time_machine.travel(later, tick=True):
            assert run_command(["db", "prune", *here.places, *options]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert lines[0] == said
        assert [line.split(":")[0] for line in lines] == ["texts", "entries", "alerts"]


def test_why_says_that_words_have_gone(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Rather than that a rule does not match what is not there any more."""
    here.outlets["/gazette"].items.clear()
    here.outlets["/gazette"].publish(99, "A truce is near", "It is said.")
    assert here.once(hours_later=1) == 0
    with time_machine.travel(datetime.now(UTC) + timedelta(days=100), tick=True):
        assert run_command(["db", "prune", *here.places]) == 0
    capsys.readouterr()
    assert run_command(["why", f"{here.address}/gazette/news/7", *here.places]) == 0
    said = capsys.readouterr().out
    assert "Ferry 7 is late" in said
    assert "only its title is kept by now" in said
    assert "does not match" not in said


def test_a_copy_is_made_put_back_and_kept_beside(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a name they are dated, and the oldest go; the database before is kept."""
    folder = here.state / "backups"
    for second in range(3):
        with time_machine.travel(datetime(2026, 3, 2, 4, 0, second, tzinfo=UTC), tick=False):
            assert run_command(["db", "backup", "--keep", "2", "--state", str(here.state)]) == 0
    said = capsys.readouterr().out
    assert "read back whole" in said
    assert f"removed: {folder}/tocsin-20260302T040000Z.db" in said
    copies = sorted(folder.iterdir())
    assert [copy.name for copy in copies] == ["tocsin-20260302T040001Z.db", "tocsin-20260302T040002Z.db"]

    assert run_command(["db", "restore", str(copies[0]), "--state", str(here.state)]) == 0
    said = capsys.readouterr().out
    assert "is the database now" in said
    kept = [file for file in here.state.iterdir() if "before-restore" in file.name]
    assert any(f"kept: the database before is {file}" in said for file in kept)
    assert run_command(["db", "check", "--state", str(here.state)]) == 0
    assert here.once(hours_later=1) == 0


def test_a_copy_goes_where_it_is_told_but_over_nothing_foreign(
    here: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 73 and one line, and the file is as it was."""
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Ada")
    assert run_command(["db", "backup", str(tmp_path / "copy.db"), "--state", str(here.state)]) == 0
    assert (tmp_path / "copy.db").exists()
    capsys.readouterr()
    assert run_command(["db", "backup", str(letter), "--state", str(here.state)]) == 73
    assert capsys.readouterr().err.count("\n") == 1
    assert letter.read_text() == "Dear Ada"
    assert run_command(["db", "backup", "--state", str(tmp_path / "nothing")]) == 69


def test_what_cannot_be_put_back_is_said_in_a_line(
    here: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No such file: 66; not a database: 65; a daemon at work: 75."""
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Ada")
    capsys.readouterr()
    assert run_command(["db", "restore", str(tmp_path / "nothing.db"), "--state", str(here.state)]) == 66
    assert run_command(["db", "restore", str(letter), "--state", str(here.state)]) == 65
    with sole_daemon(here.state):
        assert run_command(["db", "restore", str(letter), "--state", str(here.state)]) == 75
    assert len(capsys.readouterr().err.splitlines()) == 3
