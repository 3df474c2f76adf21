"""A document cut into its entries, without parsing it, so that only those that are new need to be parsed.

One scan finds `<item>…</item>` or `<entry>…</entry>` outside comments and CDATA sections. What stands before the first
and behind the last is the frame: an entry's meaning depends on it (namespaces, xml:base, the feed's language, site and
authors), but not on the dates and comments in it, which change with every document. What is left when known entries
are taken out is a feed of its own, with the rest of the entries as they were.

Whatever is out of the ordinary is not cut at all, and then parsed whole: entries within entries or something else
between them, declarations, processing instructions among the entries, characters that XML forbids, one prefix for two
namespaces, anything that does not end. That a document is well-formed is not seen here: who takes what was cut out for
known has seen it before, under the same frame, in a document that was.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise

from monitor import __version__
from monitor.feeds.charset import CharsetRefused, decode
from monitor.feeds.fields import ENTRIES_LIMIT
from monitor.feeds.jsonfeed import looks_like_json

LARGEST_BYTES = 8_000_000
"""of a document that is cut; a longer one is parsed whole, by who can be killed"""
_DIGEST_BYTES = 12
_NAMESPACES = 100
"""of one document; the parser counts no more than twice as many, and what it counts must not depend on the slices"""

_LARGE_BYTES = 100_000
_DENSEST = 16
"""bytes for each `<` in a large document; real ones have twenty and more, and each is looked at"""
_TOKEN = re.compile(rb"<(?:!(?:--|\[CDATA\[)?|\?|(/?)((?:[A-Za-z_][\w.-]{0,60}+:)?+(?:item|entry))(?=[\s/>]))")
_COMMENT = re.compile(rb"<!--(?:[^-]++|-(?!-))*+-->")
_CHANGING = re.compile(
    rb"<!--(?:[^-]++|-(?!-))*+-->"
    rb"|<((?:[A-Za-z_][\w.-]{0,60}:)?(?:lastBuildDate|pubDate|updated|modified|date))>[^<&]{0,100}</\1>"
    rb"|<rdf:li\s{1,9}(?:rdf:)?resource=\"[^\"<]{0,4000}\"\s{0,9}/>\s{0,99}"  # RSS 1.0 lists its entries beforehand
)
_PREFIX = re.compile(rb"xmlns:([\w.-]{1,60})\s*=\s*[\"']([^\"'<]*)")
_CONTROLS = bytes(byte for byte in range(0x20) if byte not in b"\t\n\r")
_MARK = b"\xef\xbb\xbf"
"""says that what follows is UTF-8, whatever else says what"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sliced:
    """A document that was cut."""

    document: bytes
    """in UTF-8"""
    frame: bytes
    """digest of all that its entries inherit, and of how they are read"""
    digests: tuple[bytes, ...]
    """of each entry, in their order"""
    spans: tuple[tuple[int, int], ...]

    def whole(self) -> bytes:
        """All of the document, whose charset nobody needs to find out again."""
        return _MARK + self.document

    def without(self, known: Collection[bytes]) -> bytes:
        """The document without the entries whose digests are known, to be parsed like any other."""
        if not self.spans:
            return _MARK + self.document
        kept = (
            self.document[start:end]
            for digest, (start, end) in zip(self.digests, self.spans, strict=True)
            if digest not in known
        )
        head, tail = self.document[: self.spans[0][0]], self.document[self.spans[-1][1] :]
        return b"".join((_MARK, head, *kept, tail))


def cut(body: bytes, *, content_type: str, url: str) -> Sliced | None:
    """The document that was found at `url`, cut into its entries; None where that is not to be trusted. Never raises.

    Takes some 5 ms for a megabyte, and 50 ms at most, whatever stands in it.
    """
    document = _document(body, content_type)
    spans = None if document is None else _spans(document)
    if document is None or not spans:
        return None
    between = (document[end:start].strip() for (_, end), (start, _) in pairwise(spans))
    if any(_COMMENT.sub(b"", one).strip() for one in between if one):
        return None
    if not _has_steady_prefixes(document):
        return None
    return Sliced(
        document=document,
        frame=_frame(document, spans, url),
        digests=tuple(blake2b(document[start:end], digest_size=_DIGEST_BYTES).digest() for start, end in spans),
        spans=spans,
    )


def _document(body: bytes, content_type: str) -> bytes | None:
    """In UTF-8; None where it is too long, no XML, hardly text, or has characters that would be taken out of it."""
    if len(body) > LARGEST_BYTES:
        return None
    try:
        text = decode(body, content_type)
        document = text.encode("utf-8")
    except (CharsetRefused, UnicodeEncodeError):
        return None
    if "\ufffe" in text or "\uffff" in text:
        return None
    if looks_like_json(text) or len(document.translate(None, _CONTROLS)) != len(document):
        return None
    if len(document) > _LARGE_BYTES and document.count(b"<") * _DENSEST > len(document):
        return None
    return document


def _spans(document: bytes) -> tuple[tuple[int, int], ...] | None:
    """Where each entry begins and ends; there are no more than are read of a document."""
    spans: list[tuple[int, int]] = []
    name, began, at = b"", -1, 0
    while len(spans) <= ENTRIES_LIMIT and (token := _TOKEN.search(document, at)) is not None:
        at = token.end()
        match token[0]:
            case b"<!--":
                at = _behind(document, b"-->", at)
            case b"<![CDATA[":
                at = _behind(document, b"]]>", at)
            case b"<?":
                # Before the entries it is the declaration of XML or of a style sheet.
                at = -1 if spans or began >= 0 else _behind(document, b"?>", at)
            case b"<!":
                at = -1
            case _ if name not in (b"", token[2]):
                at = -1
            case _ if token[1]:
                at = document.find(b">", at) + 1 or -1
                if began < 0 or at < 0 or document[token.end() : at - 1].strip():
                    return None
                spans.append((began, at))
                began = -1
            case _:
                at = at if began < 0 else -1
                name, began = token[2], token.start()
        if at < 0:
            return None
    return None if began >= 0 or len(spans) > ENTRIES_LIMIT else tuple(spans)


def _behind(document: bytes, closer: bytes, at: int) -> int:
    found = document.find(closer, at)
    return -1 if found < 0 else found + len(closer)


def _has_steady_prefixes(document: bytes) -> bool:
    """Whether each prefix means one namespace throughout: the parser remembers the last one beyond its element."""
    declared = set(_PREFIX.findall(document))
    return len({prefix for prefix, _ in declared}) == len(declared) <= _NAMESPACES


def _frame(document: bytes, spans: tuple[tuple[int, int], ...], url: str) -> bytes:
    digest = blake2b(digest_size=_DIGEST_BYTES)
    # Another version of the program may read the same bytes otherwise.
    for part in (__version__.encode(), url.encode("utf-8", "surrogatepass"), *_frame_parts(document, spans)):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.digest()


def _frame_parts(document: bytes, spans: tuple[tuple[int, int], ...]) -> Iterator[bytes]:
    for part in (document[: spans[0][0]], document[spans[-1][1] :]):
        yield _CHANGING.sub(b"", part).strip()
