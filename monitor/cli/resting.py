"""How a pause is told, and a mute."""

from monitor.cli.output import moment
from monitor.model.holding import Mute
from monitor.model.polls import Pause
from monitor.system.redaction import Redact


def pause_words(pause: Pause) -> str:
    """Since when, by whom, until when."""
    by = f" by {pause.by}" if pause.by else ""
    until = f"until {moment(pause.until)}" if pause.until else "until it is resumed"
    return f"paused since {moment(pause.at)}{by}, {until}"


def pause_facts(pause: Pause | None, redact: Redact) -> dict[str, object] | None:
    """A pause as JSON; null where there is none."""
    if pause is None:
        return None
    return {
        "kind": pause.kind,
        "subject": redact(pause.subject),
        "since": pause.at,
        "until": pause.until,
        "by": pause.by,
    }


def mute_facts(one: Mute) -> dict[str, object]:
    """A mute as JSON."""
    return {"kind": one.kind, "name": one.subject, "since": one.at, "until": one.until, "by": one.by}


def mute_words(one: Mute) -> str:
    """A mute in a line: what, since when, by whom, until when."""
    by = f" by {one.by}" if one.by else ""
    return f"{mute_name(one)}: muted since {moment(one.at)}{by}, {mute_end(one)}"


def mute_name(one: Mute) -> str:
    """What is muted."""
    return f"{one.kind} {one.subject}"


def mute_end(one: Mute) -> str:
    """Until when, or until what is done."""
    return f"until {moment(one.until)}" if one.until else f"until tocsin unmute {one.kind} {one.subject!r}"
