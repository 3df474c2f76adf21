"""Bytes of a document to text: from an allow-list of charsets, and without feedparser's guessing.

feedparser tries charsets until one does not fail, so that one bad byte turns a whole UTF-8 document into Windows-1252.
"""

import codecs
import re

_FAMILIES = {
    "utf-8": ("utf-8", "ascii"),
    "wide": ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"),
    "western": ("cp1252", "iso8859-15", "mac-roman"),
    "iso": tuple(f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 16)),
    "windows": tuple(f"cp{page}" for page in (437, 850, 866, 874, 1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258)),
    "cyrillic": ("koi8-r", "koi8-u", "mac-cyrillic"),
    "chinese": ("gb18030", "big5", "big5hkscs"),
    "japanese": ("euc_jp", "shift_jis", "cp932", "iso2022_jp"),
    "korean": ("euc_kr", "cp949"),
    "thai": ("tis-620",),
}
ALLOWED = frozenset(codecs.lookup(name).name for family in _FAMILIES.values() for name in family)

_WIDER = {"iso8859-1": "cp1252", "ascii": "utf-8", "gb2312": "gb18030", "gbk": "gb18030"}
"""supersets: documents that claim the smaller one use the larger one's characters"""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OPENINGS = (
    (b"\x3c\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00\x3c", "utf-32-be"),
    (b"\x3c\x00", "utf-16-le"),
    (b"\x00\x3c", "utf-16-be"),
)
_XML_DECLARATION = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_HTTP_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_DECLARATION_BYTES = 1_000
_REPLACEMENT = "\ufffd"
_BYTES = {sign: byte for byte in range(0x80, 0xA0) if (sign := bytes([byte]).decode("cp1252", "ignore"))}
_AFTER = re.escape("".join(_BYTES)) + "\x80-\xbf"
_BEGUN = re.compile(f"[\xc2-\xf4][{_AFTER}]")
"""how each such sequence begins; looked for first, at a tenth of the cost"""
_TWICE = re.compile(f"[\xc2-\xdf][{_AFTER}]|[\xe0-\xef][{_AFTER}]{{2}}|[\xf0-\xf4][{_AFTER}]{{3}}")
"""a character of UTF-8 whose bytes were taken for characters"""
_BEGINNING = b"\xc3"
"""the first byte of every such sequence in UTF-8; a script without accents has none, and needs no search"""
_TWICE_LEAST = 3
_TWICE_SHARE = 0.9
_LONGEST_TWICE = 4
_CUT_BYTES = 3
"""a character of four bytes may be cut after three"""


class CharsetRefused(Exception):
    """The document states a charset that is not accepted; the text names it. Never leaves this room."""


def decode(body: bytes, content_type: str) -> str:
    """The document as text, without its byte order mark. Raises CharsetRefused.

    A byte order mark decides; then bytes that are valid UTF-8, whatever is said of them (servers add the charset of
    their configuration); then HTTP, the XML declaration, and UTF-8.
    """
    for mark, charset in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(charset, "replace")
    for opening, charset in _OPENINGS:
        if body.startswith(opening):
            return body.decode(charset, "replace")
    stated = _stated(body, content_type)
    if (valid := _as_utf8(body)) is not None:
        return valid if body.count(_BEGINNING) < _TWICE_LEAST else encoded_once(valid)
    if stated[:1] not in ((), ("utf-8",)):
        return body.decode(stated[0], "replace")
    text = body.decode("utf-8", "replace")
    bad = text.count(_REPLACEMENT)
    if bad and bad > _beyond_ascii(text) - bad:
        # It was never UTF-8: servers say so of all they have. What the document says of itself may be right.
        return body.decode(next((charset for charset in stated if charset != "utf-8"), "cp1252"), "replace")
    return text


def encoded_once(text: str) -> str:
    """The text, or what it was before UTF-8 was taken for Windows-1252 and encoded again: `Ã¼ber` is `über`.

    Only where nearly all that is not ASCII comes in such sequences; a text in which `É»` ends a quotation has others.
    """
    if text.isascii():
        return text
    beyond = _beyond_ascii(text)
    if len(_BEGUN.findall(text)) * _LONGEST_TWICE < beyond * _TWICE_SHARE:
        return text
    found = _TWICE.findall(text)
    if len(found) < _TWICE_LEAST or sum(map(len, found)) < beyond * _TWICE_SHARE:
        return text
    decoded = {sequence: _decoded_again(sequence) for sequence in set(found)}
    return _TWICE.sub(lambda sequence: decoded[sequence[0]], text)


def _decoded_again(sequence: str) -> str:
    try:
        return bytes(_BYTES.get(sign, ord(sign) & 0xFF) for sign in sequence).decode("utf-8")
    except UnicodeDecodeError:
        return sequence


def _beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _stated(body: bytes, content_type: str) -> tuple[str, ...]:
    """The charsets stated, first the one that counts, by their Python names. A name that nobody knows says nothing."""
    in_http = _HTTP_CHARSET.search(content_type)
    in_document = _XML_DECLARATION.match(body[:_DECLARATION_BYTES])
    names = [in_http[1] if in_http else "", in_document[1].decode("ascii") if in_document else ""]
    found: list[str] = []
    for name in filter(None, names):
        try:
            known = codecs.lookup(name).name
        except (LookupError, ValueError):
            continue
        charset = _WIDER.get(known, known)
        if charset not in ALLOWED:
            if found:
                continue
            raise CharsetRefused(f"the charset {name} is not accepted")
        # A document that could be read as ASCII so far cannot be in a wide charset.
        if not charset.startswith(("utf-16", "utf-32")):
            found.append(charset)
    return tuple(found)


def _as_utf8(body: bytes) -> str | None:
    """As text where it is valid, but for a last character that was cut; None for plain ASCII, which may mean more."""
    if body.isascii() or b"\0" in body:
        return None
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        return body.decode("utf-8", "replace") if error.start >= len(body) - _CUT_BYTES else None
