"""Costs of rounds as a table: figures of each program, and how many times tocsin's a peer's are."""

from collections.abc import Mapping
from dataclasses import dataclass

OURS = "tocsin"
"""how the names of our own rows begin"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a round took; memory is the highest seen of the whole tree of processes."""

    cpu_seconds: float
    wall_seconds: float
    rss_mb: float
    pss_mb: float


def print_table(rows: Mapping[str, Mapping[str, Cost]]) -> int:
    """A row for each program and round letter; 1 where one of ours took more CPU than a peer in a column, else 0."""
    letters = sorted({letter for costs in rows.values() for letter in costs})
    print(f"{'':<20}" + "".join(f"{f'{letter}: CPU s':>10}{'wall s':>8}" for letter in letters) + "   RSS/PSS MB")
    for name, costs in rows.items():
        figures = "".join(f"{costs[one].cpu_seconds:>10.2f}{costs[one].wall_seconds:>8.1f}" for one in letters)
        rss, pss = (max(getattr(cost, kind) for cost in costs.values()) for kind in ("rss_mb", "pss_mb"))
        print(f"{name:<20}{figures}   {rss:.0f}/{pss:.0f}")
    behind = 0
    for peer in (name for name in rows if not name.startswith(OURS)):
        for ours in (name for name in rows if name.startswith(OURS)):
            ratios = [rows[peer][one].cpu_seconds / max(rows[ours][one].cpu_seconds, 0.01) for one in letters]
            behind += sum(ratio < 1 for ratio in ratios)
            told = ", ".join(f"{letter} {ratio:.1f}" for letter, ratio in zip(letters, ratios, strict=True))
            print(f"{peer} / {ours}, CPU: {told}")
    return 1 if behind else 0
