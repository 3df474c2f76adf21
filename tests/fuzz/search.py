"""One search: inputs are run, counted and measured, and what is worth a look is kept."""

import json
import resource
import sys
import time
import traceback
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from monitor.model.entries import ParsedFeed, ParseFailed
from tests.fuzz import promises
from tests.fuzz.seeds import CONTENT_TYPES, FEEDS, OPML, WIRES

LARGEST_BYTES = 8_000
"""of one document; large ones are what `tests.fuzz.killers` is for"""
MEASURE_BYTES = 100_000
_DOCUMENT, _LIST, _TEXT, _GZIP, _DEFLATE = range(5)
_TARGETS = 5
_CODINGS = {_GZIP: "gzip", _DEFLATE: "deflate"}
_WORTH_MEASURING_SECONDS = 0.02
_SAVE_EVERY_SECONDS = 2.0
_SLOWEST_KEPT = 5
_KINDS_KEPT = 100


@dataclass(slots=True, kw_only=True)
class Tally:
    """What a search has seen so far."""

    executions: int = 0
    seconds: float = 0.0
    entries: int = 0
    documents_read: int = 0
    refusals: dict[str, int] = field(default_factory=dict)
    """reason of a failure → how often"""
    escaped: dict[str, int] = field(default_factory=dict)
    """where an exception came from → how often; each has its shortest example among the findings"""
    slowest: list[tuple[float, float, int, str]] = field(default_factory=list)
    """CPU seconds over what is allowed, CPU seconds, bytes, name of the finding"""
    peak_mb: float = 0.0


def run_one(data: bytes) -> object:
    """One input: its first byte says what is done with the others. Raises what escapes."""
    head, body = (data[0], data[1:]) if data else (0, b"")
    target = head % _TARGETS
    content_type = CONTENT_TYPES[(head // _TARGETS) % len(CONTENT_TYPES)]
    if target == _DOCUMENT:
        return promises.read_document(body, content_type)
    if target == _LIST:
        return promises.read_list(body)
    if target == _TEXT:
        return promises.read_text(body, content_type)
    wire = promises.read_wire(body, _CODINGS[target])
    return promises.read_document(wire[:LARGEST_BYTES]) if wire else None


def starting_points(corpus: Path | None) -> Iterable[bytes]:
    """Inputs to begin with."""
    for text in FEEDS.values():
        yield bytes([_DOCUMENT]) + text.encode()
        yield bytes([_DOCUMENT]) + text.encode("utf-16")
        yield bytes([_TEXT]) + text.encode()
    yield bytes([_LIST]) + OPML.encode()
    for wire, coding in WIRES.values():
        yield bytes([_GZIP if coding == "gzip" else _DEFLATE]) + wire
    for file in sorted(corpus.iterdir()) if corpus else ():
        if file.is_file() and file.stat().st_size < LARGEST_BYTES:
            yield bytes([_LIST if file.suffix == ".opml" else _DOCUMENT]) + file.read_bytes()


class Search:
    """Runs inputs, and keeps what is worth a look."""

    def __init__(self, findings: Path) -> None:
        """`findings` is a folder that exists."""
        self.tally = Tally()
        self._findings = findings
        self._began = time.monotonic()
        self._saved = 0.0
        self._shortest: dict[str, int] = {}

    def take(self, data: bytes) -> None:
        """Run one input and note how it went."""
        began = time.process_time()
        try:
            outcome = run_one(data)
        except Exception as error:  # noqa: BLE001 - whatever escapes is what is sought
            self._escaped(error, data)
        else:
            self._note(outcome, data)
        self._measure(time.process_time() - began, data)
        self.tally.executions += 1
        now = time.monotonic()
        if now - self._saved > _SAVE_EVERY_SECONDS:
            self._saved = now
            self.save()

    def save(self) -> None:
        """Write the tally; the search may be ended at any moment."""
        self.tally.seconds = time.monotonic() - self._began
        self.tally.peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        fields = {name: getattr(self.tally, name) for name in Tally.__dataclass_fields__}
        fresh = self._findings / ".tally"
        fresh.write_text(json.dumps(fields), encoding="utf-8")
        fresh.replace(self._findings / "tally.json")

    def _note(self, outcome: object, data: bytes) -> None:
        if isinstance(outcome, ParsedFeed):
            self.tally.documents_read += 1
            self.tally.entries += len(outcome.entries)
        elif isinstance(outcome, ParseFailed):
            self._count(self.tally.refusals, outcome.reason, "refused", data)

    def _escaped(self, error: Exception, data: bytes) -> None:
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno} {str(error)[:80]}"
        self._count(self.tally.escaped, where, "escaped", data)

    def _count(self, kinds: dict[str, int], kind: str, prefix: str, data: bytes) -> None:
        if kind not in kinds and len(kinds) >= _KINDS_KEPT:
            kind = "others"
        kinds[kind] = kinds.get(kind, 0) + 1
        if len(data) < self._shortest.get(kind, sys.maxsize):
            self._shortest[kind] = len(data)
            (self._findings / f"{prefix}-{sha256(kind.encode()).hexdigest()[:12]}").write_bytes(data)

    def _measure(self, seconds: float, data: bytes) -> None:
        if seconds < _WORTH_MEASURING_SECONDS:
            return
        over = seconds - max(1, -(-len(data) // MEASURE_BYTES))
        if len(self.tally.slowest) >= _SLOWEST_KEPT and over <= self.tally.slowest[-1][0]:
            return
        name = f"slow-{sha256(data).hexdigest()[:12]}"
        (self._findings / name).write_bytes(data)
        self.tally.slowest = sorted([*self.tally.slowest, (over, seconds, len(data), name)], reverse=True)
        for *_, dropped in self.tally.slowest[_SLOWEST_KEPT:]:
            (self._findings / dropped).unlink(missing_ok=True)
        del self.tally.slowest[_SLOWEST_KEPT:]
