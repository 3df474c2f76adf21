"""Logs: one line an event, without secrets: `key=value` or JSON on standard error, or fields for journald."""

import logging
import sys
from collections.abc import Iterable, Mapping, MutableMapping
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import structlog

import monitor
from monitor.errors import UsageError
from monitor.system.journal import Journal
from monitor.system.redaction import Redact, redactor
from monitor.text.plain import clean

_OURS = str(Path(monitor.__file__).parent)


class LogForm(StrEnum):
    """What $TOCSIN_LOG may say."""

    TEXT = "text"
    JSON = "json"
    JOURNAL = "journal"


def log_form(environment: Mapping[str, str]) -> LogForm:
    """The form that $TOCSIN_LOG asks for. Raises UsageError for one that does not exist."""
    wanted = environment.get("TOCSIN_LOG", "") or LogForm.TEXT
    try:
        return LogForm(wanted)
    except ValueError as error:
        message = f"TOCSIN_LOG is {wanted!r}: it may be {', '.join(LogForm)}"
        raise UsageError(message) from error


def configure_logs(secrets: Iterable[str] = (), *, form: LogForm = LogForm.TEXT, stream: TextIO | None = None) -> None:
    """Send structlog's and the standard library's records to `stream` (default: standard error), redacted.

    Where journald is asked for and cannot be reached, they go to `stream` as text.
    """
    lines = _Lines(stream or sys.stderr)
    journal: Journal | None = None
    if form is LogForm.JOURNAL:
        with suppress(OSError):
            journal = Journal()
    renderer: structlog.typing.Processor = structlog.processors.LogfmtRenderer(
        key_order=["at", "level", "event"], bool_as_flag=False
    )
    if form is LogForm.JSON:
        renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[
            structlog.processors.TimeStamper(fmt="%Y-%m-%dT%H:%M:%SZ", utc=True, key="at"),
            structlog.processors.add_log_level,
            _name_exception,
            _redacting(redactor(secrets)),
            *([_journaling(journal)] if journal else []),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: lines,
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, handlers=[_StandardRecords()], force=True)


class _Lines:
    """Writes lines. One that cannot be written is lost: news must go on where nobody reads the log."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def msg(self, line: str) -> None:
        with suppress(OSError, ValueError):  # a broken pipe, a full disk, a closed stream
            print(line, file=self._stream, flush=True)

    debug = info = warning = error = critical = msg


class _StandardRecords(logging.Handler):
    """What libraries log goes the same way as what we log."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            message = record.getMessage()
        except (TypeError, ValueError):  # a library's own mistake in its format
            message = str(record.msg)
        level = max(logging.WARNING, record.levelno // 10 * 10)
        error = record.exc_info[1] if record.exc_info else None
        structlog.get_logger().log(min(level, logging.CRITICAL), message, logger=record.name, exc_info=error)


def _journaling(journal: Journal) -> structlog.typing.Processor:
    def process(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ANN401 - structlog's own shape
        words = [f"{key}={value}" for key, value in event.items() if key not in ("at", "level", "event")]
        try:
            journal.record(event, " ".join([str(event.get("event", "")), *words]))
        except OSError:
            return event  # journald has gone: the line goes to the stream
        raise structlog.DropEvent

    return process


def _redacting(redact: Redact) -> structlog.typing.Processor:
    def process(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ANN401 - structlog's own shape
        for key, value in event.items():
            if not isinstance(value, bool | int | float | None):
                # What a server says may end up here: it must neither begin a line of its own nor move the cursor.
                event[key] = " ".join(clean(redact(str(value))).split())
        return event

    return process


def _name_exception(
    _logger: Any,  # noqa: ANN401 - structlog's own shape
    _method: str,
    event: MutableMapping[str, Any],
) -> MutableMapping[str, Any]:
    """Name an exception and where it was raised: one line, since a traceback would hold feed text and values."""
    error = event.pop("exc_info", None)
    if isinstance(error, tuple):
        error = error[1]
    elif error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event["error"] = f"{type(error).__name__}: {error}"
        event["where"] = _where(error.__traceback__)
    return event


def _where(trace: TracebackType | None) -> str:
    """The innermost place of our own that an exception came through; without one, the innermost of all."""
    places: list[str] = []
    ours: list[str] = []
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        places.append(f"{Path(file).name}:{trace.tb_lineno}")
        if file.startswith(_OURS):
            ours.append(f"{Path(file).relative_to(_OURS)}:{trace.tb_lineno}")
        trace = trace.tb_next
    return (ours or places or ["?"])[-1]
