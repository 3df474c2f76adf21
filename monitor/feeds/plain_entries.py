"""The entries of a plain document, element by element."""

from xml.etree.ElementTree import Element

from monitor.feeds.plain_elements import attributes_of
from monitor.feeds.plain_names import GROUPS, OF_ENTRIES, OF_GROUPS, PASSED_OVER, TELLING, Unusual
from monitor.feeds.plain_passed import HARMLESS, pass_over, pass_over_unknown
from monitor.feeds.plain_readers import READERS, Reader
from monitor.feeds.plain_spaces import Spaces
from monitor.feeds.plain_values import Values

_PICTURE = frozenset({"url", "link", "width", "height"})
"""what an image of an entry may have without saying anything of the entry itself"""
_DEEPEST_GROUP = 6
_LANG_AND_BASE = frozenset({"lang", "base"})


class Entries:
    """Reads one entry after another; how its elements are read is found out once for each document."""

    def __init__(self, spaces: Spaces) -> None:
        self._spaces = spaces
        self._readers: dict[str, Reader] = {}
        """by tag"""
        self._readers_of_groups: dict[str, Reader] = {}

    def read(self, element: Element, depth: int, feed: Values) -> Values:
        """The values of an entry that stands in this feed, at this depth. Raises Unusual."""
        entry = Values(spaces=self._spaces, is_entry=True)
        entry.inherit(feed)
        if stated := attributes_of(element, _LANG_AND_BASE):
            if "lang" in stated:
                entry.language = stated["lang"] or None
            entry.rebase(stated)
            if about := stated.get("rdf:about"):
                entry.raw["id"] = about
        readers = self._readers
        for child in element:
            tag = child.tag
            if tag not in readers:
                readers[tag] = self._reader_of(self._spaces.named(tag))
            readers[tag](entry, child, depth + 1)
        entry.bequeath(feed)
        return entry

    def _reader_of(self, name: str) -> Reader:
        if (read := OF_ENTRIES.get(name)) is not None:
            return READERS[read]
        return self._passer_of(name)

    def _passer_of(self, name: str) -> Reader:
        if name in GROUPS:
            return self._read_group
        if name == "source":
            return _pass_over_source
        if name == "image":
            return self._read_picture
        if name in PASSED_OVER:
            return _pass_over
        if name in TELLING:
            raise Unusual
        return self._pass_over_unknown

    def _read_group(self, entry: Values, group: Element, depth: int) -> None:
        """What stands in a group counts as if it stood outside, only deeper."""
        if not len(group):
            attributes_of(group, HARMLESS)
            return
        attributes_of(group)
        if depth > _DEEPEST_GROUP:
            raise Unusual
        readers = self._readers_of_groups
        for child in group:
            tag = child.tag
            if tag not in readers:
                readers[tag] = self._reader_in_groups_of(self._spaces.named(tag))
            readers[tag](entry, child, depth + 1)

    def _reader_in_groups_of(self, name: str) -> Reader:
        read = OF_ENTRIES.get(name)
        if read is None:
            return self._passer_of(name)
        if read not in OF_GROUPS:
            raise Unusual
        return READERS[read]

    def _read_picture(self, entry: Values, picture: Element, depth: int) -> None:
        """Its title is one of the entry."""
        entry.title_depth = -1
        attributes_of(picture, HARMLESS)
        for part in picture:
            name = self._spaces.named(part.tag)
            if name == "title":
                entry.title(part, depth + 1)
            elif name not in _PICTURE or (name == "link" and part.items()):
                raise Unusual
            else:
                pass_over(part)

    def _pass_over_unknown(self, _: Values, element: Element, __: int) -> None:
        pass_over_unknown(element, self._spaces)


def _pass_over(_: Values, element: Element, __: int) -> None:
    pass_over(element)


def _pass_over_source(entry: Values, element: Element, _: int) -> None:
    """Of where the entry stood first."""
    entry.title_depth = -1
    pass_over(element)
