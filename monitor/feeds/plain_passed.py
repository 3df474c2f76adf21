"""Elements of a plain document that are passed over: they change nothing of what is read, or are refused."""

from xml.etree.ElementTree import Element

from monitor.feeds.plain_elements import attributes_of
from monitor.feeds.plain_names import SAYING, TELLING, Unusual
from monitor.feeds.plain_spaces import Spaces

HARMLESS = SAYING - {"base"}
"""attributes that say nothing of what is passed over"""


def pass_over(element: Element) -> None:
    """One that may have text alone. Raises Unusual."""
    if len(element):
        raise Unusual
    attributes_of(element, HARMLESS)


def pass_over_parts(element: Element, parts: frozenset[str], spaces: Spaces) -> None:
    """One that may have these within, and nothing within these but more of the same. Raises Unusual."""
    attributes_of(element, HARMLESS)
    for part in element:
        name = spaces.named(part.tag)
        if name not in parts or (len(part) and name != "itunes_category"):
            raise Unusual
        pass_over_parts(part, parts, spaces)


def pass_over_unknown(element: Element, spaces: Spaces) -> None:
    """One that feedparser does not know, with whatever it does not know either. Raises Unusual."""
    attributes_of(element, HARMLESS)
    if len(element):
        for part in element.iter():
            attributes_of(part, HARMLESS)
            if spaces.named(part.tag) in TELLING:
                raise Unusual
