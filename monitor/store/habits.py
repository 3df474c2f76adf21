"""How a feed's habits are kept in one column: JSON, of which queries read `$.links.doubted_since`."""

import json
from functools import lru_cache

from monitor.model.polls import Habits, KeyHabit, Nature
from monitor.store.moments import to_micros, to_moment

_FEW_KINDS = 256  # of habits: those of an honest feed are the same in all of them


@lru_cache(_FEW_KINDS)
def pack_habits(habits: Habits) -> str:
    """A JSON object; only what was learned stands in it."""
    packed = {"ids": _packed(habits.ids), "links": _packed(habits.links)}
    return json.dumps({name: value for name, value in packed.items() if value}, separators=(",", ":"))


@lru_cache(_FEW_KINDS)
def unpack_habits(packed: str) -> Habits:
    """What `pack_habits` wrote."""
    stored = json.loads(packed)
    return Habits(ids=_unpacked(stored.get("ids", {})), links=_unpacked(stored.get("links", {})))


def _packed(habit: KeyHabit) -> dict[str, str | int | None]:
    packed = {
        "nature": habit.nature.value,
        "shown": habit.shown,
        "changes": habit.changes,
        "lies": habit.lies,
        "doubted_since": to_micros(habit.doubted_since),
    }
    return {name: value for name, value in packed.items() if value}


def _unpacked(stored: dict[str, object]) -> KeyHabit:
    nature, shown, changes, lies = (stored.get(name, 0) for name in ("nature", "shown", "changes", "lies"))
    doubted_since = stored.get("doubted_since")
    return KeyHabit(
        nature=Nature(str(nature or "")),
        shown=int(str(shown)),
        changes=int(str(changes)),
        lies=int(str(lies)),
        doubted_since=to_moment(doubted_since if isinstance(doubted_since, int) else None),
    )
