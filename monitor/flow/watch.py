"""What is being watched: the compiled configuration that a poll decides by. Replaced whole on a reload."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from monitor.cadence.interval import Pace
from monitor.model.holding import Route
from monitor.model.rules import View
from monitor.rules.ruleset import Ruleset


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedWatch:
    """What the configuration says of one URL, over all outlets that name it."""

    url: str
    outlets: tuple[str, ...]
    tags: tuple[str, ...]
    language: str
    pace: Pace
    names: tuple[str, ...] = ()
    """of outlets and publishers, as they may stand in headlines of this feed"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Feeds by URL, the rules, and the channels that exist."""

    feeds: Mapping[str, FeedWatch]
    ruleset: Ruleset
    channels: tuple[str, ...]
    alarms: tuple[str, ...] = ()
    """channels that hear what is wrong with ourselves; empty: every one"""
    publishers: Mapping[str, str] = field(default_factory=dict)
    """outlet → publisher: several outlets of one count once"""
    routes: tuple[Route, ...] = ()

    @property
    def hear_alarms(self) -> tuple[str, ...]:
        """The channels that hear what is wrong with ourselves."""
        return self.alarms or self.channels


def as_watched(view: View, watched: FeedWatch | None) -> View:
    """What was stored of an entry, as rules see it today: tags and a default language are the configuration's.

    `watched` None: no feed of the configuration brought it.
    """
    if watched is None:
        return view
    return replace(view, tags=watched.tags, language=view.language or watched.language)
