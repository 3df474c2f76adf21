"""Values that many tests start from; each test changes what it is about."""

from datetime import UTC, datetime, timedelta

from monitor.cadence.interval import Pace
from monitor.model.entries import Entry, ParsedFeed, Text
from monitor.model.polls import FeedId, FeedState

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
FEED_URL = "https://harbour.example/rss"
PACE = Pace(every=timedelta(minutes=15), shortest=timedelta(minutes=5), longest=timedelta(hours=24))


def entry(
    number: int = 1,
    *,
    title: str = "",
    summary: str = "",
    link: str | None = None,
    id: str | None = None,  # noqa: A002 - the feed's own word
) -> Entry:
    """An entry of an invented outlet; everything follows from its number unless said otherwise."""
    return Entry(
        id=f"tag:harbour.example,2026:{number}" if id is None else id,
        link=f"https://harbour.example/news/{number}" if link is None else link,
        text=Text(title=title or f"Ferry number {number} leaves the northern harbour", summary=summary),
    )


def parsed(*entries: Entry, is_whole: bool = True) -> ParsedFeed:
    """A feed document with these entries."""
    return ParsedFeed(kind="rss20", site="https://harbour.example/", language="en", is_whole=is_whole, entries=entries)


def feed_state(*, has_baseline: bool = True, url: str = FEED_URL) -> FeedState:
    """A feed that was polled before, or one that never was."""
    before = NOW - timedelta(hours=1)
    return FeedState(
        id=FeedId(1),
        url=url,
        origin="https://harbour.example:443",
        next_poll_at=NOW,
        last_success_at=before if has_baseline else None,
        baseline_at=before if has_baseline else None,
    )
