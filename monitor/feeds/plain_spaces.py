"""What feedparser calls an element: by the prefix it has for a namespace that it knows, else by the document's own.

A prefix must mean one thing throughout the document, and must not stand for something else that feedparser knows:
what feedparser makes of that depends on what it has met so far.
"""

from monitor.feeds.plain_names import PREFIXES, SPACES, Unusual

_MOST_NAMESPACES = 100
"""less than feedparser is bounded to, see `bounded`"""
_USERLAND = "backend.userland.com/rss"
"""in a namespace: it is one of RSS itself, whatever else stands in it"""
XLINK = "http://www.w3.org/1999/xlink"
_OF_FEEDPARSER = frozenset({"xml", "rdf", "feedburner"})


class Spaces:
    """The namespaces of one document, and the names of its elements."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._uris: dict[str, str] = {}
        """by what feedparser calls them"""
        self._prefixes: dict[str, str] = {}
        self._bare: set[str] = set()
        """addresses without a prefix that feedparser does not know"""
        self._moved: set[str] = set()
        """prefixes that feedparser has for something else than the document"""

    def declare(self, prefix: str, uri: str, *, is_above: bool) -> str:
        """Take a declaration, at the root or above all else; its address in lower case. Raises Unusual."""
        lower = uri.lower()
        known = _known(lower)
        # The reader of XML that feedparser uses takes a blank in an address for the end of it, or for an error.
        if uri.split() != [uri] or (uri == XLINK and prefix != "xlink"):
            raise Unusual
        if prefix and self._prefixes.setdefault(prefix.lower(), uri) != uri:
            raise Unusual
        if known is None and not is_above and uri in (self._bare if prefix else self._uris.values()):
            raise Unusual  # an element with it is called otherwise from here on
        if known is None and not prefix:
            self._bare.add(uri)
        if known and prefix.lower() in PREFIXES and prefix != known:
            if not is_above or prefix.lower() in _OF_FEEDPARSER:
                raise Unusual
            self._moved.add(prefix.lower())
        if (name := prefix if known is None else known) and self._uris.setdefault(name, uri) != uri:
            raise Unusual
        if len(self._prefixes) > _MOST_NAMESPACES:
            raise Unusual
        return lower

    def named(self, tag: str) -> str:
        """The name of an element, its prefix and an underscore before it, all in lower case. Raises Unusual."""
        name = self._names.get(tag)
        if name is None:
            name = self._names[tag] = self._name(tag)
        return name

    def _name(self, tag: str) -> str:
        space, _, local = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
        prefix = _known(space.lower())
        if prefix is None:
            # Then feedparser goes by the document's own prefix, if it has one.
            prefix = next((one for one, uri in self._uris.items() if uri == space), "")
        if prefix.lower() in self._moved:
            raise Unusual
        return f"{prefix}_{local}".lower() if prefix else local.lower()


def _known(lower: str) -> str | None:
    """Feedparser's prefix for a namespace in lower case, empty for those of feeds; None where it knows none."""
    return "" if _USERLAND in lower else SPACES.get(lower)
