"""Garbage is not looked for while a configuration is read, and what leaves goes a little at a time."""

import asyncio
import gc
import weakref

import pytest

from monitor.system.collector import SELDOM, dismiss, look_seldom, settling, undisturbed


class Part:
    """Something whose end can be seen."""


def test_nothing_is_looked_for_while_what_will_stay_is_made() -> None:
    """Afterwards looks are taken again, and what was made is not among what they go through."""
    before = gc.get_freeze_count()
    with settling():
        assert not gc.isenabled()
        made = [Part() for _ in range(1_000)]
    assert gc.isenabled()
    assert gc.get_freeze_count() >= before + len(made)
    gc.unfreeze()


def test_a_configuration_that_cannot_be_read_leaves_the_collector_at_work() -> None:
    """Whatever happens inside."""
    with pytest.raises(ValueError, match="broken"), settling():
        raise ValueError("broken")
    assert gc.isenabled()
    gc.unfreeze()


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
        look_seldom()
        assert gc.get_threshold() == (SELDOM, *before[1:])
        assert before[0] < SELDOM
    finally:
        gc.set_threshold(*before)
