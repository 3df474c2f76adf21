"""How a feed's rhythm and its moving are kept, a column each: JSON in which only what is known stands."""

import json
from datetime import timedelta

from monitor.model.rhythm import Moving, Rhythm
from monitor.store.moments import to_micros, to_moment

_MICROSECOND = timedelta(microseconds=1)
_NOTHING = "{}"


def pack_rhythm(rhythm: Rhythm) -> str:
    """A JSON object; spans in microseconds."""
    return _packed(
        interval=None if rhythm.interval is None else rhythm.interval // _MICROSECOND,
        last_new_at=to_micros(rhythm.last_new_at),
    )


def unpack_rhythm(packed: str) -> Rhythm:
    """What `pack_rhythm` wrote."""
    if packed == _NOTHING:
        return Rhythm()
    stored = json.loads(packed)
    interval = stored.get("interval")
    return Rhythm(
        interval=None if interval is None else timedelta(microseconds=interval),
        last_new_at=to_moment(stored.get("last_new_at")),
    )


def pack_moving(moving: Moving) -> str:
    """A JSON object."""
    return _packed(
        address=moving.address,
        sightings=moving.sightings or None,
        first_seen_at=to_micros(moving.first_seen_at),
        is_same=moving.is_same or None,
        adopted=moving.adopted,
        adopted_at=to_micros(moving.adopted_at),
        unmodified_since=to_micros(moving.unmodified_since),
    )


def unpack_moving(packed: str) -> Moving:
    """What `pack_moving` wrote."""
    if packed == _NOTHING:
        return Moving()
    stored = json.loads(packed)
    return Moving(
        address=stored.get("address", ""),
        sightings=stored.get("sightings", 0),
        first_seen_at=to_moment(stored.get("first_seen_at")),
        is_same=stored.get("is_same", False),
        adopted=stored.get("adopted", ""),
        adopted_at=to_moment(stored.get("adopted_at")),
        unmodified_since=to_moment(stored.get("unmodified_since")),
    )


def _packed(**values: str | int | None) -> str:
    known = {name: value for name, value in values.items() if value not in {None, ""}}
    return json.dumps(known, separators=(",", ":")) if known else _NOTHING
