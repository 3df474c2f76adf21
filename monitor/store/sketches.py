"""Writing what likeness needs to know later: sketches of words, related stories, and how common words are."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime

from monitor.model.stories import PollPlan
from monitor.store.moments import to_micros
from monitor.store.queries import query

_AT_ONCE = 4
"""old sketches that go for each new one: what piled up melts away, and no poll pays for all of it"""


def write_likeness(
    connection: sqlite3.Connection,
    plan: PollPlan,
    entries: Mapping[str, int],
    stories: Mapping[str, int],
    since: datetime,
) -> None:
    """Write what a plan says of likeness; the entries and stories, by their keys, are written already.

    Sketches of words that came before `since` are let go of, a few at a time, once they are counted.
    """
    at = to_micros(plan.at)
    sketches = [(entries[one.entry_key], at, one.sketch) for one in plan.sift.fresh if one.sketch]
    if sketches:
        connection.executemany(query("add_sketch"), sketches)
        asked = {"before": to_micros(since), "limit": _AT_ONCE * len(sketches)}
        connection.execute(query("drop_sketches"), asked)
    related = [
        (entries[one.entry_key], stories[story], score)
        for one in plan.sift.fresh
        for story, score in one.related
        if story in stories
    ]
    if related:
        connection.executemany(query("add_related"), related)
    if plan.vocabulary:
        connection.execute(query("save_lexicon"), {"vocabulary": plan.vocabulary})
