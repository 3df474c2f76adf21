"""Memory of what is large: when Python looks for garbage in it, and that it goes back to the system in the end.

Garbage that refers to itself is not looked for while a configuration is read, nor ever again in one.

A look goes through everything that was ever made, and everybody waits: among the parts of a hundred thousand rules that
is a second, in the middle of polling. Almost all that we drop is freed at once without it.
"""

import asyncio
import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = 5_000
"""things made and not yet freed before the young ones are looked through; Python's own figure is 700"""


def look_seldom() -> None:
    """Look for garbage less often from now on: a fetch makes some hundred things that live for its while.

    Looking among them for what refers to itself, which is hardly ever there, took 7 % of a fetch's time.
    """
    _, middle, old = gc.get_threshold()
    gc.set_threshold(SELDOM, middle, old)


@contextmanager
def settling() -> Iterator[None]:
    """Look for no garbage while the block makes what will stay, and never among what was there at its end."""
    with undisturbed():
        yield
        settle()  # before looks are taken again: the first would go through all of it


@contextmanager
def undisturbed() -> Iterator[None]:
    """Look for no garbage while the block makes very many things that refer to no one but those below them."""
    was_looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_looking:
            gc.enable()


def settle() -> None:
    """Look no more for garbage in what there is, and return to the system what was freed of memory.

    Of a large configuration a fifth of the process would stay: a few freed tuples that Python keeps hold a megabyte
    each.
    """
    gc.freeze()
    gc.collect()  # looks at nothing, since all is frozen, but lets go of what Python keeps for the next of a kind
    give_back()


def give_back() -> None:
    """Return to the system what was freed in the heap of the C library, which gives back no more than the end of it.

    Takes some milliseconds. Only glibc can be asked to.
    """
    import ctypes  # here, because no short command needs it

    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


async def dismiss(leaving: list[object]) -> None:
    """Empty a list of what nobody else holds any more, a little at a time: to free it all at once takes long."""
    while leaving:
        del leaving[-_AT_ONCE:]
        await asyncio.sleep(0)


_AT_ONCE = 1_000
"""things freed while everybody waits, a few milliseconds"""
