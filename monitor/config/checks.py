"""What contradicts something else: names given twice, channels that do not exist, paces outside their limits.

Looks at the tree, not at the models, so that a mistake in one place hides none in another.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from monitor.config import duration
from monitor.config.asking import asking
from monitor.config.faults import Fault, shown
from monitor.config.nearest import nearest
from monitor.config.shape.channels import DEFAULT
from monitor.config.tree import Listing, Node, Path, Scalar, Table, at, follow
from monitor.model.settings import PollingSettings
from monitor.model.upkeep import Retention

_SHORTEST = timedelta(seconds=1)
_LONGEST_TIMEOUT = timedelta(minutes=10)
_LEAST_KEPT = (
    (("retention", "seen"), timedelta(days=7)),
    (("retention", "text"), timedelta(days=1)),
    (("retention", "alerts"), timedelta(days=7)),
    (("backup", "every"), timedelta(hours=1)),
)
_LIMITS = (("polling", "min_interval"), ("polling", "max_interval"), ("polling", "timeout"))
_SCOPED = ("rules", "routes")
"""sections that name channels, outlets and tags"""
_NAMED = (("outlets", "name"), ("channels", "name"), ("entities", "id"), ("rules", "name"))


def contradictions(root: Table, *, is_complete: bool) -> Iterator[Fault]:
    """Everything in the tree that contradicts something else in it.

    Unless it is complete (a file could not be read), only what holds whatever else there may be.
    """
    for section, key in _NAMED:
        yield from _repeated(root, section, key)
    yield from _empty_digests(root)
    yield from _own_fallbacks(root)
    yield from _repeated_feeds(root)
    yield from _secret_feeds(root)
    yield from asking(root)
    if is_complete:
        yield from _emptiness(root)
        yield from _unknown_channels(root)
        yield from _unknown_scopes(root)
        yield from _limits(root)
        yield from _keeping(root)


def _emptiness(root: Table) -> Iterator[Fault]:
    if _is_empty(root, ("outlets",)):
        yield Fault(path=("outlets",), what="no outlets: nothing to watch")
    if _is_empty(root, ("rules",)):
        yield Fault(path=("rules",), what="no rules: nothing would ever alert")


def _is_empty(root: Table, path: Path) -> bool:
    spot = follow(root, path)
    return not spot.is_whole or (isinstance(spot.node, Listing) and not spot.node.items)


def _repeated(root: Table, section: str, key: str) -> Iterator[Fault]:
    """Names that differ only in case would be taken for the same by whoever reads an alert."""
    first: dict[str, Scalar] = {}
    for path, scalar in _texts(root, section, key):
        before = first.setdefault(str(scalar.value).casefold(), scalar)
        if before is not scalar:
            where = f"{before.mark.file}:{before.mark.line}:{before.mark.column}"
            yield Fault(path=path, what=f"the {key} {shown(scalar)} is used twice, first at {where}")


def _empty_digests(root: Table) -> Iterator[Fault]:
    """Only a digest that is due whether or not there is news can be without any."""
    for place in range(_count(root, ("channels",))):
        path = ("channels", place, "empty_digest")
        wish, digest = _text(root, path), _text(root, ("channels", place, "digest"))
        if wish and wish.value == "send" and not (digest and str(digest.value).lstrip()[:1].isdigit()):
            yield Fault(path=path, what="only a daily digest can be empty, such as digest: 07:00 Europe/Berlin")


def _unknown_channels(root: Table) -> Iterator[Fault]:
    known = {str(scalar.value) for _, scalar in _texts(root, "channels", "name")}
    if _is_empty(root, ("channels",)):
        known = {DEFAULT.name}
    elif len(known) < _count(root, ("channels",)):
        return  # one has no name that can be read, and it may be the one that is meant
    for section in _SCOPED:
        yield from _unknown(root, _listed(root, section, "channels"), "channel", known)
    fallbacks = (("channels", place, "fallback") for place in range(_count(root, ("channels",))))
    yield from _unknown(root, fallbacks, "channel", known)
    for section in ("alarms", "heartbeat"):
        named = ((section, "channels", place) for place in range(_count(root, (section, "channels"))))
        yield from _unknown(root, named, "channel", known)


def _unknown_scopes(root: Table) -> Iterator[Fault]:
    """A rule or a route that looks at an outlet, a tag or a rule that does not exist would look at nothing."""
    outlets = {str(scalar.value) for _, scalar in _texts(root, "outlets", "name")}
    if len(outlets) == _count(root, ("outlets",)):
        for section in _SCOPED:
            yield from _unknown(root, _listed(root, section, "outlets"), "outlet", outlets)
    rules = {str(scalar.value) for _, scalar in _texts(root, "rules", "name")}
    if len(rules) == _count(root, ("rules",)):
        yield from _unknown(root, _listed(root, "routes", "rules"), "rule", rules)
    tags = [_as_text(tag) for outlet in _items(root, ("outlets",)) for tag in _items(outlet, ("tags",))]
    for section in _SCOPED:
        yield from _unknown(root, _listed(root, section, "tags"), "tag", {str(one.value) for one in tags if one})


def _listed(root: Table, section: str, key: str) -> Iterator[Path]:
    """Where the items of a section list something under `key`."""
    for item in range(_count(root, (section,))):
        yield from ((section, item, key, place) for place in range(_count(root, (section, item, key))))


def _unknown(root: Table, paths: Iterable[Path], name: str, known: Collection[str]) -> Iterator[Fault]:
    """What stands in these places and nobody has declared."""
    for path in paths:
        scalar = _text(root, path)
        if scalar is None or scalar.value in known:
            continue
        meant = None if scalar.secrets else nearest(str(scalar.value), known)
        hint = f", did you mean '{meant}'?" if meant else ""
        yield Fault(path=path, what=f"unknown {name} {shown(scalar)}{hint}")


def _own_fallbacks(root: Table) -> Iterator[Fault]:
    for place in range(_count(root, ("channels",))):
        path = ("channels", place, "fallback")
        name, fallback = _text(root, ("channels", place, "name")), _text(root, path)
        if name is not None and fallback is not None and name.value == fallback.value:
            yield Fault(path=path, what="a channel that fails cannot tell so itself: name another")


def _secret_feeds(root: Table) -> Iterator[Fault]:
    """A feed's address is its name in the database and in answers to people, where no secret may stand."""
    for outlet, one in enumerate(_items(root, ("outlets",))):
        for place, feed in enumerate(_items(one, ("feeds",))):
            scalar = _text(feed, ("url",))
            if scalar is not None and scalar.secrets:
                path = ("outlets", outlet, "feeds", place, "url")
                yield Fault(path=path, what="the address of a feed is stored and shown: write it out, without ${…}")


def _repeated_feeds(root: Table) -> Iterator[Fault]:
    for outlet, one in enumerate(_items(root, ("outlets",))):
        seen: set[str] = set()
        feeds = _items(one, ("feeds",))
        for place, feed in enumerate(feeds if len(feeds) > 1 else ()):
            scalar = _text(feed, ("url",))
            address = _same_address(str(scalar.value)) if scalar else ""
            if scalar and address in seen:
                path = ("outlets", outlet, "feeds", place, "url")
                yield Fault(path=path, what="this outlet has the same feed twice")
            seen.add(address)


def _same_address(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path or '/'}?{parts.query}"


def _limits(root: Table) -> Iterator[Fault]:
    defaults = PollingSettings()
    shortest = _length(root, ("polling", "min_interval"), defaults.min_interval)
    longest = _length(root, ("polling", "max_interval"), defaults.max_interval)
    timeout = _length(root, ("polling", "timeout"), defaults.timeout)
    if timeout is not None and timeout > _LONGEST_TIMEOUT:
        yield Fault(path=("polling", "timeout"), what=f"expected at most {duration.spell(_LONGEST_TIMEOUT)}")
    paces = tuple(_paces(root))
    limits = ((path, _length(root, path, None)) for path in _LIMITS)
    for path, length in (*paces, *limits):
        if length is not None and length < _SHORTEST:
            yield Fault(path=path, what=f"expected at least {duration.spell(_SHORTEST)}")
    if shortest is None or longest is None:
        return
    if shortest > longest:
        wrong = "min_interval" if follow(root, ("polling", "min_interval")).is_whole else "max_interval"
        yield Fault(path=("polling", wrong), what="polling.min_interval is longer than polling.max_interval")
        return
    for path, every in paces:
        yield from _outside(root, path, every, shortest, longest)
    yield from _default_outside(root, shortest, longest, defaults.every)


def _keeping(root: Table) -> Iterator[Fault]:
    """Shorter than this, a feed that was away for a weekend would bring the same news once more."""
    for path, least in _LEAST_KEPT:
        length = _length(root, path, least)
        if length is not None and length < least:
            yield Fault(path=path, what=f"expected at least {duration.spell(least)}")
    text = _length(root, ("retention", "text"), Retention().text)
    seen = _length(root, ("retention", "seen"), Retention().seen)
    if text is not None and seen is not None and text > seen:
        wrong = "text" if follow(root, ("retention", "text")).is_whole else "seen"
        what = f"retention.text, {duration.spell(text)}, is longer than retention.seen, {duration.spell(seen)}"
        yield Fault(path=("retention", wrong), what=what)


def _outside(root: Table, path: Path, every: timedelta, shortest: timedelta, longest: timedelta) -> Iterator[Fault]:
    if every < shortest:
        limit = _limit(root, "min_interval", shortest)
        yield Fault(path=path, what=f"shorter than polling.min_interval, {limit}: lengthen it or lower that")
    elif every > longest:
        limit = _limit(root, "max_interval", longest)
        yield Fault(path=path, what=f"longer than polling.max_interval, {limit}: shorten it or raise that")


def _default_outside(root: Table, shortest: timedelta, longest: timedelta, every: timedelta) -> Iterator[Fault]:
    if follow(root, ("polling", "every")).is_whole:
        return
    said = f"than polling.every, {duration.spell(every)} by default: write polling.every too"
    if every < shortest:
        yield Fault(path=("polling", "min_interval"), what=f"longer {said}")
    elif every > longest:
        yield Fault(path=("polling", "max_interval"), what=f"shorter {said}")


def _limit(root: Table, key: str, length: timedelta) -> str:
    spot = follow(root, ("polling", key))
    if not spot.is_whole:
        return f"{duration.spell(length)} by default"
    return shown(spot.node) if isinstance(spot.node, Scalar) and spot.node.secrets else duration.spell(length)


def _paces(root: Table) -> Iterator[tuple[Path, timedelta]]:
    """Every pace that is written and can be read, and where."""
    for path, node in _places_of_paces(root):
        scalar = _as_text(node)
        every = duration.parse(str(scalar.value)) if scalar else None
        if every is not None:
            yield path, every


def _places_of_paces(root: Table) -> Iterator[tuple[Path, "Node | None"]]:
    yield ("polling", "every"), at(root, ("polling", "every"))
    for place, outlet in enumerate(_items(root, ("outlets",))):
        yield ("outlets", place, "every"), at(outlet, ("every",))
        for one, feed in enumerate(_items(outlet, ("feeds",))):
            yield ("outlets", place, "feeds", one, "every"), at(feed, ("every",))


def _length(root: Table, path: Path, default: timedelta | None) -> timedelta | None:
    """The duration written at `path`, `default` where none is, None where it cannot be read."""
    node = at(root, path)
    if node is None or (isinstance(node, Scalar) and node.value is None):
        return default
    scalar = _as_text(node)
    return duration.parse(str(scalar.value)) if scalar else None


def _items(root: Node, path: Path) -> tuple[Node, ...]:
    node = at(root, path)
    return node.items if isinstance(node, Listing) else ()


def _count(root: Table, path: Path) -> int:
    return len(_items(root, path))


def _texts(root: Table, section: str, key: str) -> Iterator[tuple[Path, Scalar]]:
    for place, item in enumerate(_items(root, (section,))):
        if scalar := _text(item, (key,)):
            yield (section, place, key), scalar


def _text(root: Node, path: Path) -> Scalar | None:
    return _as_text(at(root, path))


def _as_text(node: "Node | None") -> Scalar | None:
    return node if isinstance(node, Scalar) and isinstance(node.value, str) and not node.is_broken else None
