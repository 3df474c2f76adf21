"""Two invented outlets on loopback whose feeds change while somebody watches."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One piece of invented news."""

    number: int
    title: str
    summary: str
    at: datetime


@dataclass(slots=True, kw_only=True)
class Outlet:
    """What one path serves; `polls` counts how often it was asked."""

    title: str
    items: list[Item] = field(default_factory=list)
    polls: int = 0

    def publish(self, number: int, title: str, summary: str) -> None:
        """Put an item on top, or replace the one with the same number."""
        kept = [item for item in self.items if item.number != number]
        self.items = [Item(number=number, title=title, summary=summary, at=datetime.now(UTC)), *kept]


@dataclass(slots=True, kw_only=True)
class Press:
    """The outlets by path, and the address they are served at."""

    address: str
    outlets: dict[str, Outlet]


@contextmanager
def press(outlets: dict[str, Outlet]) -> Iterator[Press]:
    """Serve the outlets on a free port of 127.0.0.1 while the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(outlets))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield Press(address=f"http://127.0.0.1:{server.server_address[1]}", outlets=outlets)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def document(outlet: Outlet, address: str) -> bytes:
    """The outlet's feed, as RSS 2.0."""
    items = "".join(
        f"<item><guid isPermaLink='false'>{item.number}</guid><title>{escape(item.title)}</title>"
        f"<link>{address}/news/{item.number}</link><description>{escape(item.summary)}</description>"
        f"<pubDate>{format_datetime(item.at)}</pubDate></item>"
        for item in outlet.items
    )
    return (
        f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>{escape(outlet.title)}</title>"
        f"<link>{address}/</link><description>invented</description><language>en</language>{items}</channel></rss>"
    ).encode()


def _handler(outlets: dict[str, Outlet]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            outlet = outlets.get(self.path)
            if outlet is None:
                self.send_error(404)
                return
            host = self.headers.get("Host", "127.0.0.1")
            body = document(outlet, f"http://{host}{self.path}")
            tag = f'"{sha256(body).hexdigest()[:16]}"'
            is_known = self.headers.get("If-None-Match") == tag
            self.send_response(304 if is_known else 200)
            self.send_header("ETag", tag)
            self.send_header("Content-Type", "application/rss+xml")
            self.send_header("Content-Length", "0" if is_known else str(len(body)))
            self.end_headers()
            if not is_known:
                self.wfile.write(body)
            outlet.polls += 1

        def log_message(self, *_: object) -> None:
            """Keep the demonstration readable."""

    return Handler
