"""Logs: one line an event, `key=value`, on standard error, without secrets."""

import logging
import sys
from collections.abc import Callable, Iterable, MutableMapping
from typing import Any, TextIO
from urllib.parse import quote, quote_plus

import structlog

Redact = Callable[[str], str]

_SHORTEST_SECRET = 4  # shorter values would blot out ordinary words


def redactor(secrets: Iterable[str]) -> Redact:
    """A function that replaces every secret, and its URL-encoded forms, by `***`."""
    shapes: set[str] = set()
    for secret in secrets:
        if len(secret) >= _SHORTEST_SECRET:
            shapes |= {secret, quote(secret, safe=""), quote_plus(secret)}
    longest_first = sorted(shapes, key=len, reverse=True)

    def redact(text: str) -> str:
        for shape in longest_first:
            text = text.replace(shape, "***")
        return text

    return redact


def configure_logs(secrets: Iterable[str] = (), *, stream: TextIO | None = None) -> None:
    """Send structlog's and the standard library's records to `stream` (default: standard error), redacted."""
    redact = redactor(secrets)
    target = stream or sys.stderr
    structlog.configure(
        processors=[
            structlog.processors.TimeStamper(fmt="%Y-%m-%dT%H:%M:%SZ", utc=True, key="at"),
            structlog.processors.add_log_level,
            _first_line_of_exceptions,
            _redacting(redact),
            structlog.processors.LogfmtRenderer(key_order=["at", "level", "event"], bool_as_flag=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(target),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(target)
    handler.setFormatter(_RedactingFormatter(redact))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def _redacting(redact: Redact) -> structlog.typing.Processor:
    def process(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ANN401 - structlog's own shape
        for key, value in event.items():
            if isinstance(value, str):
                event[key] = redact(value)
            elif not isinstance(value, bool | int | float | None):
                event[key] = redact(str(value))
        return event

    return process


def _first_line_of_exceptions(
    _logger: Any,  # noqa: ANN401 - structlog's own shape
    _method: str,
    event: MutableMapping[str, Any],
) -> MutableMapping[str, Any]:
    """Name an exception and where it was raised: one line, since a traceback would hold feed text and values."""
    error = event.pop("exc_info", None)
    if not isinstance(error, BaseException):
        return event
    event["error"] = f"{type(error).__name__}: {error}".splitlines()[0]
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is not None:
        code = trace.tb_frame.f_code
        event["where"] = f"{code.co_filename.rpartition('/monitor/')[2]}:{trace.tb_lineno}"
    return event


class _RedactingFormatter(logging.Formatter):
    """Libraries' own warnings, in one line."""

    def __init__(self, redact: Redact) -> None:
        super().__init__(
            "at=%(asctime)s level=%(levelname)s logger=%(name)s event=%(message)r", "%Y-%m-%dT%H:%M:%S"
        )
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        record.exc_info = None
        record.stack_info = None
        return self._redact(super().format(record)).replace("\n", " ")
