"""Long work shows that it goes on where a person watches, and is silent everywhere else."""

import pytest

from monitor.cli.progress import counting, working


def test_in_a_pipe_nothing_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """Standard error stays for what went wrong."""
    with working("reading"), counting("sending", 3) as advance:
        advance(1)
    assert capsys.readouterr() == ("", "")


def test_on_a_terminal_a_bar_moves_on_standard_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Standard output stays for the answer; names write no markup."""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    with working("reading [red]a[/red]"):
        pass
    with counting("sending [bold]", 2) as advance:
        advance(1)
        advance(1)
    heard = capsys.readouterr()
    assert heard.out == ""
    assert "reading [red]a[/red]" in heard.err
    assert "sending [bold]" in heard.err
    assert "100%" in heard.err
