"""Logs in each form that $TOCSIN_LOG may ask for."""

import io
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from monitor.errors import UsageError
from monitor.system.journal import Journal
from monitor.system.logs import LogForm, configure_logs, log_form

SECRET = "hunter2-and-more"


@pytest.fixture(autouse=True)
def _put_back() -> Iterator[None]:
    yield
    structlog.reset_defaults()
    configure_logs()


def test_json_is_one_object_a_line() -> None:
    """With the same facts as the text form, and no secret."""
    stream = io.StringIO()
    configure_logs((SECRET,), form=LogForm.JSON, stream=stream)
    structlog.get_logger().info("delivery", channel="desk", attempt=2, error=f"refused {SECRET}")
    (line,) = stream.getvalue().splitlines()
    facts = json.loads(line)
    assert facts.pop("at").endswith("Z")
    assert facts == {
        "level": "info",
        "event": "delivery",
        "channel": "desk",
        "attempt": 2,
        "error": "refused ***",
    }


def test_journald_gets_fields(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing goes to standard error then."""
    address, stream = str(tmp_path / "journal"), io.StringIO()
    monkeypatch.setattr("monitor.system.logs.Journal", lambda: Journal(address))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as journald:
        journald.bind(address)
        journald.settimeout(5)
        configure_logs((SECRET,), form=LogForm.JOURNAL, stream=stream)
        structlog.get_logger().warning("poll", feed=7, error=f"two\nlines of {SECRET}")
        lines = journald.recv(10_000).decode().splitlines()
    assert lines[1:3] == ["PRIORITY=4", "SYSLOG_IDENTIFIER=tocsin"]
    assert set(lines[3:]) == {"TOCSIN_EVENT=poll", "TOCSIN_FEED=7", "TOCSIN_ERROR=two lines of ***"}
    assert lines[0] == "MESSAGE=poll feed=7 error=two lines of ***"
    assert stream.getvalue() == ""
    structlog.get_logger().info("after journald has gone")
    assert 'event="after journald has gone"' in stream.getvalue()


def test_without_journald_the_text_form_serves(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A log in the wrong place is better than none."""
    monkeypatch.setattr("monitor.system.logs.Journal", lambda: Journal(str(tmp_path / "nowhere")))
    stream = io.StringIO()
    configure_logs(form=LogForm.JOURNAL, stream=stream)
    structlog.get_logger().info("started")
    assert "event=started" in stream.getvalue()


def test_a_record_too_long_for_a_datagram_is_shortened(tmp_path: Path) -> None:
    """It is not lost."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as journald:
        journald.bind(str(tmp_path / "journal"))
        journald.settimeout(5)
        Journal(str(tmp_path / "journal")).record({"event": "x" * 100_000}, "y" * 100_000)
        assert journald.recv(100_000) == b"MESSAGE=" + b"y" * 1000 + b"\n"


def test_the_environment_chooses_the_form() -> None:
    """And a form that does not exist is named with those that do."""
    assert log_form({}) is LogForm.TEXT
    assert log_form({"TOCSIN_LOG": "json"}) is LogForm.JSON
    with pytest.raises(UsageError, match="text, json, journal"):
        log_form({"TOCSIN_LOG": "xml"})
