"""What is being watched: the compiled configuration that a poll decides by. Replaced whole on a reload."""

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.cadence.next_poll import Pace
from monitor.rules.ruleset import Ruleset


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedWatch:
    """What the configuration says of one URL, over all outlets that name it."""

    url: str
    outlets: tuple[str, ...]
    tags: tuple[str, ...]
    language: str
    pace: Pace


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Feeds by URL, the rules, and the channels that exist."""

    feeds: Mapping[str, FeedWatch]
    ruleset: Ruleset
    channels: tuple[str, ...]
