"""What a single element of a plain document states: its attributes and its text, as feedparser has them."""

import re
from collections.abc import Mapping
from contextlib import suppress
from xml.etree.ElementTree import Element

from feedparser.html import _cp1252

from monitor.feeds.plain_names import SAYING, SPACES, Unusual

_MOST_ATTRIBUTES = 50
"""less than feedparser is bounded to, see `bounded`"""
_BEYOND_LATIN = re.compile("[^\x00-\xff]")
_WINDOWS = re.compile("[\x80-\x9f]")
_NOTHING: Mapping[str, str] = {}
_NO_NAMES: frozenset[str] = frozenset()
_IN_LOWER_CASE = frozenset({"rel", "type"})
_LANG = frozenset({"lang"})


def attributes_of(element: Element, allowed: frozenset[str] = _NO_NAMES) -> Mapping[str, str]:
    """The attributes as feedparser has them, by their names in lower case.

    Raises Unusual for those by which an element says more than its name, unless they are allowed.
    """
    items = element.items()
    if not items:
        return _NOTHING
    if len(items) > _MOST_ATTRIBUTES:
        raise Unusual
    stated: dict[str, str] = {}
    for raw, value in items:
        name, known = raw.lower(), ""
        if name.startswith("{"):
            space, _, name = name[1:].rpartition("}")
            known = SPACES.get(space, "")
        if name in stated or (name in SAYING and name not in allowed):
            raise Unusual
        if name in _IN_LOWER_CASE:
            value = value.lower() or value  # noqa: PLW2901 - as it is meant
        stated[name] = value
        if known:
            stated[f"{known}:{name}"] = value
    return stated


def text_of(element: Element) -> str:
    """Its text before anything else in it, stripped."""
    text = element.text
    return text.strip() if text else ""


def leaf(element: Element) -> tuple[Mapping[str, str], str]:
    """The attributes and the text of an element that has nothing else. Raises Unusual."""
    if len(element):
        raise Unusual
    text = element.text
    return attributes_of(element, _LANG), text.strip() if text else ""


def bare(element: Element) -> str:
    """The text of an element that has nothing else: feedparser keeps the attributes instead. Raises Unusual."""
    if len(element) or element.items():
        raise Unusual
    return mended(text_of(element))


def mended(text: str) -> str:
    """Text as feedparser mends what was encoded twice, or by Windows."""
    if text.isascii():
        return text
    if not _BEYOND_LATIN.search(text):
        with suppress(UnicodeError):
            text = text.encode("iso-8859-1").decode("utf-8")
    # What can be printed is none of those, and is known as such at once.
    return text if text.isprintable() or not _WINDOWS.search(text) else text.translate(_cp1252)
