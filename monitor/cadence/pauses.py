"""Which feeds rest because somebody said so.

A pause is said of an outlet, or of one feed. A feed that several outlets name goes on as long as one of them is not
paused: whoever silences one outlet must not silence another by it.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from monitor.model.polls import Pause, PauseKind


def in_force(pauses: Iterable[Pause], now: datetime) -> tuple[Pause, ...]:
    """Those that are not over."""
    return tuple(one for one in pauses if one.until is None or one.until > now)


def resting(url: str, outlets: Collection[str], pauses: Iterable[Pause], now: datetime) -> Pause | None:
    """The pause that keeps a feed from being polled: its own, else the first to end of all its outlets'."""
    standing = {(one.kind, one.subject): one for one in in_force(pauses, now)}
    if own := standing.get((PauseKind.FEED, url)):
        return own
    theirs = [standing.get((PauseKind.OUTLET, name)) for name in outlets]
    paused = [one for one in theirs if one is not None]
    if not paused or len(paused) < len(theirs):
        return None
    ending = [one for one in paused if one.until is not None]
    return min(ending, key=lambda one: one.until or now) if ending else paused[0]
