"""What somebody does not want to hear of."""

from collections.abc import Iterable
from datetime import datetime

from monitor.model.holding import Mute, MuteKind, Waiting


def muted_by(waiting: Waiting, mutes: Iterable[Mute], now: datetime) -> str:
    """Why a delivery is not sent, in words for people; empty where no mute is on it.

    A muted outlet silences what no other outlet carries, a muted entity whatever was found by it, a muted story all
    that follows it as well.
    """
    outlets: dict[str, Mute] = {}
    for mute in mutes:
        if mute.until is not None and mute.until <= now:
            continue
        if mute.kind is MuteKind.OUTLET:
            outlets[mute.subject] = mute
        elif mute.subject and mute.subject in _named(mute.kind, waiting):
            return _said(mute)
    if waiting.outlets and outlets.keys() >= set(waiting.outlets):
        return "; ".join(_said(outlets[name]) for name in dict.fromkeys(waiting.outlets))
    return ""


def _named(kind: MuteKind, waiting: Waiting) -> tuple[str, ...]:
    if kind is MuteKind.ENTITY:
        return waiting.entities
    return (waiting.rule if kind is MuteKind.RULE else waiting.story,)


def _said(mute: Mute) -> str:
    until = f" until {mute.until:%Y-%m-%d %H:%M} UTC" if mute.until else ""
    by = f" by {mute.by}" if mute.by else ""
    return f"{mute.kind} {mute.subject} is muted{until}{by}"
