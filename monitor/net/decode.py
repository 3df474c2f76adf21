"""Bounded reading of a body: the wire becomes bytes in steps, and never more than the caps allow."""

import zlib
from collections.abc import Iterator
from typing import Protocol

WIRE_LIMIT_BYTES = 5_000_000
BODY_LIMIT_BYTES = 20_000_000
STEP_BYTES = 65_536
MEMBERS_LIMIT = 1_000
"""gzip members in one body: each costs a copy of what follows it, so many empty ones would be quadratic"""

_NO_CODINGS = frozenset(
    ("identity", "none", "binary", "8bit", "utf-8", "utf8", "iso-8859-1", "windows-1251", "windows-1252")
)
"""what stands in Content-Encoding of documents that are not coded: programs are told to write their charset there"""
_GZIP_WINDOW = 31
_ZLIB_WINDOW = 15
_RAW_WINDOW = -15


class BadBody(Exception):
    """The body cannot be used; the text says why. Never leaves this room."""


class Decoder(Protocol):
    """One content coding."""

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """What this much of the wire decodes to, in pieces of at most `STEP_BYTES`. Raises BadBody."""
        ...

    def finish(self) -> None:
        """Raise BadBody where the coded stream is not complete."""
        ...


class Body:
    """Collects one body within the caps."""

    def __init__(
        self,
        content_encoding: str,
        *,
        wire_limit: int = WIRE_LIMIT_BYTES,
        body_limit: int = BODY_LIMIT_BYTES,
    ) -> None:
        """Choose the decoder. Raises BadBody for stacked or unknown codings."""
        self._decoder = _decoder(content_encoding)
        self._wire_limit = wire_limit
        self._body_limit = body_limit
        self._wire_bytes = 0
        self._body = bytearray()

    def feed(self, chunk: bytes) -> Iterator[None]:
        """Take what the wire brought; stops after each step, so that a caller may let others run."""
        self._wire_bytes += len(chunk)
        if self._wire_bytes > self._wire_limit:
            raise BadBody(f"the answer is larger than {self._wire_limit:,} bytes")
        for start in range(0, len(chunk), STEP_BYTES):
            for piece in self._decoder.feed(chunk[start : start + STEP_BYTES]):
                if len(self._body) + len(piece) > self._body_limit:
                    raise BadBody(f"the answer is larger than {self._body_limit:,} bytes when decompressed")
                self._body += piece
                yield

    def finish(self) -> bytes:
        """The complete body. Raises BadBody where it was broken off."""
        self._decoder.finish()
        return bytes(self._body)


class _Identity:
    """No coding at all."""

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """The chunk itself."""
        yield chunk

    def finish(self) -> None:
        """Nothing to check: aiohttp has compared the length."""


class _Gzip:
    """RFC 1952, members one after another allowed; zeros after the last one are padding."""

    def __init__(self) -> None:
        self._inflater = zlib.decompressobj(_GZIP_WINDOW)
        self._members = 1
        self._is_between = False

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Inflate, starting a new member where one ended."""
        rest = chunk
        while rest:
            if self._is_between:
                rest = rest.lstrip(b"\0")
                if not rest:
                    return
                self._next_member()
            yield from _inflate(self._inflater, rest)
            self._is_between = self._inflater.eof
            rest = self._inflater.unused_data if self._inflater.eof else b""

    def finish(self) -> None:
        """The last member must be whole: its checksum is then right too."""
        if not self._inflater.eof:
            raise BadBody("the gzip stream is broken off")

    def _next_member(self) -> None:
        self._members += 1
        if self._members > MEMBERS_LIMIT:
            raise BadBody(f"the gzip stream has more than {MEMBERS_LIMIT:,} members")
        self._inflater = zlib.decompressobj(_GZIP_WINDOW)
        self._is_between = False


class _Deflate:
    """RFC 9110 says zlib; servers that send raw deflate are told by the first two bytes."""

    def __init__(self) -> None:
        self._head = b""
        self._inflater: zlib._Decompress | None = None

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Inflate; what follows the end is ignored."""
        if self._inflater is None:
            self._head += chunk
            if len(self._head) < 2:  # noqa: PLR2004 - a zlib header is two bytes
                return
            window = _ZLIB_WINDOW if _is_zlib(self._head) else _RAW_WINDOW
            self._inflater = zlib.decompressobj(window)
            chunk, self._head = self._head, b""
        if not self._inflater.eof:
            yield from _inflate(self._inflater, chunk)

    def finish(self) -> None:
        """The stream must have come to its end."""
        if self._inflater is None or not self._inflater.eof:
            raise BadBody("the deflate stream is broken off")


def _decoder(content_encoding: str) -> Decoder:
    codings = [coding for part in content_encoding.split(",") if (coding := part.strip().lower())]
    applied = [coding for coding in codings if coding not in _NO_CODINGS]
    if not applied:
        return _Identity()
    if len(applied) > 1:
        raise BadBody("the answer is compressed more than once")
    if applied[0] in {"gzip", "x-gzip"}:
        return _Gzip()
    if applied[0] == "deflate":
        return _Deflate()
    raise BadBody("the answer is in a content coding that was not asked for")


def _inflate(inflater: "zlib._Decompress", chunk: bytes) -> Iterator[bytes]:
    """Decompress in steps: one call would expand 64 kB to 64 MB at once."""
    rest = chunk
    while True:
        try:
            piece = inflater.decompress(rest, STEP_BYTES)
        except zlib.error as error:
            raise BadBody("the compressed stream is damaged") from error
        if piece:
            yield piece
        rest = inflater.unconsumed_tail
        # A full piece may leave output inside zlib although all input is taken.
        if inflater.eof or (not rest and len(piece) < STEP_BYTES):
            return


def _is_zlib(head: bytes) -> bool:
    """RFC 1950: method 8, and the two bytes are a multiple of 31."""
    return head[0] & 0x0F == zlib.DEFLATED and (head[0] << 8 | head[1]) % 31 == 0
