"""An invented series, told with every lie of `mutations`, from parser to SQLite: nothing twice, nothing missed."""

from pathlib import Path
from random import Random

import pytest

from tests.benchmarks.judge import judge
from tests.benchmarks.mutations import NAMES, dressed, mutate, ordered
from tests.benchmarks.rehearsal import rehearse
from tests.benchmarks.truth import expect, read_capture

ITEM = """<item><title>{title}</title><link>{scheme}://quay.example/2026/{number}</link>
<guid isPermaLink="false">quay-{number}</guid><description>{text}</description>
<pubDate>Mon, 02 Mar 2026 {hour:02}:00:00 GMT</pubDate></item>"""
SHIPS = ("Alma", "Berta", "Clara", "Dora", "Emma", "Frieda", "Greta", "Hanna", "Ida", "Klara", "Lotte", "Maja")
DEEDS = (
    "runs aground beside the lighthouse",
    "collides with a pilot boat",
    "is sold to a rival company",
    "loses forty containers overboard",
)


def capture(newest: int, turn: int) -> bytes:
    """The eight newest items; the one in the middle is edited from time to time."""
    items = []
    for number in range(newest, max(0, newest - 8), -1):
        title = f"{SHIPS[number % len(SHIPS)]} {DEEDS[number % len(DEEDS)]} at berth {number}"
        if number % 5 == 0 and turn % 3 == 2:
            title = f"Harbour master speaks of {SHIPS[number % len(SHIPS)]} at berth {number}"
        text = f"{title}, says the harbour master of the {number}th quay, {number * 17} tonnes on board."
        items.append(ITEM.format(title=title, scheme="http", number=number, text=text, hour=number % 24))
    return f"<rss version='2.0'><channel><title>The Quay</title>{''.join(items)}</channel></rss>".encode()


SERIES = [capture(newest, turn) for turn, newest in enumerate((8, 8, 10, 11, 11, 14, 15, 18, 19, 22, 22, 24))]


@pytest.mark.parametrize("lie", NAMES)
async def test_a_series_told_with_a_lie_is_told_as_it_is(lie: str, tmp_path: Path) -> None:
    """What must come is worked out from the untouched captures, by plain feedparser."""
    plain = ordered(lie, SERIES)
    told = mutate(lie, plain, Random(1))
    expected = dressed(expect([read_capture(body) for body in plain]), plain, told)
    assert (lie == "rewind") == (told == plain)
    done = await rehearse(told, tmp_path)
    verdict = judge(expected, done.receipts, [])
    assert verdict.discrepancies == []
    assert (verdict.told, done.revised > 0) == (16, True)
