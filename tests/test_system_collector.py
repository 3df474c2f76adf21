"""Garbage is not looked for while a configuration is read, what leaves goes slowly, and memory goes back."""

import asyncio
import gc
import os
import platform
import weakref

import pytest

from monitor.system.collector import SELDOM, dismiss, look_seldom, settle, settling, undisturbed
from tests.benchmarks.processes import usage


class Part:
    """Something whose end can be seen."""


def test_nothing_is_looked_for_while_what_will_stay_is_made() -> None:
    """Afterwards looks are taken again, and what was made is not among what they go through."""
    before = gc.get_freeze_count()
    looked: list[int] = []

    def look(_phase: str, _: dict[str, int]) -> None:
        looked.append(gc.get_freeze_count())

    gc.callbacks.append(look)
    with settling():
        assert not gc.isenabled()
        made = [Part() for _ in range(1_000)]
    gc.callbacks.remove(look)
    assert gc.isenabled()
    assert gc.get_freeze_count() >= before + len(made)
    assert all(frozen >= before + len(made) for frozen in looked)
    gc.unfreeze()


def test_a_configuration_that_cannot_be_read_leaves_the_collector_at_work() -> None:
    """Whatever happens inside."""
    with pytest.raises(ValueError, match="broken"), settling():
        raise ValueError("broken")
    assert gc.isenabled()
    gc.unfreeze()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be asked to give memory back")
def test_what_was_freed_goes_back_to_the_system() -> None:
    """Although something that stays lies behind it."""
    freed = [bytes(2_000) for _ in range(40_000)]
    stays = freed.pop()
    freed.clear()
    before = _resident_mb()
    settle()
    gc.unfreeze()
    assert _resident_mb() < before - 40
    assert stays


def _resident_mb() -> float:
    return usage(os.getpid(), is_exact=False).rss_mb


async def test_what_leaves_lets_others_work_in_between() -> None:
    """All of it goes, and nobody waits for all of it."""
    leaving: list[object] = [Part() for _ in range(5_000)]
    seen = [weakref.ref(part) for part in leaving]
    left: list[int] = []

    async def watch() -> None:
        while leaving:
            left.append(sum(ref() is not None for ref in seen))
            await asyncio.sleep(0)

    watching = asyncio.create_task(watch())
    await dismiss(leaving)
    await watching
    assert left == sorted(set(left), reverse=True)
    assert len(left) >= 3
    assert not any(ref() for ref in seen)


def test_blocks_in_which_nothing_is_looked_for_may_lie_within_one_another() -> None:
    """The inner one leaves it to the outer one when looks are taken again."""
    with undisturbed():
        with undisturbed():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_what_is_young_is_looked_through_less_often() -> None:
    """How often all of it is looked through depends on how much that is, and stays as it was."""
    before = gc.get_threshold()
    try:
        gc.set_threshold(700, 10, 10)  # Python's own; a test of a whole round has left ours
        look_seldom()
        assert gc.get_threshold() == (SELDOM, 10, 10)
        assert SELDOM > 700
    finally:
        gc.set_threshold(*before)
