"""What people do to stories by hand, on SQLite."""

import sqlite3
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.model.moves import Corrected, Hand, MoveKind, Refusal, Refused
from monitor.model.stories import Level
from monitor.store.content import pack, pack_pairs
from monitor.store.moments import to_micros
from monitor.store.queries import query
from monitor.store.rows import column
from monitor.store.thread import StoreThread
from monitor.text.naming import entry_name, short_name

REASONS = {
    MoveKind.SPLIT: "somebody split it off from story {}",
    MoveKind.MERGE: "somebody merged its story {} into this one",
}
"""of an entry that was moved; with the public id of the story that it came from"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Story:
    row: int
    story_key: str
    public_id: str


class SqliteStoryDesk:
    """Stories split and merged; see `monitor.ports.StoryDesk`."""

    def __init__(self, thread: StoreThread) -> None:
        """Work through this thread."""
        self._thread = thread

    async def split(
        self, story: str, entries: Collection[str], hand: Hand, *, is_dry: bool = False
    ) -> Corrected | Refused:
        """Give some entries of a story a story of their own; with `is_dry` only say so."""
        return await self._asked(lambda connection: _split(connection, story, entries, hand, is_dry=is_dry), is_dry)

    async def merge(
        self, stories: Collection[str], into: str, hand: Hand, *, is_dry: bool = False
    ) -> Corrected | Refused:
        """Make stories a part of another, all of them or none; with `is_dry` only say so."""
        return await self._asked(lambda connection: _merge(connection, stories, into, hand, is_dry=is_dry), is_dry)

    async def _asked(
        self, work: Callable[[sqlite3.Connection], Corrected | Refused], is_dry: bool
    ) -> Corrected | Refused:
        return await (self._thread.read(work) if is_dry else self._thread.write(work))


def split_key(story: str, entries: Collection[str], at: datetime) -> str:
    """The key of what is split off from a story: no entry has a key like it, and no other part of that story has it."""
    return f"a split of {story} at {at.isoformat()}: {min(entries)}"


def _split(
    connection: sqlite3.Connection, public_id: str, entries: Collection[str], hand: Hand, *, is_dry: bool
) -> Corrected | Refused:
    story = _living(connection, public_id)
    if isinstance(story, Refused):
        return story
    rows = {
        entry_name(url, entry_key): row
        for row, url, entry_key in connection.execute(query("entries_of_story"), {"story": story.row})
    }
    strange = [entry for entry in entries if entry not in rows]
    if strange or not entries:
        return Refused(why=Refusal.NO_ENTRY, subject=strange[0] if strange else "")
    if rows.keys() <= set(entries):
        return Refused(why=Refusal.ALL_ENTRIES, subject=public_id)
    story_key = split_key(public_id, entries, hand.at)
    part = short_name(story_key)
    if not is_dry:
        asked = {"stories": pack_pairs([(story_key, part)]), "at": to_micros(hand.at)}
        connection.execute(query("found_stories"), asked)
        new = _Story(
            row=dict(connection.execute(query("story_ids"), {"stories": pack([story_key])}))[story_key],
            story_key=story_key,
            public_id=part,
        )
        _inherit(connection, new, story)
        _move(connection, sorted(rows[entry] for entry in set(entries)), story, new, (MoveKind.SPLIT, hand))
    return Corrected(story=part, entries=len(set(entries)))


def _merge(
    connection: sqlite3.Connection, public_ids: Collection[str], into: str, hand: Hand, *, is_dry: bool
) -> Corrected | Refused:
    target = _living(connection, into)
    if isinstance(target, Refused):
        return target
    stories: list[_Story] = []
    for public_id in dict.fromkeys(public_ids):
        story = _living(connection, public_id)
        if isinstance(story, Refused):
            return story
        if story.row == target.row:
            return Refused(why=Refusal.ITSELF, subject=public_id)
        stories.append(story)
    moved = 0
    for story in stories:
        rows = column(connection, "entries_of_story", {"story": story.row})
        moved += len(rows)
        if is_dry:
            continue
        _inherit(connection, target, story)
        _move(connection, rows, story, target, (MoveKind.MERGE, hand))
        asked = {"story": story.row, "into": target.row, "at": to_micros(hand.at), "by": hand.by}
        connection.execute(query("merge_story"), asked)
    return Corrected(story=into, entries=moved)


def _living(connection: sqlite3.Connection, public_id: str) -> _Story | Refused:
    found = connection.execute(query("story_to_correct"), {"public_id": public_id}).fetchone()
    if found is None:
        return Refused(why=Refusal.NO_STORY, subject=public_id)
    row, story_key, living = found
    if living is not None:
        return Refused(why=Refusal.MERGED, subject=public_id, instead=living)
    return _Story(row=row, story_key=story_key, public_id=public_id)


def _inherit(connection: sqlite3.Connection, heir: _Story, story: _Story) -> None:
    for name in ("inherit_inherited", "inherit_fired"):
        connection.execute(query(name), {"heir": heir.row, "story": story.row})


def _move(
    connection: sqlite3.Connection, rows: Sequence[int], old: _Story, new: _Story, how: tuple[MoveKind, Hand]
) -> None:
    kind, hand = how
    ids = pack(rows)
    made = {
        "ids": ids,
        "kind": kind.value,
        "at": to_micros(hand.at),
        "by": hand.by,
        "old_story": old.story_key,
        "new_story": new.story_key,
    }
    connection.execute(query("add_moves"), made)
    stand = {
        "ids": ids,
        "story": new.row,
        "old_story": old.story_key,
        "level": Level.BY_HAND.value,
        "reason": REASONS[kind].format(old.public_id),
    }
    connection.execute(query("move_entries"), stand)
