"""Markup that is not escaped, written as feedparser writes it: what it finds in the tree becomes text again.

Attributes are kept: which of several contents is the longest depends on them. Elements that mean something to
feedparser wherever they stand, such as `<source>`, are too much for us.
"""

from collections.abc import Iterable, Mapping
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from monitor.feeds.plain_names import TELLING, Unusual
from monitor.feeds.plain_spaces import XLINK, Spaces

XHTML = "application/xhtml+xml"
LINKING = "xmlns:xlink"
"""by this name feedparser keeps one declaration among the attributes of the element that has it"""

_DEEPEST = 100
_MOST_ATTRIBUTES = 50
_QUOTES = {'"': "&quot;"}
_XML = "{http://www.w3.org/XML/1998/namespace}"
_LINK = f"{{{XLINK}}}"
_FOREIGN = {"svg": "http://www.w3.org/2000/svg", "math": "http://www.w3.org/1998/Math/MathML"}
_DIVISIONS = frozenset({"div", "xhtml_div"})


def written(element: Element, kind: str, spaces: Spaces, *, is_atom: bool) -> str:
    """What stands in an element of this kind of content, stripped; for Atom 1.0 without the `<div>` round the whole.

    Markup in what says that it is text makes XHTML of it. Raises Unusual.
    """
    pieces: list[str] = []
    before = element.text or ""
    if kind == XHTML:
        before = escape(before)
    elif spaces.named(element[0].tag) in _DIVISIONS or (is_atom and "<" in before):
        raise Unusual  # feedparser loses count of such a <div>, and takes such words for tags
    if before:
        pieces.append(before)
    _write(element, pieces, spaces, 0)
    return "".join(_within_division(pieces) if is_atom else pieces).strip()


def _write(element: Element, pieces: list[str], spaces: Spaces, depth: int) -> None:
    if depth > _DEEPEST:
        raise Unusual
    for child in element:
        tag = child.tag
        name = spaces.named(tag)
        local = tag.rpartition("}")[2].lower()
        if name in TELLING or (local in _FOREIGN and name != local):
            raise Unusual
        attributes = list(child.items())
        if local in _FOREIGN and tag == f"{{{_FOREIGN[local]}}}{local}":
            attributes.insert(0, ("xmlns", _FOREIGN[local]))
        if child.get(LINKING):
            attributes.remove((LINKING, XLINK))
            attributes.insert(0, (LINKING, XLINK))
        pieces.append(f"<{local}{_written_attributes(attributes)}>" if attributes else f"<{local}>")
        if child.text:
            pieces.append(escape(child.text))
        _write(child, pieces, spaces, depth + 1)
        pieces.append(f"</{local}>")
        if child.tail:
            pieces.append(escape(child.tail))


def _written_attributes(attributes: Iterable[tuple[str, str]]) -> str:
    stated: dict[str, str] = {}
    for raw, value in attributes:
        name = raw.replace(_XML, "xml:").replace(_LINK, "xlink:").lower()
        if name.startswith("{") or name in {"base", "xml:base"} or name in stated:
            raise Unusual
        stated[name] = (value.lower() or value) if name in {"rel", "type"} else value
    if len(stated) > _MOST_ATTRIBUTES:
        raise Unusual
    return _joined(stated)


def _joined(stated: Mapping[str, str]) -> str:
    return "".join(f' {name}="{escape(value, _QUOTES)}"' for name, value in stated.items())


def _within_division(pieces: list[str]) -> list[str]:
    """Without the `<div>` round the whole, if there is one."""
    start, end = 0, len(pieces)
    while end - start > 1 and not pieces[end - 1].strip():
        end -= 1
    while end - start > 1 and not pieces[start].strip():
        start += 1
    pieces = pieces[start:end]
    if not pieces or not pieces[0].startswith(("<div>", "<div ")) or pieces[-1] != "</div>":
        return pieces
    depth = 0
    for piece in pieces[:-1]:
        if piece.startswith("</"):
            depth -= 1
            if depth == 0:
                return pieces
        elif piece.startswith("<") and not piece.endswith("/>"):
            depth += 1
    return pieces[1:-1]
