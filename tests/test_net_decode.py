"""Bounded decompression."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.net.decode import STEP_BYTES, BadBody, Body


def decoded(coding: str, chunks: list[bytes], *, wire_limit: int = 10**6, body_limit: int = 10**6) -> bytes:
    """The whole body, fed in chunks."""
    body = Body(coding, wire_limit=wire_limit, body_limit=body_limit)
    for chunk in chunks:
        for _ in body.feed(chunk):
            pass
    return body.finish()


@given(st.binary(max_size=5_000), st.integers(1, 700), st.sampled_from(["", "gzip", "deflate", "raw"]))
def test_any_body_survives_any_chunking(data: bytes, size: int, coding: str) -> None:
    """Where chunks are cut does not matter."""
    coded = {
        "": data,
        "gzip": gzip.compress(data),
        "deflate": zlib.compress(data),
        "raw": zlib.compress(data, wbits=-15),
    }[coding]
    chunks = [coded[start : start + size] for start in range(0, len(coded), size)]
    assert decoded("deflate" if coding == "raw" else coding, chunks) == data


@given(st.binary(min_size=1, max_size=3_000), st.sampled_from(["gzip", "deflate"]), st.data())
def test_a_cut_stream_is_never_taken_for_whole(data: bytes, coding: str, draw: st.DataObject) -> None:
    """Every proper beginning of a stream is refused."""
    coded = gzip.compress(data) if coding == "gzip" else zlib.compress(data)
    cut = draw.draw(st.integers(0, len(coded) - 1))
    with pytest.raises(BadBody):
        decoded(coding, [coded[:cut]])


@given(st.binary(max_size=2_000), st.sampled_from(["gzip", "deflate"]))
def test_garbage_is_refused_or_read_and_never_crashes(data: bytes, coding: str) -> None:
    """Whatever comes, the only exception is ours."""
    try:
        decoded(coding, [data])
    except BadBody:
        return


@pytest.mark.parametrize("name", ["identity", "none", "UTF-8", "utf8, identity", "windows-1251"])
def test_a_charset_is_no_coding(name: str) -> None:
    """It is written there by mistake, browsers read such documents, and their bytes are as they were."""
    assert decoded(name, [b"the heron"]) == b"the heron"
    assert decoded(f"{name}, gzip", [gzip.compress(b"the heron")]) == b"the heron"
    with pytest.raises(BadBody, match="not asked for"):
        decoded(f"{name}, br", [b"the heron"])


def test_both_caps_hold_exactly() -> None:
    """At the cap is fine, one byte more is not."""
    assert len(decoded("", [b"x" * 100], wire_limit=100)) == 100
    with pytest.raises(BadBody, match="larger than 100 bytes"):
        decoded("", [b"x" * 60, b"x" * 41], wire_limit=100)
    coded = gzip.compress(b"x" * 1_000)
    assert len(decoded("gzip", [coded], body_limit=1_000)) == 1_000
    with pytest.raises(BadBody, match="larger than 999 bytes when decompressed"):
        decoded("gzip", [coded], body_limit=999)


def test_a_step_is_never_larger_than_it_promises() -> None:
    """64 kB at a time, however strong the compression."""
    body = Body("gzip")
    sizes, before = [], 0
    for _ in body.feed(gzip.compress(b"\0" * 3_000_000)):
        sizes.append(len(body._body) - before)  # the collected bytes are all there is to measure
        before = len(body._body)
    assert max(sizes) <= STEP_BYTES
    assert len(body.finish()) == 3_000_000


def test_a_wrong_checksum_is_refused() -> None:
    """The stream ends well, but its contents were changed on the way."""
    coded = bytearray(gzip.compress(b"the heron is back"))
    coded[-6] ^= 0xFF
    with pytest.raises(BadBody, match="damaged"):
        decoded("gzip", [bytes(coded)])
