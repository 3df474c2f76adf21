"""Publishers of every kind, good and bad, as functions of what they are asked and when."""

import gzip
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import format_datetime

HOUR = timedelta(hours=1)
WINDOW = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request, as far as a publisher looks at it."""

    now: datetime
    hours: float
    """since the week began"""
    count: int
    """of requests for this path before"""
    etag: bytes
    modified: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What it answers."""

    status: int = 200
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""
    is_feed: bool = True
    ttl: timedelta = timedelta(0)
    skip_hours: frozenset[int] = frozenset()

    def having(self, *headers: tuple[bytes, bytes]) -> "Reply":
        """The same with more headers."""
        return replace(self, headers=(*self.headers, *headers))


Publisher = Callable[[Ask], Reply]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """One address, and what the configuration says of it."""

    host: str
    path: str
    publisher: Publisher
    every: str = ""
    """as configured; empty: as for all"""
    named_by: int = 1
    is_plain: bool = False
    is_named: bool = True
    """False: redirects lead there, and the configuration knows nothing of it"""
    is_stranger: bool = False


def rss(name: str, hours: float, *, per_day: float = 4.0, more: str = "") -> bytes:
    """A feed of the last ten entries of a publisher that writes so many a day."""
    newest = int(hours * per_day / 24) + WINDOW
    items = "".join(
        f"<item><title>{name} reports item {number} of the ferry line</title><guid>{name}-{number}</guid>"
        f"<link>http://{name}.example/{number}</link><description>Words {number} {name}</description></item>"
        for number in range(newest, newest - WINDOW, -1)
    )
    return f'<rss version="2.0"><channel><title>{name}</title>{more}{items}</channel></rss>'.encode()


def kept(name: str, *, per_day: float = 4.0, etag: bytes = b'"%d"', modified: bool = True) -> Publisher:
    """Sends validators, and a 304 for as long as nothing is new."""

    def publisher(ask: Ask) -> Reply:
        edition = int(ask.hours * per_day / 24)
        tag = etag.replace(b"%d", b"%d" % edition)
        headers = [(b"ETag", tag)] if tag else []
        stamp = b"Mon, 02 Mar 2026 %02d:%02d:00 GMT" % (edition // 60 % 24, edition % 60)
        if modified:
            headers.append((b"Last-Modified", stamp))
        is_known = ask.etag == tag if tag else ask.modified == stamp
        if is_known and (tag or modified):
            return Reply(status=304, headers=tuple(headers))
        return Reply(headers=tuple(headers), body=rss(name, ask.hours, per_day=per_day))

    return publisher


def never(name: str) -> Publisher:
    """Sends no validators at all."""
    return lambda ask: Reply(body=rss(name, ask.hours))


def restless(name: str) -> Publisher:
    """A new ETag with each 304."""

    def publisher(ask: Ask) -> Reply:
        headers = ((b"ETag", b'"%d"' % ask.count),)
        if ask.etag == b'"%d"' % (ask.count - 1) and ask.count % 5:
            return Reply(status=304, headers=headers)
        return Reply(headers=headers, body=rss(name, ask.hours))

    return publisher


def same_body(name: str) -> Publisher:
    """Never a 304, always the same words, always other validators: an ETag and a date by turns, or both."""

    def publisher(ask: Ask) -> Reply:
        both = ((b"ETag", b'W/"x%d"' % ask.count), (b"Last-Modified", b"edition %d" % ask.count))
        return Reply(headers=(both[:1], both[1:], both)[ask.count % 3], body=rss(name, 0.0))

    return publisher


def faulty(name: str, reply: Reply, *, one_in: int = 5) -> Publisher:
    """Each fifth time an answer that is of no use, and carries validators."""
    good = kept(name)

    def publisher(ask: Ask) -> Reply:
        if ask.count % one_in != one_in - 1:
            return good(ask)
        return reply.having((b"ETag", b'"bad%d"' % ask.count), (b"Last-Modified", b"bad"))

    return publisher


def refusing(name: str, reply: Callable[[Ask], Reply], *spells: tuple[float, float]) -> Publisher:
    """Good, but for some hours of the week."""
    good = kept(name)

    def publisher(ask: Ask) -> Reply:
        return reply(ask) if any(begins <= ask.hours < ends for begins, ends in spells) else good(ask)

    return publisher


def too_many(value: bytes = b"", *, status: int = 429, max_age: int = 0) -> Callable[[Ask], Reply]:
    """A 429 with such a Retry-After; `date` is a date two hours from now."""

    def reply(ask: Ask) -> Reply:
        wait = format_datetime(ask.now + 2 * HOUR, usegmt=True).encode() if value == b"date" else value
        headers = ((b"Retry-After", wait),) if wait else ()
        freshness = ((b"Cache-Control", b"max-age=%d" % max_age),) if max_age else ()
        return Reply(status=status, headers=(*headers, *freshness))

    return reply


def leading(to: str, *, status: int) -> Publisher:
    """A redirect, with validators that mean nothing."""
    return lambda _: Reply(status=status, headers=((b"Location", to.encode()), (b"ETag", b'"redirect"')))


def asking(name: str, *headers: tuple[bytes, bytes], ttl: int = 0, skip_hours: tuple[int, ...] = ()) -> Publisher:
    """Asks to be left alone for a while: by headers, or in the document."""

    def publisher(ask: Ask) -> Reply:
        more = f"<ttl>{ttl}</ttl>" if ttl else ""
        if skip_hours:
            more += "<skipHours>" + "".join(f"<hour>{hour}</hour>" for hour in skip_hours) + "</skipHours>"
        given = [
            (key, format_datetime(ask.now + 3 * HOUR, usegmt=True).encode() if value == b"date" else value)
            for key, value in headers
        ]
        reply = kept(name)(ask).having(*given)
        if reply.status == 304:
            return reply
        body = rss(name, ask.hours, more=more)
        return replace(reply, body=body, ttl=timedelta(minutes=ttl), skip_hours=frozenset(skip_hours))

    return publisher


def packed(name: str, how: str) -> Publisher:
    """Compressed."""

    def publisher(ask: Ask) -> Reply:
        reply = kept(name)(ask)
        if not reply.body:
            return reply
        body = gzip.compress(reply.body) if how == "gzip" else zlib.compress(reply.body)
        return replace(reply, body=body).having((b"Content-Encoding", how.encode()))

    return publisher


def sticky(name: str) -> Publisher:
    """Says for ever that nothing has changed to whoever asks with its ETag."""

    def publisher(ask: Ask) -> Reply:
        if ask.etag:
            return Reply(status=304, headers=((b"ETag", ask.etag),))
        return Reply(headers=((b"ETag", b'"stuck"'),), body=rss(name, ask.hours))

    return publisher


def cookies(name: str) -> Publisher:
    """Wants to know us again."""
    good = kept(name)
    return lambda ask: good(ask).having((b"Set-Cookie", b"visitor=%d; Max-Age=999999" % ask.count))


@dataclass(slots=True)
class Street:
    """All of them, by host and path."""

    port: int
    stands: list[Stand] = field(default_factory=list)

    def url(self, stand: Stand) -> str:
        """Where it is found."""
        return self.at(stand.host, stand.path)

    def at(self, host: str, path: str) -> str:
        """An address on this street."""
        return f"http://{host}.example:{self.port}{path}"


def street(port: int, *, siblings: int) -> Street:
    """One publisher of each kind, and one with so many feeds under one name."""
    made = Street(port=port)

    def put(name: str, publisher: Publisher, path: str = "/rss", **terms: object) -> None:
        made.stands.append(Stand(host=name, path=path, publisher=publisher, **terms))  # type: ignore[arg-type]  # fields

    put("kept", kept("kept"), every="3h", is_plain=True)
    put("calm", kept("calm", per_day=0.3), every="3h", is_plain=True)
    put("dated", kept("dated", etag=b""), every="3h", is_plain=True)
    put("tagged", kept("tagged", etag=b'W/"caf\xe9-%d--gzip"', modified=False), every="3h", is_plain=True)
    put("never", never("never"))
    put("restless", restless("restless"), every="3h")
    put("samebody", same_body("samebody"), every="3h")
    put("errors", faulty("errors", Reply(status=500)), every="3h")
    put("pages", faulty("pages", Reply(body=b"<html><body>We will be back</body></html>", is_feed=False)), every="3h")
    for name, value in (("seconds", b"7200"), ("dates", b"date"), ("garbage", b"soon"), ("huge", b"99999999999")):
        put(name, refusing(name, too_many(value), (30.0, 36.0), (101.0, 107.0)), every="3h")
        put(name, kept(f"{name}2"), "/second", every="3h")
    put("busy", refusing("busy", too_many(b"5400", status=503), (40.0, 48.0)), every="3h")
    put("fresh", refusing("fresh", too_many(max_age=10_800), (52.0, 62.0)), every="3h")
    put("forbids", refusing("forbids", lambda _: Reply(status=403), (60.0, 67.0)), every="3h")
    put("forbids", kept("forbids2"), "/second", every="3h")
    put("missing", refusing("missing", lambda _: Reply(status=404), (20.0, 80.0)), every="3h")
    put("gone", refusing("gone", lambda _: Reply(status=410), (48.0, 1e9)), every="3h")
    put("moved", leading(made.at("moving", "/new"), status=301), "/old", every="4h")
    put("moving", kept("moving"), "/new", is_named=False)
    put("lent", leading(made.at("lending", "/new"), status=308), "/old", every="4h")
    put("lending", kept("lending"), "/new", is_named=False)
    put("bought", refusing_moves(made.at("casino", "/rss")), every="4h")
    put("casino", kept("casino"), is_named=False, is_stranger=True)
    for name, status in (("found", 302), ("other", 303), ("brief", 307)):
        put(name, leading(made.at(f"{name}-target", "/rss"), status=status), every="4h")
        put(f"{name}-target", kept(f"{name}-target"), is_named=False)
    put("mixed", leading(made.at("mixed2", "/rss"), status=301), every="4h")
    put("mixed2", leading(made.at("mixed3", "/rss"), status=302), is_named=False)
    put("mixed3", kept("mixed3"), is_named=False)
    put("cookies", cookies("cookies"), every="3h", is_plain=True)
    put("ttl", asking("ttl", ttl=360), every="3h")
    put("skips", asking("skips", skip_hours=(0, 1, 2, 3, 4, 5, 13)), every="3h")
    put("maxage", asking("maxage", (b"Cache-Control", b"public, max-age=7200")), every="3h")
    put("expires", asking("expires", (b"Expires", b"date")), every="3h")
    put("gzip", packed("gzip", "gzip"), every="3h", is_plain=True)
    put("deflate", packed("deflate", "deflate"), every="3h", is_plain=True)
    put("shared", kept("shared"), every="3h", named_by=3, is_plain=True)
    put("stuck", sticky("stuck"), every="3h", is_plain=True)
    put("byhand", kept("byhand"), every="3h")
    put("paused", kept("paused"), every="3h")
    put("killed", kept("killed", per_day=24.0), every="3h")
    for name in ("ann", "ben", "eve"):
        put(f"{name}.blogs", refusing(name, too_many(), (70.0, 74.0)), every="3h")
    for number in range(siblings):
        put("crowd", kept(f"crowd{number}", per_day=0.5), f"/{number}", every="1d")
    return made


def refusing_moves(to: str) -> Publisher:
    """A feed for two days, and then a permanent redirect to somebody else's."""
    good = kept("bought")
    away = leading(to, status=301)
    return lambda ask: good(ask) if ask.hours < 12 else away(ask)
