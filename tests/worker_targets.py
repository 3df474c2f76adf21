"""Work that the tests of the worker pool have done, good and bad. Imported by worker processes."""

import os
import signal
import sys
import time
from collections.abc import Mapping


def behave(request: bytes, meta: Mapping[str, object]) -> dict[str, object]:
    """Do what `meta` says."""
    match meta.get("do"):
        case "echo":
            return {"bytes": len(request), "text": request.decode("utf-8", "replace")[:20], "meta": dict(meta)}
        case "spin":
            while True:
                pass
        case "sleep":
            time.sleep(60)
        case "eat":
            return {"size": len(bytearray(10_000_000_000))}
        case "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "exit":
            os._exit(3)
        case "raise":
            raise LookupError("a message that may hold anything")
        case "print":
            print("noise " * 1_000)
            sys.stdout.flush()
            os.write(1, b"more noise")
            return {"read": sys.stdin.read()}
        case "nonsense":
            return {"value": float("nan")}
        case "forge":
            # The pipe for replies is some descriptor above the standard three: write to every one there may be.
            for descriptor in range(3, 20):
                try:
                    os.write(descriptor, b"\xff" * 64)
                except OSError:
                    continue
        case "whoami":
            return {"pid": os.getpid(), "environment": sorted(os.environ), "parent": os.getppid()}
        case "large":
            return {"text": "x" * 3_000_000}
    return {}


def wrong_kind(_request: bytes, _meta: Mapping[str, object]) -> list[int]:
    """Answers with what is no object."""
    return [1]
