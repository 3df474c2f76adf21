"""Points 1 to 6: whether each request carries the validators that it should, by what its server has given so far."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.politeness.record import REDIRECTS, Exchange

DISBELIEF = timedelta(hours=24)
"""after so long with nothing but 304s one request may go without conditions"""


@dataclass(slots=True)
class _Kept:
    """What a polite client keeps of one URL."""

    etag: bytes = b""
    modified: bytes = b""
    before: tuple[bytes, bytes] = (b"", b"")
    """what it kept until the last answer"""
    by_304: bool = False
    """the last change came with a 304"""
    unmodified_since: datetime | None = None
    older: set[bytes] = field(default_factory=set)
    bad: set[bytes] = field(default_factory=set)
    """given with an error, or in a poll that was lost"""

    def hear(self, one: Exchange) -> None:
        given = (one.given(b"etag"), one.given(b"last-modified"))
        is_good = one.is_committed and (one.status == 304 or (one.status == 200 and one.is_feed))
        if not is_good:
            self.bad.update(value for value in given if value and value not in {self.etag, self.modified})
            if one.status in REDIRECTS and one.is_committed:
                # There is no document here any more, and so nothing to ask again with.
                self.older.update((self.etag, self.modified))
                self.etag = self.modified = b""
            return
        self.before = (self.etag, self.modified)
        self.older.update(self.before)
        if one.status == 200:
            self.etag, self.modified = given
            self.by_304, self.unmodified_since = False, None
        else:
            self.etag, self.modified = given[0] or self.etag, given[1] or self.modified
            self.by_304 = self.before != (self.etag, self.modified)
            self.unmodified_since = self.unmodified_since or one.at


def conditions(exchanges: Iterable[Exchange]) -> Iterator[tuple[int, str]]:
    """What is wrong with the conditions of each request, and which point it costs."""
    kept: dict[str, _Kept] = defaultdict(_Kept)
    for one in exchanges:
        mine = kept[one.url]
        for point, what in _complaints(one, mine):
            yield point, f"{one.at:%d %H:%M:%S} {one.url}: {what}"
        mine.hear(one)


def _complaints(one: Exchange, kept: _Kept) -> Iterator[tuple[int, str]]:
    etag, modified = one.sent(b"if-none-match"), one.sent(b"if-modified-since")
    if (kept.etag or kept.modified) and not (etag or modified):
        since = kept.unmodified_since
        if since is None or one.at - since < DISBELIEF:
            yield 1, "asked without conditions again"
        else:
            kept.unmodified_since = one.at
        return
    yield from _complaint(etag, kept.etag, kept.before[0], kept, point=3)
    yield from _complaint(modified, kept.modified, kept.before[1], kept, point=2)


def _complaint(sent: bytes, right: bytes, before: bytes, kept: _Kept, *, point: int) -> Iterator[tuple[int, str]]:
    if sent == right:
        return
    if sent in kept.bad:
        yield 6, f"{sent!r} came with an error, or was never written down"
    elif kept.by_304 and sent == before:
        yield 5, f"{sent!r}, although a 304 has brought {right!r}"
    elif not sent or sent in kept.older:
        yield 4, f"{sent!r} instead of {right!r}"
    else:
        yield point, f"{sent!r} was never given; {right!r} was"
