"""Why an entry stands in its story: in words, and as JSON."""

from collections.abc import Iterator

from monitor.cli.output import cell, moment
from monitor.model.moves import MoveKind, PastMove
from monitor.model.views import Sighting

_MOVED = {
    MoveKind.SPLIT: "split off from story {} by {}",
    MoveKind.MERGE: "moved here with all of story {} by {}",
}


def judged(level: str, score: float | None, reason: str) -> str:
    """By what an entry was given its story: the level, how sure that is, and the reason."""
    return f"{level}{'' if score is None else f', {100 * score:.0f} %'}: {reason}"


def neighbours(one: Sighting) -> Iterator[str]:
    """The stories that were near, but not near enough to be the same."""
    for near in one.related:
        title = f": {cell(near.title)}" if near.title else ""
        yield f"related, {100 * near.score:.0f} %: story {near.public_id}{title}"


def moves(one: Sighting) -> Iterator[str]:
    """What was done by hand: by whom, when, and by what the entry stood in its story before."""
    for move in one.moves:
        done = _MOVED[move.kind].format(move.old_story, move.hand.by)
        yield f"{done} at {moment(move.hand.at)}; before, {judged(move.level, move.score, move.reason)}"


def placing_facts(one: Sighting) -> dict[str, object]:
    """The same for programs."""
    return {
        "level": one.level,
        "score": one.score,
        "reason": one.reason,
        "related": [{"id": near.public_id, "title": near.title, "score": near.score} for near in one.related],
        "moves": [_move_facts(move) for move in one.moves],
    }


def _move_facts(move: PastMove) -> dict[str, object]:
    return {
        "kind": move.kind,
        "at": move.hand.at,
        "by": move.hand.by,
        "from": move.old_story,
        "to": move.new_story,
        "level_before": move.level,
        "score_before": move.score,
        "reason_before": move.reason,
    }
