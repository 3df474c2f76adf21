"""Words for what was told of silence, and is not over."""

from collections.abc import Iterable, Iterator

from monitor.cli.output import moment
from monitor.model.polls import FeedState
from monitor.model.troubles import Cause, Trouble
from monitor.system.redaction import Redact

_WORDS = {
    Cause.SILENT: "nothing new",
    Cause.UNMATCHED: "no match",
    Cause.EMPTY: "no entries",
    Cause.MISSED: "entries may have been missed",
    Cause.IDENTITY: "ids or links are not as they were",
}


def unheard_lines(troubles: Iterable[Trouble], feeds: Iterable[FeedState], redact: Redact) -> Iterator[str]:
    """A line for each that says of an outlet, a rule or a feed what its state does not."""
    moved = {feed.url: feed.moving.adopted for feed in feeds if feed.moving.adopted}
    for one in troubles:
        if one.cause in _WORDS:
            yield redact(f"{one.about}: {_WORDS[one.cause]} since {moment(one.since)}")
        elif one.cause is Cause.MOVED and one.subject in moved:
            yield redact(f"{one.about}: moved for good, is read at {moved[one.subject]}: edit the configuration")


def trouble_facts(one: Trouble, redact: Redact) -> dict[str, object]:
    """What was told and is not over, as JSON."""
    return {
        "cause": one.cause,
        "subject": redact(one.subject),
        "about": redact(one.about),
        "since": one.since,
        "told_at": one.told_at,
    }
