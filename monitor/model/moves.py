"""Stories corrected by hand: who moved which entries, and why that can be refused."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MoveKind(StrEnum):
    """How entries came into another story by hand."""

    SPLIT = "split"
    """they were given a story of their own"""
    MERGE = "merge"
    """their whole story was made a part of another one"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Who corrects, and when."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PastMove:
    """An entry that was moved, and by what it stood in its story before."""

    kind: MoveKind
    hand: Hand
    old_story: str
    """public id"""
    new_story: str
    level: str
    score: float | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """What a correction did, or would do."""

    story: str
    """public id of the story in which the entries are now"""
    entries: int
    """that were moved"""


class Refusal(StrEnum):
    """Why a correction is not made."""

    NO_STORY = "no_story"
    """there is no such story"""
    NO_ENTRY = "no_entry"
    """the story has no such entry"""
    ALL_ENTRIES = "all_entries"
    """nothing would be left of the story"""
    ITSELF = "itself"
    """a story cannot be merged into itself"""
    MERGED = "merged"
    """another story stands for it already"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A correction that is not made; nothing was written."""

    why: Refusal
    subject: str
    """public id of the story or the entry that it is about"""
    instead: str = ""
    """public id of the story that stands for it"""
