"""What contradicts something in how feeds are asked.

Headers that are not the owner's to set, passwords without a user, and one feed that two outlets want to be asked in
different ways.
"""

import re
from collections.abc import Iterator

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
_SAID = ("headers", "username", "password", "user_agent", "proxy")


def asking(root: Table) -> Iterator[Fault]:
    """Every contradiction in how feeds are asked."""
    first: dict[str, tuple[Path, dict[str, Plain]]] = {}
    for outlet in range(_count(root, ("outlets",))):
        of_outlet: Path = ("outlets", outlet)
        yield from _own(root, of_outlet)
        for place in range(_count(root, (*of_outlet, "feeds"))):
            of_feed = (*of_outlet, "feeds", place)
            yield from _own(root, of_feed)
            url = _text(root, (*of_feed, "url"))
            way = _way(root, of_outlet, of_feed)
            before, other_way = first.setdefault(url, (of_feed, way)) if url else (of_feed, way)
            if way != other_way:
                yield _two_ways(root, of_feed, before)


def _own(root: Table, path: Path) -> Iterator[Fault]:
    """What is wrong with what one outlet, or one feed, says by itself."""
    yield from _headers(root, (*path, "headers"))
    if _node(root, (*path, "password")) and not _node(root, (*path, "username")):
        yield Fault(path=(*path, "password"), what="a password without its username: beside it", is_key=True)
    names = {name.lower() for name in _table(root, (*path, "headers"))}
    if "authorization" in names and _node(root, (*path, "username")):
        yield Fault(
            path=(*path, "username"), what="there is an Authorization header too: write one of them", is_key=True
        )


def _headers(root: Table, path: Path) -> Iterator[Fault]:
    seen: set[str] = set()
    for name in _table(root, path):
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


def _way(root: Table, outlet: Path, feed: Path) -> dict[str, Plain]:
    """How a feed is asked, as far as files say; equal where two are asked in the same way."""
    ways = [{key: node for key in _SAID if (node := _node(root, (*path, key)))} for path in (outlet, feed)]
    way = {key: plain(node) for key, node in (ways[0] | ways[1]).items()}
    if "username" in ways[1] and "password" not in ways[1]:
        way.pop("password", None)
    texts = [_table(root, (*path, "headers")) for path in (outlet, feed)]
    headers = {name.lower(): plain(pair) for table in texts for name, pair in table.items()}
    return way | {"headers": headers}


def _two_ways(root: Table, path: Path, before: Path) -> Fault:
    mark = follow(root, (*before, "url")).node.mark
    said = [key for key in _SAID if _node(root, (*path, key))]
    what = "a feed is asked once for all its outlets: headers, login, user_agent and proxy must be as at"
    at = (*path, said[0]) if said else (*path, "url")
    return Fault(path=at, what=f"{what} {mark.file}:{mark.line}:{mark.column}", is_key=bool(said))


def _node(root: Table, path: Path) -> "Node | None":
    """What is written there; a key without a value says nothing."""
    spot = follow(root, path)
    is_unwritten = isinstance(spot.node, Scalar) and spot.node.value is None and not spot.node.is_broken
    return spot.node if spot.is_whole and not is_unwritten else None


def _table(root: Table, path: Path) -> dict[str, Node]:
    node = _node(root, path)
    return {name: pair.value for name, pair in node.pairs.items()} if isinstance(node, Table) else {}


def _text(root: Table, path: Path) -> str:
    node = _node(root, path)
    return node.value if isinstance(node, Scalar) and isinstance(node.value, str) else ""


def _count(root: Table, path: Path) -> int:
    node = _node(root, path)
    return len(node.items) if isinstance(node, Listing) else 0
