"""What contradicts something in how feeds are asked.

Headers that are not the owner's to set, passwords without a user, and one feed that two outlets want to be asked in
different ways.
"""

import re
from collections.abc import Iterable, Iterator

from monitor.config.faults import Fault
from monitor.config.tree import Listing, Node, Path, Plain, Scalar, Table, follow, plain

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_MOST = 20
_OURS = frozenset(
    (
        *("host", "connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "expect"),
        *("content-length", "content-encoding", "content-type", "accept-encoding", "range", "referer"),
    )
)
"""those that the exchange itself needs to be right, or that would tell more than the feed's own server need know"""
_INSTEAD = {
    "user-agent": "write user_agent: instead",
    "proxy-authorization": "write the proxy's login into its address",
}
_SAID = frozenset(("headers", "username", "password", "user_agent", "proxy"))


def asking(root: Table) -> Iterator[Fault]:
    """Every contradiction in how feeds are asked."""
    first: dict[str, tuple[Path, dict[str, Plain]]] = {}
    for place, outlet in enumerate(_items(root, "outlets")):
        of_outlet: Path = ("outlets", place)
        yield from _own(outlet, of_outlet)
        for number, feed in enumerate(_items(outlet, "feeds")):
            of_feed = (*of_outlet, "feeds", number)
            yield from _own(feed, of_feed)
            url, way = _text(feed, "url"), _way(outlet, feed)
            before, other_way = first.setdefault(url, (of_feed, way)) if url else (of_feed, way)
            if way != other_way:
                yield _two_ways(root, feed, of_feed, before)


def _own(one: Node, path: Path) -> Iterator[Fault]:
    """What is wrong with what one outlet, or one feed, says by itself."""
    said = _said(one)
    if not said:
        return
    yield from _headers(_texts(said.get("headers")), (*path, "headers"))
    if "password" in said and "username" not in said:
        yield Fault(path=(*path, "password"), what="a password without its username: beside it", is_key=True)
    names = {name.lower() for name in _texts(said.get("headers"))}
    if "authorization" in names and "username" in said:
        yield Fault(
            path=(*path, "username"), what="there is an Authorization header too: write one of them", is_key=True
        )


def _headers(headers: Iterable[str], path: Path) -> Iterator[Fault]:
    seen: set[str] = set()
    for name in headers:
        lower = name.lower()
        what = _INSTEAD.get(lower, "")
        if not _NAME.fullmatch(name):
            what = "expected the name of a header, such as X-Api-Key"
        elif lower in _OURS or lower.startswith(("if-", "proxy-")):
            what = what or "this header is tocsin's own to set"
        elif lower in seen:
            what = "the same header again, in other capitals"
        seen.add(lower)
        if what:
            yield Fault(path=(*path, name), what=what, is_key=True)
    if len(seen) > _MOST:
        yield Fault(path=path, what=f"expected at most {_MOST} headers", is_key=True)


def _way(outlet: Node, feed: Node) -> dict[str, Plain]:
    """How a feed is asked, as far as files say; equal where two are asked in the same way."""
    of_outlet, of_feed = _said(outlet), _said(feed)
    if not of_outlet and not of_feed:
        return {}
    way = {key: plain(node) for key, node in (of_outlet | of_feed).items()}
    if "username" in of_feed and "password" not in of_feed:
        way.pop("password", None)
    tables = (_texts(said.get("headers")) for said in (of_outlet, of_feed))
    headers = {name.lower(): plain(value) for table in tables for name, value in table.items()}
    return way | {"headers": headers}


def _two_ways(root: Table, feed: Node, path: Path, before: Path) -> Fault:
    mark = follow(root, (*before, "url")).node.mark
    said = next(iter(_said(feed)), "")
    what = "a feed is asked once for all its outlets: headers, login, user_agent and proxy must be as at"
    at = (*path, said or "url")
    return Fault(path=at, what=f"{what} {mark.file}:{mark.line}:{mark.column}", is_key=bool(said))


def _said(one: Node) -> dict[str, Node]:
    """What is written there of how to ask; a key without a value says nothing."""
    if not isinstance(one, Table) or _SAID.isdisjoint(one.pairs):
        return {}
    found = {key: pair.value for key, pair in one.pairs.items() if key in _SAID}
    return {key: node for key, node in found.items() if not _is_unwritten(node)}


def _is_unwritten(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None and not node.is_broken


def _texts(node: "Node | None") -> dict[str, Node]:
    return {name: pair.value for name, pair in node.pairs.items()} if isinstance(node, Table) else {}


def _text(one: Node, key: str) -> str:
    node = one.pairs[key].value if isinstance(one, Table) and key in one.pairs else None
    return node.value if isinstance(node, Scalar) and isinstance(node.value, str) else ""


def _items(one: Node, key: str) -> tuple[Node, ...]:
    node = one.pairs[key].value if isinstance(one, Table) and key in one.pairs else None
    return node.items if isinstance(node, Listing) else ()
