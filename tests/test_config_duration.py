"""Durations as people write them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.duration import LONGEST, parse, spell


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("15m", timedelta(minutes=15)),
        ("2h", timedelta(hours=2)),
        ("30s", timedelta(seconds=30)),
        ("1d", timedelta(days=1)),
        ("500ms", timedelta(milliseconds=500)),
        ("1h30m", timedelta(minutes=90)),
        ("1m500ms", timedelta(seconds=60.5)),
        ("0s", timedelta()),
        ("366d", LONGEST),
    ],
)
def test_units_and_their_combinations_are_understood(text: str, length: timedelta) -> None:
    """A duration is amounts with units, from large to small."""
    assert parse(text) == length


@pytest.mark.parametrize(
    "text", ["", "15", "m", "15 m", "30m1h", "1h1h", "-5m", "1.5h", "15min", "15M", "٣m", "367d", "9999999s", "1h\n"]
)
def test_anything_else_is_no_duration(text: str) -> None:
    """No guessing: what is not plainly a duration of a year at most is refused."""
    assert parse(text) is None


@given(st.integers(min_value=0, max_value=int(LONGEST.total_seconds() * 1000)))
def test_what_is_spelt_is_read_back(milliseconds: int) -> None:
    """`spell` and `parse` are each other's reverse."""
    length = timedelta(milliseconds=milliseconds)
    assert parse(spell(length)) == length
