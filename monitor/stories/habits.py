"""What a feed shows of its ids and links, document by document, and how far they are believed from then on.

- A key that in three documents running most known entries had changed (a new guid at each poll, a session in the
  address) recognises nothing and only fills the store: it is doubted from then on.
- A key that in three documents named a wrong entry more often than the right one (one guid for whatever stands first,
  one page for all) is doubted as well. A document in which it named five right and none wrong wipes that out.
- Doubt stays: what is left without the key (link, words) recognises entries as well as before, and a key that was
  wrong so often is not worth the risk.

One change of all ids, a document without them, the same one everywhere: told, but nothing to learn, since `identity`
and `recognition` see it in each document for themselves.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.model.polls import Habits, KeyHabit, Nature
from monitor.model.stories import KeySigns, Signs

PATIENCE = 3
"""documents of one bad habit before a key is doubted"""
MOST_SHOWN = 9
"""where counting of entries that a key told apart ends: nobody asks for more"""
_AMENDS = 5  # entries named rightly, and none wrongly, in one document
_FEW = 2  # entries that changed at once before it is worth an alarm: one alone is an editor's doing


class LessonKind(StrEnum):
    """What was learned of a key."""

    MISSING = "missing"
    SHARED = "shared"
    HUGE = "huge"
    CHANGED = "changed"
    """most known entries came with another one, for the first time"""
    RESTLESS = "restless"
    """they do so every time: doubted"""
    LYING = "lying"
    """it names wrong entries: doubted"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """Something new about a feed's keys that its owner should hear of."""

    kind: LessonKind
    key: str
    """`ids` or `links`"""
    says: str
    """one sentence without the feed's name"""

    @property
    def passes(self) -> bool:
        """Whether it may be otherwise again: doubt is for good."""
        return self.kind not in {LessonKind.RESTLESS, LessonKind.LYING}


def learn(habits: Habits, signs: Signs, now: datetime) -> tuple[Habits, tuple[Lesson, ...]]:
    """The habits after one more document, and what is new about them."""
    if not signs.entries:
        return habits, ()
    ids = _learn(habits.ids, signs.ids, signs.entries, now)
    links = _learn(habits.links, signs.links, signs.entries, now)
    lessons = (
        *_lessons("ids", habits.ids, ids, signs.ids, signs.entries),
        *_lessons("links", habits.links, links, signs.links, signs.entries),
    )
    return Habits(ids=ids, links=links), lessons


def _learn(habit: KeyHabit, signs: KeySigns, entries: int, now: datetime) -> KeyHabit:
    changes, lies = habit.changes, habit.lies
    # Where there were none of their own before, or nobody looked, they did not change: they came.
    if signs.changed > signs.kept and habit.nature in {Nature.OWN, Nature.HUGE}:
        changes += 1
    elif signs.kept:
        changes = 0
    if signs.lied > signs.kept:
        lies += 1
    elif signs.kept >= _AMENDS and not signs.lied:
        lies = 0
    is_too_much = changes >= PATIENCE or lies >= PATIENCE
    return KeyHabit(
        nature=_nature(habit.nature, signs, entries),
        shown=min(max(habit.shown + signs.novel, signs.told), MOST_SHOWN),
        changes=changes,
        lies=lies,
        doubted_since=habit.doubted_since or (now if is_too_much else None),
    )


def _nature(before: Nature, signs: KeySigns, entries: int) -> Nature:
    if entries == 1 and before is Nature.SHARED and not signs.missing:
        return before  # one entry alone shares with nobody
    if 2 * signs.missing > entries:
        return Nature.MISSING
    if 2 * signs.shared > entries:
        return Nature.SHARED
    if 2 * signs.huge > entries:
        return Nature.HUGE
    return Nature.OWN


def _lessons(key: str, before: KeyHabit, after: KeyHabit, signs: KeySigns, entries: int) -> Iterator[Lesson]:
    if after.nature is not before.nature:
        yield from _of_nature(key, before.nature, after.nature, entries)
    if after.doubted_since is not None:
        if before.doubted_since is None:
            yield _doubt(key, after)
        return
    known = signs.kept + signs.changed
    if before.changes == 0 < after.changes and signs.changed >= _FEW:
        says = f"{signs.changed} of {known} known entries came with other {key}; they were recognised without them"
        yield Lesson(kind=LessonKind.CHANGED, key=key, says=says)


def _of_nature(key: str, before: Nature, after: Nature, entries: int) -> Iterator[Lesson]:
    told = {
        Nature.MISSING: (LessonKind.MISSING, "have none"),
        Nature.SHARED: (LessonKind.SHARED, "are all alike"),
        Nature.HUGE: (LessonKind.HUGE, "are thousands of characters long"),
    }
    # A feed of texts without pages is as it should be; one that had pages and has none now is not.
    is_news = after in told and not (key == "links" and after is Nature.MISSING and before is not Nature.OWN)
    if is_news:
        kind, what = told[after]
        others = "links, else words" if key == "ids" else "ids, else words"
        subject = (
            f"most of {entries} entries {what}" if after is Nature.MISSING else f"the {key} of most entries {what}"
        )
        says = f"{key}: {subject}; {others} tell them apart"
        yield Lesson(kind=kind, key=key, says=says)


def _doubt(key: str, habit: KeyHabit) -> Lesson:
    others = "links, else words" if key == "ids" else "ids, else words"
    if habit.changes >= PATIENCE:
        says = f"the {key} of known entries change at every poll and are not used any more; {others} tell them apart"
        return Lesson(kind=LessonKind.RESTLESS, key=key, says=says)
    says = f"the {key} name wrong entries again and again and are not used any more; {others} tell them apart"
    return Lesson(kind=LessonKind.LYING, key=key, says=says)
