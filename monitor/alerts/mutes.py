"""What somebody does not want to hear of."""

from collections.abc import Iterable
from datetime import datetime

from monitor.model.holding import Mute, MuteKind, Waiting


def muted_by(waiting: Waiting, mutes: Iterable[Mute], now: datetime) -> str:
    """Why a delivery is not sent, in words for people; empty where no mute is on it.

    A muted outlet silences what no other outlet carries, a muted entity whatever was found by it, a muted story all
    that follows it as well.
    """
    in_force = [mute for mute in mutes if mute.until is None or now < mute.until]
    for mute in in_force:
        if mute.kind is not MuteKind.OUTLET and _is_meant(mute, waiting):
            return _said(mute)
    outlets = {mute.subject: mute for mute in in_force if mute.kind is MuteKind.OUTLET}
    if waiting.outlets and outlets.keys() >= set(waiting.outlets):
        return "; ".join(_said(outlets[name]) for name in dict.fromkeys(waiting.outlets))
    return ""


def _is_meant(mute: Mute, waiting: Waiting) -> bool:
    match mute.kind:
        case MuteKind.RULE:
            return mute.subject == waiting.rule
        case MuteKind.ENTITY:
            return mute.subject in waiting.entities
        case MuteKind.STORY:
            return mute.subject == waiting.story
        case MuteKind.OUTLET:
            return False


def _said(mute: Mute) -> str:
    until = f" until {mute.until:%Y-%m-%d %H:%M} UTC" if mute.until else ""
    by = f" by {mute.by}" if mute.by else ""
    return f"{mute.kind} {mute.subject} is muted{until}{by}"
