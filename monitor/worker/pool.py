"""A few workers for one kind of work: killed when they pass a limit, replaced when they are gone."""

import asyncio
from collections.abc import Mapping

from monitor.worker.process import Limits, Worker
from monitor.worker.replies import Idle, Reply, WorkerFailed

REQUESTS_PER_WORKER = 1_000
"""then it is replaced: what a library leaks goes with it"""
MEMORY_BYTES = 200_000_000
"""address space of a worker: 32 MB when idle, 80 for a feed of 5 MB, 180 for one of 20 MB. With one worker at this
limit the whole process tree stays below 400 MB"""


class WorkerPool:
    """At most `size` processes, started when they are first needed; further requests wait for a free one.

    A process ends by itself when its parent does, however that dies: its pipe closes.
    """

    def __init__(
        self,
        *,
        target: str,
        size: int = 2,
        cpu_seconds: float = 5,
        wall_seconds: float = 15,
        memory_bytes: int = MEMORY_BYTES,
        requests_per_worker: int = REQUESTS_PER_WORKER,
        idle_seconds: float = 0,
    ) -> None:
        """`target` is `module:function`, a function from (bytes, JSON object) to a JSON object.

        With `idle_seconds` a process that is asked nothing for so long ends, and the next request starts another.
        """
        self._target = target
        self._limits = Limits(
            cpu_seconds=cpu_seconds,
            wall_seconds=wall_seconds,
            memory_bytes=memory_bytes,
            idle_seconds=idle_seconds,
        )
        self._requests_per_worker = requests_per_worker
        self._slots = asyncio.Semaphore(size)
        self._idle: list[Worker] = []
        self._all: set[Worker] = set()
        self._is_closed = False

    async def run(self, request: bytes, meta: Mapping[str, object]) -> Reply | WorkerFailed:
        """Have one request done. Waiting for a free worker does not count against its time."""
        async with self._slots:
            answer = await self._ask(request, meta)
            if isinstance(answer, Idle):
                # It left as we were about to ask; the one that is started now has no time to be idle.
                answer = await self._ask(request, meta)
            return WorkerFailed(reason="found nobody to do it") if isinstance(answer, Idle) else answer

    async def _ask(self, request: bytes, meta: Mapping[str, object]) -> Reply | WorkerFailed | Idle:
        if self._is_closed:
            return WorkerFailed(reason="was not begun: the pool is closed")
        worker = await self._take()
        if isinstance(worker, WorkerFailed):
            return worker
        try:
            return await worker.ask(request, meta)
        finally:
            await self._give_back(worker)

    async def close(self) -> None:
        """End every process; requests that still run fail."""
        self._is_closed = True
        self._idle.clear()
        workers = tuple(self._all)
        self._all.clear()
        for worker in workers:
            worker.kill()
        await asyncio.gather(*(worker.end() for worker in workers))

    async def _take(self) -> Worker | WorkerFailed:
        while self._idle:
            worker = self._idle.pop()
            if worker.is_alive:
                return worker
            await worker.end()
            self._all.discard(worker)
        started = await Worker.start(self._target, self._limits)
        if isinstance(started, Worker):
            self._all.add(started)
        return started

    async def _give_back(self, worker: Worker) -> None:
        """Keep a worker that is alive and not yet spent."""
        is_spent = worker.is_swollen or worker.served >= self._requests_per_worker
        if worker.is_alive and not is_spent and not self._is_closed:
            self._idle.append(worker)
            return
        await worker.end()
        self._all.discard(worker)
