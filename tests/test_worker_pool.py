"""The worker pool: whatever happens in a worker, the caller gets a value, and the next request is served."""

import asyncio
import io
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from time import monotonic

import pytest

from monitor.worker.child import load, serve
from monitor.worker.frames import HEAD, BadFrame, encode, read_object
from monitor.worker.pool import WorkerPool
from monitor.worker.process import Limits, Worker
from monitor.worker.replies import Reply, WorkerFailed

TARGET = "tests.worker_targets:behave"


@asynccontextmanager
async def pool_of(
    size: int = 1,
    *,
    target: str = TARGET,
    cpu_seconds: float = 0.3,
    wall_seconds: float = 5.0,
    requests_per_worker: int = 1_000,
    idle_seconds: float = 0,
) -> AsyncIterator[WorkerPool]:
    """A pool that is closed at the end."""
    pool = WorkerPool(
        target=target,
        size=size,
        cpu_seconds=cpu_seconds,
        wall_seconds=wall_seconds,
        memory_bytes=300_000_000,
        requests_per_worker=requests_per_worker,
        idle_seconds=idle_seconds,
    )
    try:
        yield pool
    finally:
        await pool.close()


async def done(pool: WorkerPool, what: str, request: bytes = b"") -> Reply | WorkerFailed:
    """Have something done."""
    return await pool.run(request, {"do": what})


async def pid_of(pool: WorkerPool) -> int:
    """The process that serves now."""
    reply = await done(pool, "whoami")
    assert isinstance(reply, Reply)
    pid = reply.value["pid"]
    assert isinstance(pid, int)
    return pid


async def test_work_is_done_and_answered() -> None:
    """Bytes and a JSON object go in, a JSON object comes out, and the process is kept."""
    async with pool_of() as pool:
        reply = await pool.run("жук".encode(), {"do": "echo", "url": "https://a.example/\udcff"})
        assert reply == Reply(
            value={"bytes": 6, "text": "жук", "meta": {"do": "echo", "url": "https://a.example/\udcff"}}
        )
        assert await pid_of(pool) == await pid_of(pool)


async def test_large_requests_and_replies_pass() -> None:
    """Megabytes go through the pipes both ways."""
    async with pool_of(cpu_seconds=5) as pool:
        reply = await done(pool, "echo", b"x" * 20_000_000)
        assert isinstance(reply, Reply)
        assert reply.value["bytes"] == 20_000_000
        large = await done(pool, "large")
        assert isinstance(large, Reply)
        assert large.value == {"text": "x" * 3_000_000}


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("spin", "took more than 0.3 s of CPU"),
        ("eat", "ran out of memory"),
        ("crash", "crashed (signal 11)"),
        ("exit", "ended by itself (exit code 3)"),
        ("raise", "failed (LookupError)"),
        ("nonsense", "failed (ValueError)"),
        ("forge", "answered with what is no answer"),
    ],
)
async def test_every_way_to_fail_is_a_value_and_the_next_request_is_served(what: str, reason: str) -> None:
    """The reason says what happened; the message of an exception may hold secrets and stays inside."""
    async with pool_of() as pool:
        assert await done(pool, what) == WorkerFailed(reason=reason)
        assert isinstance(await done(pool, "echo"), Reply)


async def test_a_worker_that_sleeps_is_killed_by_the_clock() -> None:
    """No CPU is used, so only the wall clock can tell."""
    async with pool_of(wall_seconds=0.3) as pool:
        began = monotonic()
        assert await done(pool, "sleep") == WorkerFailed(reason="took more than 0.3 s")
        assert monotonic() - began < 10
        assert isinstance(await done(pool, "echo"), Reply)


async def test_the_cpu_limit_counts_each_request_alone() -> None:
    """A worker that has worked long is as good as a new one."""
    async with pool_of(cpu_seconds=0.4) as pool:
        first = await pid_of(pool)
        for _ in range(6):
            assert isinstance(await done(pool, "echo", b"x" * 8_000_000), Reply)
        assert await pid_of(pool) == first


async def test_a_reply_that_would_fill_its_reader_is_no_reply() -> None:
    """It is refused by its stated length, before any of it is read."""
    async with pool_of(cpu_seconds=5) as pool:
        assert await done(pool, "endless") == WorkerFailed(reason="answered with what is no answer")
        assert isinstance(await done(pool, "echo"), Reply)


async def test_noise_on_standard_output_is_no_reply() -> None:
    """Printing libraries do not get among the frames, and standard input is empty."""
    async with pool_of() as pool:
        assert await done(pool, "print") == Reply(value={"read": ""})


async def test_a_worker_knows_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment is clean."""
    monkeypatch.setenv("DESK_TOKEN", "sesame")
    async with pool_of() as pool:
        reply = await done(pool, "whoami")
    assert isinstance(reply, Reply)
    environment = reply.value["environment"]
    assert isinstance(environment, list)
    assert "DESK_TOKEN" not in environment
    assert set(environment) <= {"PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ"} | {
        name for name in environment if name.startswith("PYTHON")
    }


async def test_a_slow_request_delays_no_other() -> None:
    """With two workers, one may hang."""
    async with pool_of(2, wall_seconds=3) as pool:
        hanging = asyncio.create_task(done(pool, "sleep"))
        replies = await asyncio.gather(*(done(pool, "echo") for _ in range(10)))
        assert all(isinstance(reply, Reply) for reply in replies)
        assert not hanging.done()
        hanging.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hanging


async def test_a_worker_is_replaced_when_it_has_served_enough() -> None:
    """What libraries leak goes with the process."""
    async with pool_of(requests_per_worker=2) as pool:
        pids = [await pid_of(pool) for _ in range(4)]
    assert pids[0] == pids[1] != pids[2] == pids[3]


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory in use comes from /proc")
async def test_a_worker_that_has_grown_is_replaced() -> None:
    """Its answer counts; what it cannot give back goes with it."""
    async with pool_of(cpu_seconds=5) as pool:
        first = await pid_of(pool)
        assert await pid_of(pool) == first
        assert isinstance(await done(pool, "grow"), Reply)
        assert await pid_of(pool) != first
        assert not _exists(first)


async def test_a_worker_that_died_between_requests_is_replaced() -> None:
    """Somebody killed it while it was idle: its next request goes to a new one, or fails as a value."""
    async with pool_of() as pool:
        pid = await pid_of(pool)
        os.kill(pid, signal.SIGKILL)
        await done(pool, "echo")
        assert isinstance(await done(pool, "echo"), Reply)


async def test_a_worker_with_nothing_to_do_leaves_and_the_next_request_starts_another() -> None:
    """An idle process costs nothing, and nobody notices that it was gone."""
    async with pool_of(idle_seconds=0.05) as pool:
        first = await pid_of(pool)
        assert await asyncio.to_thread(_comes_true, lambda: not _exists(first))
        assert await pid_of(pool) != first


async def test_a_request_that_crosses_a_leaving_worker_is_done_by_another() -> None:
    """It left before it read a word, so that to ask again is to ask once."""
    async with pool_of(idle_seconds=0.05) as pool:
        first = await pid_of(pool)
        # Not awaited: to the event loop the worker that has left is still there, as in the crossing.
        assert _comes_true(lambda: not _exists(first))
        assert await pid_of(pool) != first


async def test_who_is_killed_twice_died_once() -> None:
    """To kill what is dead already must not take its exit code away from the event loop."""
    for _ in range(20):
        worker = await Worker.start(TARGET, Limits(cpu_seconds=1, wall_seconds=5, memory_bytes=300_000_000))
        assert isinstance(worker, Worker)
        pid = worker._process.pid
        worker.kill()
        assert _comes_true(partial(_is_gone, pid))
        worker.kill()
        assert await worker.end() == -signal.SIGKILL


async def test_signals_for_the_group_leave_workers_alone() -> None:
    """Ctrl-C and systemd's SIGTERM reach every process; the parent decides when workers end."""
    async with pool_of() as pool:
        pid = await pid_of(pool)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            os.kill(pid, number)
        assert await pid_of(pool) == pid


@pytest.mark.parametrize("target", ["tests.worker_targets:absent", "tests.absent:behave", "tests.worker_targets"])
async def test_a_target_that_cannot_be_loaded_is_a_failure(target: str) -> None:
    """Nothing hangs."""
    async with pool_of(target=target) as pool:
        assert await done(pool, "echo") == WorkerFailed(reason="could not start its process")


async def test_a_target_that_answers_with_no_object_is_a_failure() -> None:
    """What comes back is checked by the parent."""
    async with pool_of(target="tests.worker_targets:wrong_kind") as pool:
        assert await done(pool, "echo") == WorkerFailed(reason="answered with what is no answer")


async def test_cancelling_kills_the_worker() -> None:
    """A request that nobody waits for does not go on."""
    async with pool_of() as pool:
        pid = await pid_of(pool)
        task = asyncio.create_task(done(pool, "sleep"))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await pid_of(pool) != pid
        assert not _exists(pid)


async def test_a_closed_pool_leaves_nothing_behind() -> None:
    """Processes are gone, running requests have failed, new ones are not begun."""
    async with pool_of() as pool:
        pid = await pid_of(pool)
        running = asyncio.create_task(done(pool, "sleep"))
        await asyncio.sleep(0)
        await pool.close()
        assert isinstance(await running, WorkerFailed)
        assert not _exists(pid)
        assert await done(pool, "echo") == WorkerFailed(reason="was not begun: the pool is closed")


def test_workers_end_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    """kill -9 of the parent leaves no orphans."""
    script = tmp_path / "parent.py"
    script.write_text(
        "import asyncio, sys\n"
        "from monitor.worker.pool import WorkerPool\n"
        "async def main():\n"
        f"    pool = WorkerPool(target={TARGET!r}, memory_bytes=300_000_000)\n"
        "    reply = await pool.run(b'', {'do': 'whoami'})\n"
        "    print(reply.value['pid'], flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n",
        encoding="utf-8",
    )
    root = str(Path(__file__).resolve().parent.parent)
    with subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": root},
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert _exists(pid)
        parent.kill()
        parent.wait()
        assert _comes_true(lambda: not _exists(pid))


def test_the_child_answers_frame_by_frame() -> None:
    """The loop of a worker, without a process: replies and failures in order, and the end at a cut frame."""
    requests = io.BytesIO(encode({"do": "echo"}, b"one") + encode({"do": "raise"}) + b"\0\0")
    replies = io.BytesIO()
    before = signal.getitimer(signal.ITIMER_PROF)
    assert serve(requests, replies, load(TARGET), 5)
    assert signal.getitimer(signal.ITIMER_PROF) == before
    echoed = {"bytes": 3, "text": "one", "meta": {"do": "echo"}}
    assert _objects(replies.getvalue()) == [{"reply": echoed}, {"failed": "LookupError"}]


@pytest.mark.parametrize("text", [b"", b"{", b"[1]", b"\xff", b"[" * 100_000, b"9" * 10_000])
def test_what_is_no_json_object_is_no_frame(text: bytes) -> None:
    """The parent trusts nothing that a worker writes."""
    with pytest.raises(BadFrame):
        read_object(text)


def test_a_frame_states_both_lengths() -> None:
    """The head is two numbers."""
    frame = encode({"a": "ж"}, b"xyz")
    assert HEAD.unpack(frame[: HEAD.size]) == (10, 3)
    assert read_object(frame[HEAD.size : -3]) == {"a": "ж"}


def _objects(frames: bytes) -> list[dict[str, object]]:
    """What a row of frames without payload says, but for how large this very process is."""
    found = []
    while frames:
        length, _ = HEAD.unpack(frames[: HEAD.size])
        one = read_object(frames[HEAD.size : HEAD.size + length])
        assert isinstance(one.pop("is_swollen"), bool)
        found.append(one)
        frames = frames[HEAD.size + length :]
    return found


def _exists(pid: int) -> bool:
    """Whether the process is there and no zombie that waits for the test machine's init."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def _is_gone(pid: int) -> bool:
    return not _exists(pid)


def _comes_true(is_so: Callable[[], bool]) -> bool:
    until = monotonic() + 10
    while monotonic() < until:
        if is_so():
            return True
        os.sched_yield()
    return False
