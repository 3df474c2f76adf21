"""Tags taken out of markup that is too simple to need a tree: what most feeds send, at a tenth of the price.

A tree parser matters where it would move or hide text: tables, forms, scripts, foreign elements, unquoted attributes,
broken tags, odd references. Whoever finds any of that here gets no answer, and asks the tree.
"""

import re
from collections.abc import Sequence

_BLOCK = (
    "address|article|aside|blockquote|br|center|dd|div|dl|dt|figcaption|figure|footer|h[1-6]|header|hr|li|main|nav|ol|p|"
    "section|ul"
)
_INLINE = "a|abbr|b|cite|code|del|em|font|i|img|ins|kbd|mark|q|s|small|span|strike|strong|sub|sup|time|tt|u|var"
_ATTRIBUTES = r"""(?: [A-Za-z][\w:.-]*(?:="[^"<>\x01]*"|='[^'<>\x01]*')?)*+ ?/?"""
_BLOCK_TAG = re.compile(rf"<(/?)({_BLOCK}){_ATTRIBUTES}>", re.IGNORECASE | re.ASCII)
_INLINE_TAG = re.compile(rf"</?(?:{_INLINE}){_ATTRIBUTES}>", re.IGNORECASE | re.ASCII)
_ODD_REFERENCE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|nbsp|#39|#8[2-9][0-9]{2});)")

_WAS_BLOCK, _WAS_INLINE = "\x01", "\x02"
"""Stand where tags were until all is known to be simple, lest `<i<p>>` becomes a tag, or `&am<b>p;` a reference."""


def without_simple_tags(html: str) -> str | None:
    """Return `html` without tags, each block a line end, references as they are; None where only a tree can tell.

    Takes markup without control characters, all white space of which is single blanks.
    """
    tags = _BLOCK_TAG.findall(html)
    if not _are_nested(tags):
        return None
    text, blocks = _BLOCK_TAG.subn(_WAS_BLOCK, html)
    text, inlines = _INLINE_TAG.subn(_WAS_INLINE, text)
    if blocks + inlines != html.count("<") or _ODD_REFERENCE.search(text):
        return None
    return text.replace(_WAS_INLINE, "").replace(_WAS_BLOCK, "\n")


_VOID = frozenset({"br", "hr"})
_ITEMS = frozenset({"li", "dd", "dt"})
_LISTS = frozenset({"ul", "ol", "dl"})
_ENDED_BY_BLOCKS = re.compile(r"p|h[1-6]")


def _are_nested(tags: Sequence[tuple[str, str]]) -> bool:
    """Whether every closing tag closes the block opened last, and no tag closes one that it does not name."""
    open_blocks: list[str] = []
    for slash, tag in tags:
        name = tag.lower()
        last = open_blocks[-1] if open_blocks else ""
        if slash:
            if name != last:
                return False
            open_blocks.pop()
        elif name == "br":
            continue
        elif _ENDED_BY_BLOCKS.fullmatch(last) or (name in _ITEMS and last not in _LISTS):
            return False
        elif name not in _VOID:
            open_blocks.append(name)
    return True
