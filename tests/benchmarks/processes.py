"""CPU time and memory of a process with all its descendants, as /proc tells them (Linux)."""

import asyncio
import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
_EXACT_EVERY = 5  # samples; smaps_rollup walks page tables and would disturb what is measured
_MEGABYTE = 1_000_000
_ENDED = "Z"  # nobody has asked yet how it ended, but it does nothing and holds nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """One look at a tree of processes."""

    processes: int = 0
    cpu_seconds: float = 0.0
    """user and system time, that of children already reaped included"""
    rss_mb: float = 0.0
    """resident pages added up: a page that two processes share counts twice"""
    pss_mb: float = 0.0
    """the same with shared pages divided among their users; 0 where it was not asked for or cannot be read"""


def usage(pid: int, *, is_exact: bool = True) -> Usage:
    """Look at `pid` and its descendants; all zero where it is gone. `is_exact`: read PSS as well."""
    tree = descendants(pid)
    ticks, rss, pss = 0, 0, 0
    for one in tree:
        try:
            fields = _stat(one)
            ticks += sum(int(fields[place]) for place in (11, 12, 13, 14))
            rss += int(fields[21])
            pss += _pss(one) if is_exact else 0
        except OSError:  # it ended while we looked
            continue
    return Usage(
        processes=len(tree),
        cpu_seconds=ticks / os.sysconf("SC_CLK_TCK"),
        rss_mb=rss * os.sysconf("SC_PAGE_SIZE") / _MEGABYTE,
        pss_mb=pss * 1024 / _MEGABYTE,
    )


def descendants(pid: int) -> tuple[int, ...]:
    """The process and everything below it; empty where it is gone."""
    children: dict[int, list[int]] = defaultdict(list)
    known: set[int] = set()
    for one, (parent, _) in _living():
        children[parent].append(one)
        known.add(one)
    found = [pid] if pid in known else []
    for one in found:  # grows while it is walked
        found += children[one]
    return tuple(found)


def group_members(group: int) -> tuple[int, ...]:
    """The processes of a process group, whoever their parent is by now."""
    return tuple(one for one, (_, its_group) in _living() if its_group == group)


class Watcher:
    """Looks at a tree again and again and keeps the highest figures."""

    def __init__(self, pid: int, period: float = 0.2) -> None:
        """`period` in seconds."""
        self.last = Usage()
        self.highest_rss_mb = 0.0
        self.highest_pss_mb = 0.0
        self._pid = pid
        self._period = period

    async def run(self) -> None:
        """Look until cancelled or until the process is gone."""
        looks = 0
        while (seen := usage(self._pid, is_exact=looks % _EXACT_EVERY == 0)).processes:
            looks += 1
            self.last = seen
            self.highest_rss_mb = max(self.highest_rss_mb, seen.rss_mb)
            self.highest_pss_mb = max(self.highest_pss_mb, seen.pss_mb)
            await asyncio.sleep(self._period)


def _living() -> Iterator[tuple[int, tuple[int, int]]]:
    """Every process with its parent and its group."""
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            try:
                state, parent, group = _stat(int(entry.name))[:3]
            except OSError:  # it ended while we looked
                continue
            if state != _ENDED:
                yield int(entry.name), (int(parent), int(group))


def _stat(pid: int) -> list[str]:
    """The fields of `stat` behind the name, which may hold spaces and brackets: state is 0, the parent 1."""
    return (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()


def _pss(pid: int) -> int:
    """Kilobytes; 0 where the kernel keeps it from us."""
    try:
        text = (PROC / str(pid) / "smaps_rollup").read_text(encoding="ascii", errors="replace")
    except PermissionError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)
