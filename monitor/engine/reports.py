"""One log line a poll and a send; a store in trouble is told of once a minute."""

import time
from collections.abc import Callable

import structlog
from structlog.typing import FilteringBoundLogger

from monitor.errors import StoreError
from monitor.flow.deliver import Send
from monitor.flow.watch import Watch
from monitor.model.alerts import Sent
from monitor.model.stories import PollPlan


def log_poll(log: FilteringBoundLogger, watch: Watch, plan: PollPlan, seconds: float) -> None:
    """Which feed, how it ended, what was new, when it is asked again."""
    feed = plan.feed
    watched = watch.feeds.get(feed.url)
    facts: dict[str, object] = {
        "feed": feed.id,
        "outlet": " + ".join(watched.outlets) if watched else "",
        "outcome": feed.last_outcome,
        "took_ms": round(seconds * 1000),
        "next": feed.next_poll_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    if plan.notes:
        facts["note"] = "; ".join(plan.notes)
    if feed.last_outcome == "failed":
        log.warning("poll", **facts, failures=feed.failures, error=feed.last_error)
        return
    fresh = plan.sift.fresh
    if fresh:
        baseline = sum(one.is_baseline for one in fresh)
        revisions = sum(one.revision > 1 for one in fresh)
        facts |= {"new": len(fresh) - baseline - revisions, "baseline": baseline, "revised": revisions}
    if plan.alerts:
        facts["alerts"] = len(plan.alerts)
    if feed.last_error:
        facts["flaw"] = feed.last_error
    log.info("poll", **facts)


def log_send(log: FilteringBoundLogger, send: Send) -> None:
    """Which message, through which channel, how it ended, when it is tried again."""
    message = send.message
    if send.fault:
        log.warning(
            "template failed, sent in our words", channel=message.channel, id=message.public_id, error=send.fault
        )
    facts: dict[str, object] = {
        "channel": message.channel,
        "id": message.public_id,
        "state": send.settled.fate.value,
        "attempt": message.attempts + 1,
    }
    if isinstance(send.outcome, Sent):
        log.info("delivery", **facts)
        return
    if send.settled.due_at is not None:
        facts["again"] = send.settled.due_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    log.warning("delivery", **facts, error=send.outcome.reason)


TROUBLE_SECONDS = 60.0
"""between two lines about a store that goes on failing, however many feeds and channels it fails"""


class Trouble:
    """Tells of a store that fails for a while: at once, then a line a minute, with what it has failed since."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        """`monotonic` gives seconds."""
        self._monotonic = monotonic
        self._told_at: float | None = None
        self._untold = 0
        self._met_at: float | None = None
        self._begun_at: float | None = None
        self.last = ""
        """what it failed with last"""

    def is_recent(self) -> bool:
        """Whether the store failed something within the last two minutes."""
        return self._met_at is not None and self._monotonic() - self._met_at < 2 * TROUBLE_SECONDS

    def lasts(self) -> float:
        """For how many seconds it has failed again and again; 0: it works."""
        return self._monotonic() - (self._begun_at or 0.0) if self.is_recent() else 0.0

    def meet(self, work: str, error: StoreError) -> None:
        """The store failed this work."""
        now = self._monotonic()
        if not self.is_recent():
            self._begun_at = now
        self._met_at, self.last = now, str(error)
        if self._told_at is not None and now - self._told_at < TROUBLE_SECONDS:
            self._untold += 1
            return
        structlog.get_logger().error("store failed", work=work, error=str(error), failures_since=self._untold)
        self._told_at, self._untold = now, 0
