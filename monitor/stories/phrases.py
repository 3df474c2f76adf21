"""Runs of five words, by which a text is known again when it was cut down or copied into another."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from zlib import crc32

RUN = 5
RATES = (1, 4, 16)
"""of how many runs one is kept; which ones depends on their words alone, so that two texts keep the same ones"""
_MASKS = (0, 1, 3)
"""bits that are unset in a run which is kept at a rate"""
_FEW = 64
"""words up to which every run is kept"""
_MANY = 200
MOST = 64
_ANCHOR = 3
"""bits of what a run begins with that are unset where it is kept at a rate of four"""
_RARE = 0b11000
"""its own bits, likewise at a rate of sixteen"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """Hashes of the runs kept, and the place in RATES of how many that is; the low four bits say at which rates."""

    rate: int
    kept: tuple[int, ...]


def phrases(words: Sequence[str]) -> Phrases:
    """The runs of a text: all of a short one, a fair sample of a long one."""
    if len(words) <= _FEW:
        return Phrases(rate=0, kept=_first(_all_runs(words)))
    rate = 1 if len(words) <= _MANY else 2
    numbers = [
        crc32(" ".join(words[at : at + RUN]).encode("utf-8", "surrogatepass"))
        for at, first in enumerate(words[: len(words) - RUN + 1])
        if not (ord(first[0]) - len(first)) & _ANCHOR
    ]
    if rate > 1:
        return Phrases(rate=rate, kept=_first([number & ~3 for number in numbers if not number & _RARE]))
    return Phrases(rate=rate, kept=_first([number & ~3 | bool(number & _RARE) << 1 for number in numbers]))


def _all_runs(words: Sequence[str]) -> Iterator[int]:
    joined = " ".join(words)
    whole = joined.encode("utf-8", "surrogatepass")
    sizes = (
        map(len, words) if len(whole) == len(joined) else (len(word.encode("utf-8", "surrogatepass")) for word in words)
    )
    # Where each word begins, and one past the end: a run is a slice, which costs a third of joining its words.
    starts = list(accumulate((size + 1 for size in sizes), initial=0))
    for first, start, end in zip(words, starts, starts[RUN:], strict=False):
        is_anchor = not (ord(first[0]) - len(first)) & _ANCHOR
        number = crc32(whole[start : end - 1])
        yield number & ~3 | (not is_anchor) | (not (is_anchor and not number & _RARE)) << 1


def _first(numbers: Iterable[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(numbers))[:MOST]


def kept_at(runs: frozenset[int], rate: int, boilerplate: Collection[int] = ()) -> frozenset[int]:
    """Those of the runs that a text of which so many are kept would have, without the boilerplate."""
    mask = _MASKS[rate]
    if mask:
        runs = frozenset([run for run in runs if not run & mask])
    return runs.difference(boilerplate) if boilerplate else runs
