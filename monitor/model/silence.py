"""Silence that nothing explains: how long it has lasted, and how long is usual."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.model.polls import FeedId, FeedState
from monitor.model.rules import RuleName


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of time in which somebody was listening: tocsin ran, and most feeds could be read."""

    began_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A silence that has lasted too long."""

    since: datetime
    """the last that came"""
    usual: timedelta
    """the longest that such a silence usually is"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """When a silence will be told if it lasts, and as what."""

    at: datetime
    silence: Silence


class Hearing(StrEnum):
    """What is heard where there is no silence to tell of."""

    SPEAKS = "speaks"
    """it came lately enough, or nobody could hear it"""
    UNKNOWN = "unknown"
    """what is usual for it is not known, or it is not asked: it says nothing either way"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """Some feeds of the configuration, by id."""

    feeds: tuple[FeedState, ...] = ()
    """those that brought nothing new of late, have moved, or may have been missed; gone ones too"""
    last: FeedId | None = None
    """up to which all were looked at; None: there are no more"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """When a rule matched, and where; what was there before us is left out."""

    rule: RuleName
    digest: str
    """hash of the rule"""
    moments: tuple[datetime, ...]
    """oldest first, a few hours apart; the last is its last match"""
    carriers: Mapping[str, int] = field(default_factory=dict)
    """outlet → in how many of its last matches it had a part"""
