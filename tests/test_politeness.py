"""Twenty points of politeness over a virtual week with restarts: the real parts against publishers of every kind."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.politeness.score import marks
from tests.politeness.week import BEGAN, Week, virtual_week

HOUR = timedelta(hours=1)
SIBLINGS = 200


def asked_at(week: Week, host: str) -> list[float]:
    """Hours at which a host was asked."""
    return [(one.at - BEGAN) / HOUR for one in week.server.exchanges if f"//{host}.example" in one.url]


@pytest.mark.timeout(900)
async def test_a_week_wins_twenty_points(tmp_path: Path) -> None:
    """Restarts, a kill in the middle of a commit, refusals of every kind, moves, wishes, 200 feeds on one server."""
    with capture_logs():
        async with virtual_week(tmp_path, siblings=SIBLINGS) as week:
            record = week.record()
    assert {number: complaints for number, complaints in marks(record).items() if complaints} == {}

    # What the score does not say: each kind of publisher was met, and read.
    asked = Counter(one.url for one in record.exchanges)
    assert set(record.feeds) <= set(asked)
    assert len(record.restarts) == 9
    assert {304, 301, 302, 303, 307, 308, 403, 404, 410, 429, 500, 503} <= {one.status for one in record.exchanges}
    entries = {host: week.entries(host) for host in ("kept", "gzip", "deflate", "moved", "lent", "found", "shared")}
    assert min(entries.values()) >= 40, entries

    # A feed that was paused rested, and came back.
    assert not [hour for hour in asked_at(week, "paused") if 45.1 < hour < 93.0]
    assert [hour for hour in asked_at(week, "paused") if 93.0 <= hour < 97.0]
    # What stood still for days was asked for once without conditions, and had news.
    unconditional = [one for one in record.exchanges if "//stuck." in one.url and not one.sent(b"if-none-match")]
    assert 2 <= len(unconditional) <= 3
    assert week.entries("stuck") > 10
    # Redirects that stood for a week are believed; those for a time, mixed ones, and those to strangers are not.
    last = {host: max(asked_at(week, host)) for host in ("moved", "lent", "bought", "found", "other", "brief", "mixed")}
    assert max(last["moved"], last["lent"]) < 8 * 24 < min(asked_at(week, "moving")[-1], asked_at(week, "lending")[-1])
    assert min(last[host] for host in ("bought", "found", "other", "brief", "mixed")) > 8 * 24
    # The other feed of a server that refused one of them comes back as well.
    for host in ("seconds", "dates", "garbage", "huge", "forbids"):
        assert asked_at(week, host)[-1] > 8 * 24
