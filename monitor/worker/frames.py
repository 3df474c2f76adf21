"""The frames on a worker's pipes: two lengths, a JSON object, and raw bytes. JSON, because unpickling runs code."""

import json
import struct
from collections.abc import Mapping

HEAD = struct.Struct(">II")
"""length of the JSON object, length of the bytes after it"""
REPLY_LIMIT_BYTES = 32_000_000
"""of JSON that a worker may answer with: half as much again as the largest document; its parent must hold it twice"""


class BadFrame(Exception):
    """The other side sent what is no frame. Never leaves this room."""


def encode(meta: Mapping[str, object], payload: bytes = b"") -> bytes:
    """One frame. Raises ValueError or TypeError for what JSON cannot say."""
    return head(meta, len(payload)) + payload


def head(meta: Mapping[str, object], payload_length: int) -> bytes:
    """A frame up to its payload, which follows. Raises as `encode`."""
    text = json.dumps(meta, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    encoded = text.encode("utf-8", "surrogatepass")  # as json.loads decodes
    return HEAD.pack(len(encoded), payload_length) + encoded


def read_object(text: bytes) -> dict[str, object]:
    """The JSON object in a frame. Raises BadFrame."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadFrame("it is not JSON") from error
    if not isinstance(value, dict):
        raise BadFrame("it is not a JSON object")
    return value
