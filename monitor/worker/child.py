"""The process itself: read a frame, do the work, write a frame, until the parent's end of the pipe closes.

Run as `python -m monitor.worker.child MODULE:FUNCTION MEMORY_BYTES CPU_SECONDS IDLE_SECONDS`. The function takes the
bytes and the JSON object of a request and returns a JSON object. Idle seconds 0: it waits for requests for ever.
"""

import importlib
import os
import resource
import select
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO, cast

from monitor.worker.frames import HEAD, encode, read_object

EXIT_MEMORY = 97
"""exit code of a worker that ran out of memory; 97 is taken by no shell and no sysexits"""
EXIT_IDLE = 98
"""exit code of a worker that left because nothing was asked of it; it has read no request that it did not answer"""
SWOLLEN_BYTES = 64_000_000
"""resident memory after a request; from here on the worker asks to be replaced. What a document made it allocate stays
with it, and every worker of a pool would keep the largest one it ever read"""

_STATM = Path("/proc/self/statm")

Target = Callable[[bytes, Mapping[str, object]], Mapping[str, object]]


def main(arguments: list[str]) -> None:
    """Be a worker. Ends when the pipe closes, or by a signal when a limit is passed."""
    target, memory_bytes, cpu_seconds, idle_seconds = arguments
    requests, replies = _take_pipes()
    _bound(int(memory_bytes))
    try:
        function = load(target)
        replies.write(encode({"ready": True}))
        replies.flush()
        if not serve(requests, replies, function, float(cpu_seconds), idle_seconds=float(idle_seconds)):
            os._exit(EXIT_IDLE)  # without waiting for whatever threads a library has left behind
    except MemoryError:
        # What is left of the heap is of no use: the parent starts another process.
        os._exit(EXIT_MEMORY)
    except BrokenPipeError:
        return


def load(target: str) -> Target:
    """The function that `module:function` names."""
    module, _, name = target.partition(":")
    return cast("Target", getattr(importlib.import_module(module), name))


def serve(
    requests: BinaryIO, replies: BinaryIO, function: Target, cpu_seconds: float, *, idle_seconds: float = 0
) -> bool:
    """Answer requests until there are no more; False where it ended because none came for so long.

    An exception of the function is an answer; MemoryError is not.
    """
    while True:
        if idle_seconds and not select.select([requests], [], [], idle_seconds)[0]:
            return False
        if len(head := requests.read(HEAD.size)) != HEAD.size:
            return True
        meta_length, payload_length = HEAD.unpack(head)
        meta = read_object(requests.read(meta_length))
        payload = requests.read(payload_length)
        # The timer counts processor time of this request alone; RLIMIT_CPU would count the process's whole life.
        signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
        try:
            frame = encode({"reply": function(payload, meta), "is_swollen": _is_swollen()})
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever the target does is its caller's news, not our end
            frame = encode({"failed": type(error).__name__, "is_swollen": _is_swollen()})
        signal.setitimer(signal.ITIMER_PROF, 0)
        replies.write(frame)
        replies.flush()


def _is_swollen() -> bool:
    """By what /proc says now: the peak that getrusage tells is inherited from the parent. Elsewhere, never."""
    try:
        resident_pages = int(_STATM.read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return False
    return resident_pages * resource.getpagesize() > SWOLLEN_BYTES


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Keep the pipes for frames alone: what a library prints or reads must not get among them."""
    requests = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(2, 1)
    os.close(nowhere)
    return requests, replies


def _bound(memory_bytes: int) -> None:
    """Memory for good; no core files; signals meant for the whole group are the parent's business."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)


if __name__ == "__main__":
    main(sys.argv[1:])
