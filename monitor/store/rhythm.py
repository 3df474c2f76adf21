"""How a feed's rhythm and its moving are kept, a column each: JSON in which only what is known stands."""

import json
from datetime import timedelta
from functools import lru_cache

from monitor.model.rhythm import Floors, Gap, Moving, Rhythm
from monitor.store.moments import to_micros, to_moment

_MICROSECOND = timedelta(microseconds=1)
_NOTHING = "{}"

_Packed = str | int | float | list[int] | list[float] | list[list[int]]


def pack_rhythm(rhythm: Rhythm) -> str:
    """A JSON object; spans and moments in microseconds."""
    floors = rhythm.floors
    return _packed(
        interval=None if rhythm.interval is None else _span(rhythm.interval),
        last_new_at=to_micros(rhythm.last_new_at),
        missed_at=to_micros(rhythm.missed_at),
        window=rhythm.window,
        fresh=rhythm.fresh,
        header=_span(floors.header),
        document=_span(floors.document),
        skip_hours=sorted(floors.skip_hours),
        skip_days=sorted(floors.skip_days),
        since=to_micros(rhythm.since),
        counted_at=to_micros(rhythm.counted_at),
        hours=list(rhythm.hours),
        days=list(rhythm.days),
        lately=rhythm.lately,
        gaps=[[gap.week, _span(gap.weekday), _span(gap.weekend)] for gap in rhythm.gaps],
    )


@lru_cache(512)  # read when a feed is due and again when its poll is stored: a third of what storing a 304 takes
def unpack_rhythm(packed: str) -> Rhythm:
    """What `pack_rhythm` wrote."""
    if packed == _NOTHING:
        return Rhythm()
    stored = json.loads(packed)
    interval = stored.get("interval")
    return Rhythm(
        interval=None if interval is None else timedelta(microseconds=interval),
        last_new_at=to_moment(stored.get("last_new_at")),
        missed_at=to_moment(stored.get("missed_at")),
        window=stored.get("window", 0),
        fresh=stored.get("fresh", 0),
        floors=Floors(
            header=timedelta(microseconds=stored.get("header", 0)),
            document=timedelta(microseconds=stored.get("document", 0)),
            skip_hours=frozenset(stored.get("skip_hours", ())),
            skip_days=frozenset(stored.get("skip_days", ())),
        ),
        since=to_moment(stored.get("since")),
        counted_at=to_moment(stored.get("counted_at")),
        hours=tuple(stored.get("hours", ())),
        days=tuple(stored.get("days", ())),
        lately=stored.get("lately", 0.0),
        gaps=tuple(
            Gap(week=week, weekday=timedelta(microseconds=weekday), weekend=timedelta(microseconds=weekend))
            for week, weekday, weekend in stored.get("gaps", ())
        ),
    )


def pack_moving(moving: Moving) -> str:
    """A JSON object."""
    return _packed(
        address=moving.address,
        sightings=moving.sightings,
        first_seen_at=to_micros(moving.first_seen_at),
        is_same=moving.is_same,
        adopted=moving.adopted,
        adopted_at=to_micros(moving.adopted_at),
        unmodified_since=to_micros(moving.unmodified_since),
    )


@lru_cache(512)
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


def _span(length: timedelta) -> int:
    return length // _MICROSECOND


def _packed(**values: _Packed | None) -> str:
    known = {name: value for name, value in values.items() if value}
    return json.dumps(known, separators=(",", ":")) if known else _NOTHING
