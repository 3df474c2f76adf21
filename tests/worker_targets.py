"""Work that the tests of the worker pool have done, good and bad. Imported by worker processes."""

import os
import signal
import sys
import time
from collections.abc import Callable, Mapping


def behave(request: bytes, meta: Mapping[str, object]) -> dict[str, object]:
    """Do what `meta` says, else echo."""
    what = meta.get("do")
    if isinstance(what, str) and what in _DEEDS:
        return _DEEDS[what]()
    return {"bytes": len(request), "text": request.decode("utf-8", "replace")[:20], "meta": dict(meta)}


def wrong_kind(_request: bytes, _meta: Mapping[str, object]) -> list[int]:
    """Answers with what is no object."""
    return [1]


def _spin() -> dict[str, object]:
    while True:
        pass


def _sleep() -> dict[str, object]:
    time.sleep(60)
    return {}


def _eat() -> dict[str, object]:
    return {"size": len(bytearray(10_000_000_000))}


def _grow() -> dict[str, object]:
    _KEPT.append(bytes(range(256)) * 300_000)
    return {}


def _crash() -> dict[str, object]:
    os.kill(os.getpid(), signal.SIGSEGV)
    return {}


def _exit() -> dict[str, object]:
    os._exit(3)


def _raise() -> dict[str, object]:
    raise LookupError("a message that may hold anything")


def _print() -> dict[str, object]:
    print("noise " * 1_000)
    sys.stdout.flush()
    os.write(1, b"more noise")
    return {"read": sys.stdin.read()}


def _forge() -> dict[str, object]:
    """The pipe for replies is some descriptor above the standard three: write to every one there may be."""
    for descriptor in range(3, 20):
        try:
            os.write(descriptor, b"\xff" * 64)
        except OSError:
            continue
    return {}


_KEPT: list[bytes] = []
"""what a library would hold on to"""

_DEEDS: Mapping[str, Callable[[], dict[str, object]]] = {
    "spin": _spin,
    "sleep": _sleep,
    "eat": _eat,
    "grow": _grow,
    "crash": _crash,
    "exit": _exit,
    "raise": _raise,
    "print": _print,
    "forge": _forge,
    "nonsense": lambda: {"value": float("nan")},
    "whoami": lambda: {"pid": os.getpid(), "environment": sorted(os.environ)},
    "large": lambda: {"text": "x" * 3_000_000},
    "endless": lambda: {"text": "x" * 33_000_000},
}
