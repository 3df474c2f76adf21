"""What is wrong with so many feeds that it must not stop an XML parser, mended; and what is refused outright.

Mending before parsing keeps a document whole: feedparser's loose parser, which takes over after any XML error, cannot
tell a document that was broken off from one with a bare `&` in it.
"""

import re
from html.entities import html5

DECLARATION = "<?xml version='1.0' encoding='utf-8'?>"
"""as feedparser writes it; without one it would begin a line, and count it"""

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DECLARATION = re.compile(r"<\?xml\b[^>]*\?>")
_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(?:rss|feed|rdf|channel)\b", re.IGNORECASE)
_AMPERSAND = re.compile(
    r"<!\[CDATA\[(?:[^\]]++|\](?!\]>))*+(?:\]\]>)?"  # taken whole: markup characters are free in there
    r"|<!--(?:[^-]++|-(?!->))*+(?:-->)?"
    r"|&(?!(?:amp|lt|gt|quot|apos);)(?:#(?:[xX]([0-9A-Fa-f]{1,8})|([0-9]{1,8}));|([A-Za-z][A-Za-z0-9]{0,31});)?",
    re.DOTALL,
)
_LAST_CODE_POINT = 0x10FFFF


def looks_like_feed(text: str) -> bool:
    """Whether an element that feeds begin with stands anywhere; spares us from parsing web pages."""
    return _ROOT.search(text) is not None


def mended(text: str) -> str:
    """The document as XML can take it: declared as UTF-8, nothing before that, no illegal characters or references."""
    text = _ILLEGAL.sub("", text).lstrip()
    declaration = _DECLARATION.match(text)
    # Declared first, so that no more than two copies of a large document exist at once.
    text = DECLARATION + (text if declaration is None else text[declaration.end() :])
    return _AMPERSAND.sub(_reference, text)


def declares_entities(text: str) -> bool:
    """Whether an `<!ENTITY` stands before the root element.

    The prolog is walked, not searched: in the body the same words are an article about XML, and a comment before
    the declaration must not pass for the root.
    """
    at = 0
    while (opened := text.find("<", at)) >= 0:
        for start, end in (("<!--", "-->"), ("<?", "?>")):
            if text.startswith(start, opened):
                closed = text.find(end, opened + len(start))
                if closed < 0:
                    return False
                at = closed + len(end)
                break
        else:
            head = text[opened : opened + 9].upper()
            if head.startswith("<!ENTITY"):
                return True
            if head != "<!DOCTYPE":
                return False
            bracket, closed = text.find("[", opened), text.find(">", opened)
            if 0 <= bracket < closed:
                # An internal subset: everything up to its end, and we do not trust ourselves to find that.
                return "<!ENTITY" in text[bracket:].upper()
            at = closed + 1 if closed >= 0 else len(text)
    return False


def _reference(match: re.Match[str]) -> str:
    """One CDATA section or comment as it is, or one reference as XML can read it."""
    whole = match[0]
    if not whole.startswith("&"):
        return whole
    hexadecimal, decimal, name = match[1], match[2], match[3]
    if name is not None:
        characters = html5.get(name + ";")
        return "&amp;" + whole[1:] if characters is None else "".join(f"&#{ord(one)};" for one in characters)
    if hexadecimal is None and decimal is None:
        return "&amp;"
    code = int(hexadecimal, 16) if hexadecimal is not None else int(decimal)
    if code > _LAST_CODE_POINT or _ILLEGAL.match(chr(code)):
        return ""
    return whole
