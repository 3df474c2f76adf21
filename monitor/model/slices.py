"""What is remembered of a document that was read, so that the next one is read only as far as it is new."""

from dataclasses import dataclass
from datetime import datetime

from monitor.model.entries import ParsedFeed


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What is left of an entry whose words are not read again: how it is recognised. Keys are `stories.identity`'s."""

    digest: bytes
    """of its slice of the document, byte for byte"""
    id_key: str
    """as the entry states it, whatever else stands in its document; empty where it states none"""
    link_key: str
    """likewise"""
    fingerprint: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRead:
    """A document that was read. Its traces hold only under the same frame."""

    feed: ParsedFeed
    """what the document says of the whole feed, with `frame`, and without entries"""
    traces: tuple[Trace, ...]

    @property
    def digests(self) -> frozenset[bytes]:
        """Of the entries that need not be read again."""
        return frozenset(trace.digest for trace in self.traces)
