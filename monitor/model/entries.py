"""What a feed document states, after normalisation."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """The words of an entry, as plain text. Evidence counts its code points."""

    title: str = ""
    summary: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item as the feed document states it; an empty string or tuple means *not stated*."""

    id: str = ""
    """the feed's own id (guid, atom:id), as stated"""
    link: str = ""
    """absolute http(s) address of the page"""
    text: Text = field(default_factory=Text)
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    language: str = ""
    """lower-case BCP 47 primary tag, such as `en`"""
    published_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A feed document, read. `entries` are in document order."""

    kind: str
    """`rss20`, `atom10`, `json11` … as feedparser names versions"""
    title: str = ""
    site: str = ""
    """absolute address of the outlet's page"""
    language: str = ""
    ttl_seconds: int = 0
    """how long the publisher asks readers to wait (RSS `ttl`); 0 = not stated"""
    update_seconds: int = 0
    """between two updates of the document (`sy:updatePeriod` by `sy:updateFrequency`); 0 = not stated"""
    skip_hours: frozenset[int] = frozenset()
    """at which it asks not to be polled, 0 to 23 in UTC (RSS `skipHours`)"""
    skip_days: frozenset[int] = frozenset()
    """likewise, 0 is Monday (RSS `skipDays`)"""
    is_whole: bool = True
    """False when the document was broken off or not well-formed: its entries are good, their absence says nothing"""
    flaw: str = ""
    """what was wrong with a document that is not whole"""
    entries: tuple[Entry, ...] = ()
    ahead: frozenset[int] = frozenset()
    """places of those of `entries` that state a date which lies too far ahead to count yet"""
    frame: bytes = b""
    """digest of all that entries of this document inherit; empty where it cannot be cut into slices"""
    slices: tuple[bytes, ...] = ()
    """digests of the bytes of each entry in the document, in its order; empty ones say nothing, also none at all"""
    unread: frozenset[bytes] = frozenset()
    """those of `slices` whose entries are not among `entries`, because the reader knew them"""

    @property
    def size(self) -> int:
        """How many entries the document has, read or not."""
        return len(self.slices) if self.unread else len(self.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseFailed:
    """The document gives no entries that can be trusted: not a feed, refused, or the parser was stopped."""

    reason: str
    broke_reader: bool = False
    """what read it did not survive it, or had to be stopped"""
