"""From when on a silence is too long, should it last and somebody listen all the while.

Asked hour by hour of the very judgement that raises the alarm: what is foreseen and what is told can never differ.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.cadence.hearing import hear_feed, hear_outlet, hear_rule
from monitor.model.polls import FeedState
from monitor.model.silence import Foreseen, Silence, Span

REACH = timedelta(days=60)
"""ahead: whoever is silent for a month is told before that"""
_STEP = timedelta(hours=1)  # as often as is listened


def outlet_outlook(feeds: Sequence[FeedState], spans: Sequence[Span], now: datetime) -> Foreseen | None:
    """When an outlet of these feeds is called silent at the earliest; None: not for its silence.

    Those that answer go on answering, those that fail go on failing.
    """
    going_on = _going_on(spans, now)

    def heard(feed: FeedState, at: datetime) -> FeedState:
        return feed if feed.failures or feed.last_success_at is None else replace(feed, last_success_at=at)

    return _first(lambda at: hear_outlet(hear_feed(heard(feed, at), going_on, at) for feed in feeds), now)


def rule_outlook(
    moments: Sequence[datetime], spans: Sequence[Span], now: datetime, *, counts_from: datetime | None = None
) -> Foreseen | None:
    """When a rule that matched at these moments is called silent at the earliest; None: not for its silence."""
    going_on = _going_on(spans, now)
    return _first(lambda at: hear_rule(moments, going_on, at, counts_from=counts_from), now)


def _first(judge: Callable[[datetime], Silence | None], now: datetime) -> Foreseen | None:
    # A silence may be too long on Friday and, once it reaches into the weekend, not yet again: no halving.
    for step in range(REACH // _STEP + 1):
        at = now + step * _STEP
        if silence := judge(at):
            return Foreseen(at=at, silence=silence)
    return None


def _going_on(spans: Sequence[Span], now: datetime) -> tuple[Span, ...]:
    """As if somebody listened from now on."""
    return (*spans, Span(began_at=now, until=now + REACH))
