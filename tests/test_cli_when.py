"""Moments as a person says them."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.cli.when import after, before
from monitor.errors import UsageError

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_the_past_reaches_back_as_far_as_anybody_asks() -> None:
    """Longer than a year, which the configuration takes for a slip; a time stands for itself."""
    assert before("2d", "--since", NOW) == NOW - timedelta(days=2)
    assert before("9999d", "--since", NOW) == NOW - timedelta(days=9999)
    assert before("2026-03-02 08:00 Europe/Berlin", "--since", NOW) == datetime(2026, 3, 2, 7, tzinfo=UTC)


@pytest.mark.parametrize("said", ["", "two days", "99999d", "2026-03-02 08:00", "2026-03-02 08:00 Nowhere/City"])
def test_what_is_no_time_is_told_with_an_example(said: str) -> None:
    with pytest.raises(UsageError, match="--since: expected a duration such as 2d"):
        before(said, "--since", NOW)


def test_the_future_is_near() -> None:
    assert after("2h", "--for", NOW) == NOW + timedelta(hours=2)
    with pytest.raises(UsageError, match="9999d is not a duration"):
        after("9999d", "--for", NOW)
