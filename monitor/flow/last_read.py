"""What a feed's state keeps of the document that was read last: packed into bytes, and taken out again.

The store neither reads nor needs it. What cannot be taken out any more is as good as nothing: then all is read.
"""

import json
import zlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from monitor.model.entries import ParsedFeed
from monitor.model.slices import LastRead, Trace

MOST_TRACES = 2_000
"""of a document; the first ones, which stand longest in most feeds"""
_LARGEST_BYTES = 2_000_000
"""of what is packed"""
_OLDEST = timedelta(days=19 * 365)
"""of a date; soon it would be taken for none, see `feeds.fields.OLDEST`"""
_FAST = 3
_MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def pack_last_read(feed: ParsedFeed, traces: Sequence[Trace]) -> bytes:
    """What is to be remembered of this document; empty where there is nothing."""
    kept = traces[:MOST_TRACES]
    if not (feed.frame and kept):
        return b""
    whole = (
        feed.frame.hex(),
        feed.kind,
        feed.title,
        feed.site,
        feed.language,
        feed.ttl_seconds,
        feed.update_seconds,
        sorted(feed.skip_hours),
        sorted(feed.skip_days),
    )
    packed = json.dumps([whole, [_packed(trace) for trace in kept]], separators=(",", ":"), ensure_ascii=False)
    return zlib.compress(packed.encode("utf-8", "surrogatepass"), _FAST)


def unpack_last_read(packed: bytes, now: datetime) -> LastRead | None:
    """What `pack_last_read` was given, as far as it still holds."""
    if not packed:
        return None
    try:
        unpacker = zlib.decompressobj()
        whole, traces = json.loads(unpacker.decompress(packed, _LARGEST_BYTES).decode("utf-8", "surrogatepass"))
        frame, kind, title, site, language, ttl_seconds, update_seconds, skip_hours, skip_days = whole
        feed = ParsedFeed(
            kind=kind,
            title=title,
            site=site,
            language=language,
            ttl_seconds=ttl_seconds,
            update_seconds=update_seconds,
            skip_hours=frozenset(skip_hours),
            skip_days=frozenset(skip_days),
            frame=bytes.fromhex(frame),
        )
        known = [_trace(*trace) for trace in traces]
    except (ValueError, TypeError, OverflowError, zlib.error):
        return None
    return LastRead(feed=feed, traces=tuple(_lasting(known, now)))


def _packed(trace: Trace) -> Sequence[str | int | None]:
    published_at = None if trace.published_at is None else (trace.published_at - _EPOCH) // _MICROSECOND
    return trace.digest.hex(), trace.id_key, trace.link_key, trace.fingerprint, published_at


def _trace(digest: str, id_key: str, link_key: str, fingerprint: str, published_at: int | None) -> Trace:
    return Trace(
        digest=bytes.fromhex(digest),
        id_key=id_key,
        link_key=link_key,
        fingerprint=fingerprint,
        published_at=None if published_at is None else _EPOCH + published_at * _MICROSECOND,
    )


def _lasting(traces: Iterable[Trace], now: datetime) -> Iterable[Trace]:
    return (trace for trace in traces if trace.published_at is None or trace.published_at > now - _OLDEST)
