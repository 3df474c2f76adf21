"""Whether short cuts come to the same: every entry of a document, every field, against feedparser and the whole."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from monitor.feeds import bounded, plain
from monitor.feeds.charset import CharsetRefused, decode
from monitor.feeds.mend import mended
from monitor.feeds.normalise import normalise
from monitor.feeds.reader import WorkerParser
from monitor.feeds.work import parse_request
from monitor.model.entries import ParsedFeed, ParseFailed
from monitor.model.polls import Fetched
from monitor.model.slices import LastRead, Trace
from monitor.worker.replies import Reply


class Verdict(StrEnum):
    """What came of it."""

    EQUAL = "equal"
    FELL_BACK = "fell back"
    """everything was read, or feedparser read it"""
    NO_ENTRIES = "no entries"
    """or no feed at all"""
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class Hands:
    """A pool that works in this very process."""

    async def run(self, request: bytes, meta: Mapping[str, object]) -> Reply:
        return Reply(value=parse_request(request, meta))


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparer:
    """Reads documents both ways; `now` is what their dates are judged by."""

    now: datetime

    async def compare(self, before: Fetched, after: Fetched) -> Verdict:
        """Read a document as one that follows another."""
        parser = WorkerParser(pool=Hands(), clock=lambda: self.now)
        first = await parser.parse(before)
        whole = await parser.parse(after)
        if isinstance(first, ParseFailed) or isinstance(whole, ParseFailed) or not whole.entries:
            return Verdict.NO_ENTRIES
        return verdict(first, whole, await parser.parse(after, remembered(first)))

    async def every_third(self, document: Fetched, start: int) -> Verdict:
        """Read a document of which every third entry, from `start` on, is new."""
        parser = WorkerParser(pool=Hands(), clock=lambda: self.now)
        whole = await parser.parse(document)
        if isinstance(whole, ParseFailed) or not whole.entries:
            return Verdict.NO_ENTRIES
        new = set(whole.slices[start::3])
        known = replace(whole, slices=tuple(b"" if digest in new else digest for digest in whole.slices))
        return verdict(whole, whole, await parser.parse(document, remembered(known)))


def beside_feedparser(document: Fetched, now: datetime) -> Verdict:
    """Read a document as a plain one, and by feedparser."""
    try:
        body = mended(decode(document.body, document.content_type)).encode("utf-8")
    except CharsetRefused:
        return Verdict.NO_ENTRIES
    ours = plain.parse(body)
    if ours is None:
        return Verdict.FELL_BACK
    theirs = bounded.parse(body)
    is_equal = theirs.error is None and _normal(ours, document.url, now) == _normal(theirs, document.url, now)
    return Verdict.EQUAL if is_equal else Verdict.DIFFERS


def _normal(found: bounded.Found, url: str, now: datetime) -> ParsedFeed:
    return normalise({"version": found.version, "feed": found.feed, "entries": found.entries}, url, now)


def remembered(feed: ParsedFeed) -> LastRead:
    """What is known of a document once it was read, as far as a parser looks at it."""
    stated = replace(feed, entries=(), slices=(), unread=frozenset())
    traces = (
        Trace(digest=digest, id_key="", link_key="", fingerprint="", published_at=None)
        for digest in feed.slices
        if digest
    )
    return LastRead(feed=stated, traces=tuple(traces))


def verdict(before: ParsedFeed, whole: ParsedFeed, rest: ParsedFeed | ParseFailed) -> Verdict:
    """What was read of a document as far as it was new after `before`, against the whole of it."""
    if isinstance(rest, ParseFailed):
        return Verdict.DIFFERS
    if not rest.unread:
        return Verdict.FELL_BACK if rest == whole else Verdict.DIFFERS
    known = dict(zip(before.slices, before.entries, strict=True))
    read = iter(rest.entries)
    entries = tuple(known[digest] if digest in rest.unread else next(read) for digest in rest.slices)
    is_equal = (
        replace(rest, entries=entries, slices=(), unread=frozenset()) == replace(whole, slices=())
        and next(read, None) is None
        and set(rest.slices) <= {*whole.slices, *rest.unread}
    )
    return Verdict.EQUAL if is_equal else Verdict.DIFFERS


def told(verdicts: Counter[Verdict]) -> str:
    """The counts in a line."""
    return ", ".join(f"{verdict}: {verdicts[verdict]}" for verdict in Verdict)
