"""What is wrong with so many feeds that it must not stop an XML parser, mended; and what is refused outright.

Mending before parsing keeps a document whole: feedparser's loose parser, which takes over after any XML error, cannot
tell a document that was broken off from one with a bare `&` in it.
"""

import re
from collections.abc import Iterator
from html.entities import html5

DECLARATION = "<?xml version='1.0' encoding='utf-8'?>"
"""as feedparser writes it; without one it would begin a line, and count it"""

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DECLARATION = re.compile(r"<\?xml\b[^>]*\?>")
_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(?:rss|feed|rdf|channel)\b", re.IGNORECASE)
_AMPERSAND = re.compile(
    r"<!\[CDATA\[(?:[^\]]++|\](?!\]>))*+(?:\]\]>)?"  # taken whole: markup characters are free in there
    r"|<!--(?:[^-]++|-(?!->))*+(?:-->)?"
    r"|\]\]>"  # a section within a section has ended before this
    r"|&(?!(?:amp|lt|gt|quot|apos);)(?:#(?:[xX]([0-9A-Fa-f]{1,8})|([0-9]{1,8}));|([A-Za-z][A-Za-z0-9]{0,31});)?",
    re.DOTALL,
)
_CLOSERS = (("<!--", "-->"), ("<?", "?>"), ("<!", ">"))
_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)
_SUBSET_END = re.compile(r"\]\s{0,20}>")
_NAME_START = re.compile(r"[A-Za-z_]")
_LONGEST_UNMENDED = 1_000_000
_LAST_CODE_POINT = 0x10FFFF


def looks_like_feed(text: str) -> bool:
    """Whether an element that feeds begin with stands anywhere; spares us from parsing web pages."""
    return _ROOT.search(text) is not None


def unmended(text: str) -> str | None:
    """The document with the prolog that `mended` would give it, and nothing else changed; None where that is in doubt.

    Whoever can parse it need not mend it: what `mended` would change stops an XML parser, or means the same. It is
    another copy of the document, so that none is made of a long one.
    """
    if len(text) > _LONGEST_UNMENDED:
        return None
    start = len(text) - len(text.lstrip())
    root = _root_of(text)
    if root is None or _ILLEGAL.search(text, 0, root):
        return None
    return DECLARATION + "\n" * text.count("\n", start, root) + text[root:]


def mended(text: str) -> str:
    """The document as XML can take it: declared as UTF-8, then its root, no illegal characters or references.

    The lines of a prolog stay, so that a line number means the same; nothing else of it does: a DOCTYPE tells a feed
    reader nothing, and feedparser's own way to be rid of it takes minutes for a long one.
    """
    text = _ILLEGAL.sub("", text).lstrip()
    root = _root_of(text)
    # Declared first, so that no more than two copies of a large document exist at once.
    if root is not None:
        text = DECLARATION + "\n" * text.count("\n", 0, root) + text[root:]
    else:
        declaration = _DECLARATION.match(text)
        text = DECLARATION + (text if declaration is None else text[declaration.end() :])
    return _AMPERSAND.sub(_reference, text)


def declares_entities(text: str) -> bool:
    """Whether an `<!ENTITY` stands before the root element."""
    return any(_ENTITY.search(declaration) for declaration in _declarations(text))


def names_netscape(text: str) -> bool:
    """Whether a DOCTYPE says RSS 0.91 as Netscape defined it."""
    return any("netscape" in declaration.lower() for declaration in _declarations(text))


def _declarations(text: str) -> Iterator[str]:
    """Each `<!…>` before the root element."""
    spans = _prolog(text)
    return (
        text[start:end] for start, end in spans if text.startswith("<!", start) and not text.startswith("<!--", start)
    )


def _root_of(text: str) -> int | None:
    """Where the root element begins; None where something is never closed before it, or nothing begins."""
    end = max((end for _, end in _prolog(text)), default=0)
    root = text.find("<", end)
    return root if root >= 0 and _NAME_START.match(text, root + 1) else None


def _prolog(text: str) -> Iterator[tuple[int, int]]:
    """Where each comment, instruction and declaration before the root element begins and ends.

    The prolog is walked, not searched: in the body the same words are an article about XML, and a comment before
    a declaration must not pass for the root.
    """
    at, last_entity = 0, None
    while (opened := text.find("<", at)) >= 0:
        closer = next((end for start, end in _CLOSERS if text.startswith(start, opened)), None)
        if closer is None:
            return
        closed = text.find(closer, opened + 2)
        if closer == ">":
            bracket = text.find("[", opened, closed if closed >= 0 else len(text))
            if bracket >= 0:
                if last_entity is None:
                    last_entity = max((match.start() for match in _ENTITY.finditer(text, bracket)), default=-1)
                # An internal subset: where entities may be declared in it, we do not trust ourselves to find its end.
                closed = -1 if last_entity > bracket else _subset_end(text, bracket)
        at = closed + len(closer) if closed >= 0 else len(text)
        yield opened, at


def _subset_end(text: str, bracket: int) -> int:
    """Where the `>` of a DOCTYPE stands whose internal subset begins at `bracket`."""
    end = _SUBSET_END.search(text, bracket)
    return end.end() - 1 if end else -1


def _reference(match: re.Match[str]) -> str:
    """One CDATA section or comment as it is; one reference or lone end of a section as XML can read it."""
    whole = match[0]
    if not whole.startswith("&"):
        return "]]&gt;" if whole == "]]>" else whole
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
