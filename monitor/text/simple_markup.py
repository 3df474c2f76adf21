"""Tags taken out of markup that is too simple to need a tree: what most feeds send, at a tenth of the price.

A tree parser matters where it would move or hide text: tables, forms, scripts, foreign elements, broken tags, odd
references. Whoever finds any of that here gets no answer, and asks the tree.
"""

import re
from html.entities import html5

_BLOCK_NAMES = (
    "address article aside blockquote br center dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li "
    "main nav ol p pre section ul"
)
_INLINE_NAMES = "a abbr b cite code del em font i img ins kbd mark q s small span strike strong sub sup time tt u var"
_BLOCKS, _INLINE = frozenset(_BLOCK_NAMES.split()), frozenset(_INLINE_NAMES.split())
_ATTRIBUTE = r"""[A-Za-z][\w:.-]*(?:="[^"<>]*"|='[^'<>]*'|=[\w.:/?#%;,+-]+)?"""
_TAG = re.compile(
    rf"<(?:(/?)([A-Za-z][A-Za-z0-9]*)(?: {_ATTRIBUTE})*+ ?/?>|!--(?:[^<>-]++|-(?!-))*+-->)",
    re.ASCII,
)
"""a tag, or a comment, which has no name"""
_REFERENCE = re.compile(r"&(#[0-9]{2,4};|[A-Za-z][A-Za-z0-9]{1,31};)?")
_SPECIAL = range(127, 160)
"""what refers to these is read as if Windows had written it, or is a mistake"""
_WAS_TAG = "\x01"
"""Stands where a tag was while references are looked at, lest `&am<b>p;` becomes one."""


def without_simple_tags(html: str) -> str | None:
    """Return `html` without tags, each block a line end, references as they are; None where only a tree can tell.

    Takes markup without control characters, all white space of which is single blanks.
    """
    parts = _TAG.split(html)
    if html.count("<") * 3 != len(parts) - 1:
        return None
    if "&" in html and any(map(_is_odd, set(_REFERENCE.findall(_WAS_TAG.join(parts[::3]))))):
        return None
    rest = iter(parts)
    pieces = [next(rest)]
    open_blocks: list[str] = []
    for slash, name, text in zip(rest, rest, rest, strict=True):
        if name is not None and name not in _INLINE:
            lower = name.lower()
            if lower in _BLOCKS:
                if not _is_nested(lower, open_blocks, is_end=slash != ""):
                    return None
                pieces.append("\n")
            elif lower not in _INLINE:
                return None
        pieces.append(text)
    return "".join(pieces)


def _is_odd(reference: str) -> bool:
    """Whether what follows an `&` is no reference, or not one that everybody takes for the same character."""
    if reference.startswith("#"):
        code = int(reference[1:-1])
        return code < ord(" ") or code in _SPECIAL
    return reference not in html5


_VOID = frozenset({"br", "hr"})
_ITEMS = frozenset({"li", "dd", "dt"})
_LISTS = frozenset({"ul", "ol", "dl"})
_ENDED_BY_BLOCKS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6"})


def _is_nested(name: str, open_blocks: list[str], *, is_end: bool) -> bool:
    """Whether the tag closes the block opened last, or opens one without closing another; keeps account of those."""
    last = open_blocks[-1] if open_blocks else ""
    if is_end:
        if name != last:
            return False
        open_blocks.pop()
    elif name != "br":
        if last in _ENDED_BY_BLOCKS or (name in _ITEMS and last not in _LISTS):
            return False
        if name not in _VOID:
            open_blocks.append(name)
    return True
