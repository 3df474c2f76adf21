"""Invented outlets and a receiver of webhooks, in threads of the harness, which no crash of a daemon touches."""

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape

HANGING_SECONDS = 1.5
"""a sender that is left without an answer gives up before"""
_LONGEST_HOLD = 60.0
"""seconds after which a held answer is given anyway, so that no thread outlives a broken test"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One invented piece of news; its number is its id within an outlet."""

    number: int
    title: str
    summary: str = ""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


class _Gate:
    """Lets answers through, or holds them."""

    def __init__(self) -> None:
        self._is_open = threading.Event()
        self._is_open.set()
        self.waiting = 0

    @contextmanager
    def shut(self) -> Iterator[None]:
        self._is_open.clear()
        try:
            yield
        finally:
            self._is_open.set()

    def wait(self) -> None:
        self.waiting += 1
        self._is_open.wait(_LONGEST_HOLD)
        self.waiting -= 1


class Outlet:
    """One feed on an address of its own (another port is another origin: outlets are polled side by side)."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.address = ""
        self.fetches = 0
        self._stories: dict[int, Story] = {}
        self._known_tag = ""
        self._lock = threading.Lock()
        self._gate = _Gate()

    @property
    def url(self) -> str:
        return f"{self.address}/feed"

    @property
    def is_read(self) -> bool:
        """Whether the present document was committed: only then is it asked for by its own tag."""
        with self._lock:
            return self._known_tag == _tag(self._document())

    def publish(self, story: Story) -> None:
        """Put it on top, or replace the one with its number."""
        with self._lock:
            kept = {number: one for number, one in self._stories.items() if number != story.number}
            self._stories = {story.number: story, **kept}

    def withdraw(self, number: int) -> None:
        """Let it leave the feed's window."""
        with self._lock:
            self._stories.pop(number, None)

    def holding(self) -> AbstractContextManager[None]:
        """Let whoever asks wait for the answer while the block runs."""
        return self._gate.shut()

    @property
    def is_asked(self) -> bool:
        """Whether somebody waits for an answer that is held."""
        return self._gate.waiting > 0

    def answer(self, asked_tag: str) -> tuple[int, str, bytes]:
        """Status, entity tag and body."""
        self._gate.wait()
        with self._lock:
            self.fetches += 1
            body = self._document()
            tag = _tag(body)
            if asked_tag != tag:
                return 200, tag, body
            self._known_tag = tag
            return 304, tag, b""

    def _document(self) -> bytes:
        items = "".join(
            f"<item><guid isPermaLink='false'>{self.name}-{one.number}</guid><title>{escape(one.title)}</title>"
            f"<link>{self.address}/news/{one.number}</link><description>{escape(one.summary)}</description>"
            f"<pubDate>{format_datetime(one.at)}</pubDate></item>"
            for one in self._stories.values()
        )
        return (
            f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>{escape(self.name)}</title>"
            f"<link>{self.address}/</link><description>invented</description>{items}</channel></rss>"
        ).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One message that arrived whole, in the order of arrival."""

    run: int
    """the daemon that sent it: they are numbered in the order of their starts"""
    channel: str
    public_id: str
    key: str
    """the Idempotency-Key beside the body"""
    title: str
    rule: str
    at: float
    is_refused: bool = False
    """answered by an error, or not at all: not taken, so the next one is no repeat"""
    beside: tuple[str, ...] = ()
    """titles of what else it tells"""

    @property
    def titles(self) -> tuple[str, ...]:
        """Of everything that it tells."""
        return (self.title, *self.beside)


class Sink:
    """Takes what is posted to `/CHANNEL` and keeps it; answers at once, late, with an error, or when let go."""

    def __init__(self) -> None:
        self.address = ""
        self.delay: Callable[[], float] = lambda: 0.0
        """seconds before each answer"""
        self.refuses: Callable[[], bool] = lambda: False
        """whether to refuse a message instead of taking it"""
        self.refusal: Callable[[], int] = lambda: 503
        """the status that says so; 0: nothing is said, and the sender is left waiting for `HANGING_SECONDS`"""
        self._posts: list[Post] = []
        self._open: set[str] = set()
        self._lock = threading.Lock()
        self._gate = _Gate()

    @property
    def posts(self) -> tuple[Post, ...]:
        """All so far."""
        with self._lock:
            return tuple(self._posts)

    @property
    def open_channels(self) -> frozenset[str]:
        """Channels with a message that was received and is not answered yet."""
        with self._lock:
            return frozenset(self._open)

    def holding(self) -> AbstractContextManager[None]:
        """Receive, but let every sender wait for its answer while the block runs."""
        return self._gate.shut()

    def receive(self, channel: str, run: str, key: str, body: bytes) -> int:
        """Keep a message and say how to answer; returns when the answer is due."""
        said = json.loads(body)
        post = Post(
            run=int(run.removeprefix("run-")),
            channel=channel,
            public_id=said["id"],
            key=key,
            title=said["alerts"][0]["title"],
            rule=said["alerts"][0]["rule"],
            at=time.monotonic(),
            is_refused=self.refuses(),
            beside=tuple(alert["title"] for alert in said["alerts"][1:]),
        )
        return self.take(post)

    def take(self, post: Post) -> int:
        """Keep a message that has come in whatever way; returns the status when the answer is due."""
        status = self.refusal() if post.is_refused else 204
        with self._lock:
            self._posts.append(post)
            self._open.add(post.channel)
        time.sleep(self.delay() if status else HANGING_SECONDS)
        self._gate.wait()
        with self._lock:
            self._open.discard(post.channel)
        return status


@contextmanager
def outlet(name: str) -> Iterator[Outlet]:
    """An outlet that is served while the block runs."""
    made = Outlet(name)

    class Handler(_Handler):
        def do_GET(self) -> None:
            status, tag, body = made.answer(self.headers.get("If-None-Match", ""))
            self.reply(status, body, ("ETag", tag), ("Content-Type", "application/rss+xml"))

    with _serving(Handler) as made.address:
        yield made


@contextmanager
def sink() -> Iterator[Sink]:
    """A sink that listens while the block runs."""
    made = Sink()

    class Handler(_Handler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = self.rfile.read(length)
            if len(body) < length:
                return  # the sender died in mid-sentence: nothing was received
            headers = self.headers
            status = made.receive(self.path.strip("/"), headers["X-Run"], headers["Idempotency-Key"], body)
            if not status:
                return  # not a word
            more = {302: ("Location", "/elsewhere"), 429: ("Retry-After", "0")}.get(status)
            self.reply(status, b"", *([more] if more else []))

    with _serving(Handler) as made.address:
        yield made


class _Handler(BaseHTTPRequestHandler):
    def reply(self, status: int, body: bytes, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in (*headers, ("Content-Length", str(len(body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """A peer that was killed is what this is all about; anything else is a mistake in the harness."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # typeshed names the socket type


@contextmanager
def _serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    server = _Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _tag(body: bytes) -> str:
    return f'"{sha256(body).hexdigest()[:16]}"'
