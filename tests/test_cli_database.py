"""`tocsin db`: the database looked at as a whole."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.cli.application import run_command
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
