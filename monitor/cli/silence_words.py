"""Words for what a silence is worth, and for who was listening meanwhile."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.app.silence import Standing, Stillness
from monitor.cadence.floors import floor_of
from monitor.cadence.pauses import resting
from monitor.cadence.spans import span
from monitor.cli.output import moment
from monitor.cli.resting import pause_words
from monitor.flow.watch import Watch
from monitor.model.views import FeedRow
from monitor.system.redaction import Redact

_MOST_FEEDS = 20
"""that are told one by one; more of an outlet, or more in trouble of a rule, are counted"""
_MOST_OUTLETS = 10
_STILL = timedelta(hours=24)
"""304s in a row that are worth a word"""
_LATELY = timedelta(days=7)
"""how far back it is said that entries may have been missed"""
_BETWEEN_LOOKS = timedelta(hours=2)
"""less than that was not missed: an hourly look is not made at the moment of the last news"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What is known of the silence of an outlet or a rule, and what it is told by."""

    kind: str
    """`outlet` or `rule`"""
    name: str
    still: Stillness
    watch: Watch
    is_at_work: bool
    """a daemon"""
    now: datetime
    redact: Redact


def lines_of(one: Account) -> Iterator[str]:
    """The whole answer."""
    still = one.still
    yield headline(one)
    for label, words in (
        ("last", _last(one)),
        ("usual", _usual(one)),
        ("alarm", _alarm(one)),
        ("listening", _listening(one)),
    ):
        if words:
            yield f"  {label}: {words}"
    if one.kind == "outlet":
        told = [f"{one.redact(row.state.url)}: {_fares(row, one)}" for row in still.rows]
    else:
        yield f"  {_looks_at(one)}"
        told = [
            f"{' + '.join(row.outlets)} ({one.redact(row.state.url)}): {'; '.join(remarks)}"
            for row in still.rows
            if (remarks := tuple(remarks_on(row, one)))
        ]
    for line in told[:_MOST_FEEDS]:
        yield f"    {line}"
    if len(told) > _MOST_FEEDS:
        yield f"    and {len(told) - _MOST_FEEDS} more: tocsin outlets list shows every feed"


def headline(one: Account) -> str:
    """The verdict in one line."""
    name = one.name if one.kind == "outlet" else f"rule {one.name}"
    return f"{name}: {_VERDICTS[one.still.standing]}: {one.still.reason}"


_VERDICTS = {
    Standing.USUAL: "its silence is usual",
    Standing.SUSPICIOUS: "its silence is suspicious",
    Standing.EXPLAINED: "its silence is explained",
    Standing.UNHEARD: "its silence says nothing, for it was not heard",
    Standing.UNJUDGED: "its silence is not judged",
}


def _last(one: Account) -> str:
    at = one.still.last_at
    if at is None:
        return "nothing new since the first poll" if one.kind == "outlet" else "no match is stored of it"
    what = "brought something new" if one.kind == "outlet" else "matched"
    return f"{what} at {moment(at)}, {span(one.now - at)} ago"


def _usual(one: Account) -> str:
    usual = one.still.usual
    if usual is None:
        return ""
    return f"{span(usual)} {'' if one.kind == 'outlet' else 'between two matches '}at the longest"


def _alarm(one: Account) -> str:
    still, until = one.still, "it brings something new" if one.kind == "outlet" else "it matches"
    if still.told is not None:
        raised = f"raised at {moment(still.told.told_at)}" if still.told.told_at else "raised"
        return f"{raised}; it is over when {until}"
    if still.alarm_at is None:
        return "none, as it stands" if still.standing is not Standing.EXPLAINED else "on these outlets, not on the rule"
    if not one.is_at_work:
        return "once a daemon is at work: it has to listen as long as that takes"
    if still.alarm_at <= one.now:
        return "within the hour, at the daemon's next look"
    return f"at {moment(still.alarm_at)} at the earliest, unless {until}"


def _listening(one: Account) -> str:
    nobody = "" if one.is_at_work else "nobody does at this moment, for no daemon is at work"
    unheard = one.still.unheard
    if one.still.last_at is None or (nobody and unheard < _BETWEEN_LOOKS):
        return nobody
    if unheard < _BETWEEN_LOOKS:
        return "all the time since then"
    missed = f"not for {span(unheard)} of that time: no daemon was at work, or most feeds failed"
    return f"{nobody}; {missed}" if nobody else missed


def _looks_at(one: Account) -> str:
    names = one.still.outlets
    more = f" and {len(names) - _MOST_OUTLETS} more" if len(names) > _MOST_OUTLETS else ""
    used = "used to match in" if one.still.last_at else "looks at"
    feeds = len(one.still.rows)
    ill = sum(1 for row in one.still.rows if any(remarks_on(row, one)))
    return (
        f"{used}: {', '.join(names[:_MOST_OUTLETS]) or 'no outlet'}{more}; it looks at {feeds} "
        f"{'feed' if feeds == 1 else 'feeds'}, {f'{ill} of them not as it should be' if ill else 'all of them well'}"
    )


def _fares(row: FeedRow, one: Account) -> str:
    state = row.state
    polled = f"polled at {moment(state.last_poll_at)}" if state.last_poll_at else "never polled"
    remarks = tuple(remarks_on(row, one))
    if state.is_gone or resting(state.url, row.outlets, row.pauses, one.now):
        return "; ".join((*remarks, polled))
    following = f"next at {moment(max(state.next_poll_at, row.held_until or state.next_poll_at))}"
    why = f" ({one.redact(state.next_reason)})" if state.next_reason else ""
    return f"{'; '.join(remarks) or 'well'}; {polled}, {following}{why}"


def remarks_on(row: FeedRow, one: Account) -> Iterator[str]:
    """What may keep a feed's news from being heard, or heard soon."""
    state = row.state
    if pause := resting(state.url, row.outlets, row.pauses, one.now):
        yield pause_words(pause)
    if state.is_gone:
        yield "gone (410), not polled any more"
    elif state.failures:
        yield f"has failed since {moment(state.failing_since)}: {one.redact(state.last_error)}"
    elif state.baseline_at is None:
        yield "was not read yet"
    yield from _late(row, one)
    if state.empty_since:
        yield f"answers without any entries since {moment(state.empty_since)}"
    since = state.moving.unmodified_since
    if since and one.now - since >= _STILL:
        yield f"says that nothing has changed since {moment(since)}"
    if state.moving.adopted:
        yield f"moved for good, is read at {one.redact(state.moving.adopted)}"


def _late(row: FeedRow, one: Account) -> Iterator[str]:
    rhythm = row.state.rhythm
    pace = one.watch.feeds[row.state.url].pace
    floor, source = floor_of(rhythm.floors, heeds_ttl=pace.heeds_ttl)
    if floor > pace.every:
        yield f"polled every {span(floor)} only, for its publisher asks for that ({source})"
    if row.held_until and row.held_until > one.now:
        yield f"its server asked that nothing is asked before {moment(row.held_until)}"
    if rhythm.missed_at and one.now - rhythm.missed_at <= _LATELY:
        yield f"entries may have come and gone unseen before {moment(rhythm.missed_at)}"


def facts_of(one: Account) -> Mapping[str, object]:
    """The same as JSON."""
    still = one.still
    return {
        one.kind: one.name,
        "standing": still.standing,
        "reason": still.reason,
        "last_at": still.last_at,
        "usual_longest_gap_seconds": still.usual and still.usual.total_seconds(),
        "alarm_at": still.alarm_at,
        "told_at": still.told and still.told.told_at,
        "unheard_seconds": round(still.unheard.total_seconds()),
        "is_at_work": one.is_at_work,
        "outlets": still.outlets if one.kind == "rule" else (one.name,),
        "feeds": [
            {
                "url": one.redact(row.state.url),
                "outlets": row.outlets,
                "last_poll_at": row.state.last_poll_at,
                "last_new_at": row.state.rhythm.last_new_at,
                "next_poll_at": row.state.next_poll_at,
                "why": one.redact(row.state.next_reason),
                "remarks": list(remarks_on(row, one)),
            }
            for row in still.rows
        ],
    }
