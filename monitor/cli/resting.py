"""How a pause is told."""

from monitor.cli.output import moment
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
