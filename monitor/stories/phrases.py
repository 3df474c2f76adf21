"""Runs of five words, by which a text is known again when it was cut down or copied into another."""

from collections.abc import Collection, Sequence
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """Hashes of the runs kept, and the place in RATES of how many that is; the low four bits say at which rates."""

    rate: int
    kept: tuple[int, ...]


def phrases(words: Sequence[str]) -> Phrases:
    """The runs of a text: all of a short one, a fair sample of a long one."""
    rate = 0 if len(words) <= _FEW else 1 if len(words) <= _MANY else 2
    joined = " ".join(words)
    whole = joined.encode("utf-8", "surrogatepass")
    sizes = (
        map(len, words) if len(whole) == len(joined) else (len(word.encode("utf-8", "surrogatepass")) for word in words)
    )
    # Where each word begins, and one past the end: a run is a slice, which costs a third of joining its words.
    starts = list(accumulate((size + 1 for size in sizes), initial=0))
    kept: dict[int, None] = {}
    for first, start, end in zip(words, starts, starts[RUN:], strict=False):
        is_anchor = not (len(first) * 7 + ord(first[0])) & 3
        if rate and not is_anchor:
            continue
        number = crc32(whole[start : end - 1])
        is_rare = is_anchor and not number & 0b11000
        if rate > 1 and not is_rare:
            continue
        kept[number & ~3 | (not is_anchor) | (not is_rare) << 1] = None
    return Phrases(rate=rate, kept=tuple(kept)[:MOST])


def kept_at(runs: frozenset[int], rate: int, boilerplate: Collection[int] = ()) -> frozenset[int]:
    """Those of the runs that a text of which so many are kept would have, without the boilerplate."""
    mask = _MASKS[rate]
    if mask:
        runs = frozenset([run for run in runs if not run & mask])
    return runs.difference(boilerplate) if boilerplate else runs
