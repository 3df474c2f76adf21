"""What a worker does for this room; `reader.TARGET` names it."""

from collections.abc import Mapping
from datetime import UTC, datetime

from monitor.feeds.parse import parse_document
from monitor.feeds.wire import pack


def parse_request(body: bytes, meta: Mapping[str, object]) -> dict[str, object]:
    """Read one document; `meta` holds its content type, its address and the moment."""
    now = meta["now"]
    if not isinstance(now, int | float):
        raise TypeError("now is not a number")
    return pack(
        parse_document(
            body,
            content_type=str(meta["content_type"]),
            url=str(meta["url"]),
            now=datetime.fromtimestamp(now, UTC),
        )
    )
