"""Silence that nothing explains: how long it has lasted, and how long is usual."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


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


class Hearing(StrEnum):
    """What is heard where there is no silence to tell of."""

    SPEAKS = "speaks"
    """it came lately enough, or nobody could hear it"""
    UNKNOWN = "unknown"
    """what is usual for it is not known, or it is not asked: it says nothing either way"""
