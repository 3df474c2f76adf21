"""Logs: one line an event, in UTC, without secrets, whoever writes them."""

import io
import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from monitor.system.logs import configure_logs
from monitor.system.redaction import redactor, without_credentials
from tests.cli_logs import restored_logs

SECRET = "open sesame/ключ?&\"'\\"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Where the logs go, with one secret configured."""
    with restored_logs():
        stream = io.StringIO()
        configure_logs([SECRET], stream=stream)
        yield stream


def test_an_event_is_a_line_of_keys_and_values(log: io.StringIO) -> None:
    """Time in UTC first, then level and event."""
    structlog.get_logger().info("poll", feed=3, outlet="The Gazette", is_new=True, note=None)
    line = log.getvalue()
    assert re.fullmatch(
        r'at=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ level=info event=poll feed=3 outlet="The Gazette" is_new=true note=\n',
        line,
    )


def test_libraries_are_heard_from_warnings_on_in_the_same_form(log: io.StringIO) -> None:
    """Also those that log with a level of their own, or with a format that does not fit."""
    logger = logging.getLogger("a.library")
    logger.info("not heard")
    logger.warning("slow: %d s", 3)
    logger.log(35, "odd level")
    (ours,) = (one for one in logging.getLogger().handlers if type(one).__module__ == "monitor.system.logs")
    broken = {"msg": "broken %d format", "args": ("x",), "levelno": logging.CRITICAL, "name": "a.library"}
    ours.handle(logging.makeLogRecord(broken))
    lines = log.getvalue().splitlines()
    assert [re.sub(r"at=\S+ ", "", line) for line in lines] == [
        'level=warning event="slow: 3 s" logger=a.library',
        'level=warning event="odd level" logger=a.library',
        'level=critical event="broken %d format" logger=a.library',
    ]


@pytest.mark.parametrize(
    "shape", [SECRET, quote(SECRET), quote(SECRET, safe=""), quote_plus(SECRET), quote(SECRET).lower(), repr(SECRET)]
)
def test_no_secret_is_logged_in_any_shape(log: io.StringIO, shape: str) -> None:
    """Ours or a library's, as event, value, part of an object or exception."""
    structlog.get_logger().error(f"got {shape}", value=shape, many=[shape], path=Path(shape))
    logging.getLogger("library").error("got %s and %r", shape, {"key": shape})
    structlog.get_logger().error("broke", exc_info=ValueError(f"bad {shape}"))
    try:
        os.environ[f"no such {shape}"]
    except KeyError:
        structlog.get_logger().error("broke", exc_info=True)
        logging.getLogger("library").exception("broke")
    said = log.getvalue()
    assert "sesame" not in said
    assert "%D0%BA" not in said.upper()
    assert said.count("***") >= 7
    assert "Traceback" not in said


def test_an_exception_is_named_with_the_innermost_place_of_ours(log: io.StringIO) -> None:
    """One line: a traceback would hold what feeds say."""
    try:
        redactor([None])  # type: ignore[list-item]  # raises inside our own code
    except TypeError as error:
        structlog.get_logger().error("work broke", exc_info=error)
    try:
        int("many\nlines")
    except ValueError:
        logging.getLogger("library").exception("broke")
    structlog.get_logger().error("never raised", exc_info=KeyError("x"))
    ours, theirs, never = log.getvalue().splitlines()
    assert "error=\"TypeError: object of type 'NoneType' has no len()\" where=system/redaction.py:" in ours
    assert "ValueError: invalid literal" in theirs
    assert "where=test_system_logs.py:" in theirs
    assert "where=?" in never


def test_what_a_server_says_begins_no_line_and_moves_no_cursor(log: io.StringIO) -> None:
    """Line ends and escape sequences in values are gone."""
    structlog.get_logger().info("poll", error="404\nat=2026 level=info event=forged\r\x1b[2J")
    assert log.getvalue().count("\n") == 1
    assert "\x1b" not in log.getvalue()


def test_a_log_that_nobody_reads_stops_nothing() -> None:
    """A closed stream or a full disk loses the line, not the news."""
    with restored_logs(), Path("/dev/full").open("w", encoding="utf-8") as full:
        configure_logs(stream=full)
        structlog.get_logger().info("poll")
        logging.getLogger("library").warning("x")
        closed = io.StringIO()
        closed.close()
        configure_logs(stream=closed)
        structlog.get_logger().info("poll")
        with pytest.raises(OSError, match="No space"):
            full.close()


@given(secret=st.text(min_size=4), before=st.text(), after=st.text())
def test_a_secret_is_gone_whatever_stands_around_it(secret: str, before: str, after: str) -> None:
    """As it is and percent-encoded; what is left holds it no more."""
    redact = redactor([secret])
    assert secret not in redact(before + secret + after) or secret in "***"
    encoded = quote(secret.encode("utf-8", "surrogatepass"), safe="")
    assert encoded not in redact(f"a {encoded} b") or encoded in "a *** b"


def test_short_values_are_no_secrets_and_long_ones_win() -> None:
    """Three letters would blot out words; a secret within a secret must not leave the rest of it."""
    redact = redactor(["abc", "hunter", "hunter2-long"])
    assert redact("abc hunter2-long hunter") == "abc *** ***"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://me:pw@a.example/x", "https://***@a.example/x"),
        ("see http://me:p@ss@a.example:80/?q=1#f.", "see http://***@a.example:80/?q=1#f."),
        ("https://a.example/f?token=abc&page=2", "https://a.example/f?token=***&page=2"),
        ("https://a.example/f?page=2&api_key=abc#top", "https://a.example/f?page=2&api_key=***#top"),
        ("https://a.example/f?keyword=truce&monkey=1", "https://a.example/f?keyword=truce&monkey=1"),
        ("me@a.example and https://a.example/@me", "me@a.example and https://a.example/@me"),
    ],
)
def test_credentials_in_addresses_are_not_shown(text: str, shown: str) -> None:
    """User, password and parameters whose name says that they are secret; nothing else changes."""
    assert without_credentials(text) == shown
    assert without_credentials(shown) == shown
