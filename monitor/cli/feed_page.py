"""`tocsin outlets show`: how one feed fares, when it is polled next, and why then."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from cyclopts import Parameter

from monitor.cadence.floors import overruling
from monitor.cadence.forecast import forecast
from monitor.cadence.interval import Pace
from monitor.cadence.paces import paces_of
from monitor.cadence.pauses import resting
from monitor.cadence.silence import usual_longest_gap
from monitor.cadence.spans import span
from monitor.cli.naming import outlet_or_feed
from monitor.cli.options import ANYWHERE, Json, Places, browse, settings_as_read
from monitor.cli.output import moment, say, show_json
from monitor.cli.resting import pause_facts, pause_words
from monitor.config.duration import spell
from monitor.errors import StoreMissing
from monitor.model.polls import FeedState, Pause
from monitor.model.views import FeedRow
from monitor.system.redaction import Redact, redactor

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_UNKNOWN = "not polled yet: the daemon does not know it, or was not started"
_HOURS = 24
_FEW = 10  # entries a day, below which a tenth is told


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """One feed as it is configured and as it fares."""

    url: str
    pace: Pace
    row: FeedRow | None
    """None: nothing was ever stored of it"""
    pause: Pause | None


def show_outlet(
    name: Annotated[str, Parameter(name="NAME", help="An outlet, whatever its case, or the address of a feed.")],
    /,
    *,
    places: Places = ANYWHERE,
    as_json: Json = False,
) -> None:
    """Everything known of an outlet's feeds. Raises ConfigurationError, UsageError, StoreError."""
    settings = settings_as_read(places)
    redact = redactor(settings.secrets)
    now = datetime.now(UTC)
    urls = outlet_or_feed(name, settings.outlets, redact).urls
    rows = {row.state.url: row for row in _rows(places, urls)}
    paces = paces_of(settings, urls)
    shown = [_shown(url, paces[url], rows.get(url), now) for url in dict.fromkeys(urls)]
    if as_json:
        show_json([_facts(one, now, redact) for one in shown])
        return
    for place, one in enumerate(shown):
        if place:
            say()
        for line in _told(one, now):
            say(redact(line))


def _rows(places: Places, urls: Sequence[str]) -> tuple[FeedRow, ...]:
    try:
        return browse(places, lambda store: store.feed_desk.look(urls))
    except StoreMissing:
        return ()


def _shown(url: str, pace: Pace, row: FeedRow | None, now: datetime) -> _Shown:
    pause = resting(url, row.outlets, row.pauses, now) if row else None
    return _Shown(url=url, pace=pace, row=row, pause=pause)


def _told(one: _Shown, now: datetime) -> Iterator[str]:
    yield one.url
    if one.row is None:
        yield f"  {_UNKNOWN}"
        return
    state = one.row.state
    lines = {
        "named by": ", ".join(one.row.outlets),
        "state": _state(state),
        "last poll": _last_poll(state),
        "next poll": _next_poll(one, now),
        "why then": state.next_reason if _is_polled(one) else "",
        "origin": _origin(one.row, now),
        "configured": f"every {spell(one.pace.every)}, {_said_of(one)}",
        "learned": span(state.rhythm.interval) if state.rhythm.interval else "",
        "news": _news(state, now),
        "silence": _silence(state, now),
        "missed": _missed(state),
        "publisher": "; ".join(_publisher(state, one.pace)),
        "overruled": overruling(state.rhythm.floors, one.pace),
        "validators": " and ".join(_validators(state))
        or ("none: each poll is a full one" if state.last_success_at else ""),
        "moving": _moving(state),
        "doubts": "; ".join(f"{key} are not believed since {moment(since)}" for key, since in _doubts(state)),
    }
    for label, text in lines.items():
        if text:
            yield f"  {label}: {text}"


def _is_polled(one: _Shown) -> bool:
    return one.row is not None and one.pause is None and not one.row.state.is_gone


def _state(state: FeedState) -> str:
    if state.is_gone:
        return "gone (410), not polled any more"
    if state.failures:
        times = "once" if state.failures == 1 else f"{state.failures} times in a row"
        return f"failed {times} since {moment(state.failing_since)}: {state.last_error}"
    if not state.last_outcome:
        return "not polled yet"
    return f"well, but {state.last_error}" if state.last_error else "well"


def _last_poll(state: FeedState) -> str:
    if state.last_poll_at is None:
        return ""
    good = f"; the last good one at {moment(state.last_success_at)}" if state.failures else ""
    return f"{moment(state.last_poll_at)}, {state.last_outcome}{good}"


def _next_poll(one: _Shown, now: datetime) -> str:
    if one.pause is not None:
        return f"none: {pause_words(one.pause)}"
    at = _next_at(one)
    if at is None:
        return "none"
    return f"{moment(at)}, in {span(at - now)}" if at > now else f"now: it is due since {moment(at)}"


def _next_at(one: _Shown) -> datetime | None:
    """Also a hold of the origin puts it off."""
    if one.row is None or not _is_polled(one):
        return None
    return max(one.row.state.next_poll_at, one.row.held_until or one.row.state.next_poll_at)


def _origin(row: FeedRow, now: datetime) -> str:
    if row.held_until is None or row.held_until <= now:
        return ""
    return f"{row.state.origin} asked for it that nothing is asked before {moment(row.held_until)}"


def _said_of(one: _Shown) -> str:
    return "said of this feed: kept" if one.pace.is_stated else "for all feeds: adapted to what each brings"


def _news(state: FeedState, now: datetime) -> str:
    if not state.baseline_at:
        return ""
    daily = forecast(state.rhythm, now).base * _HOURS
    many = f"{daily:.1f}" if daily < _FEW else f"{daily:.0f}"
    last = state.rhythm.last_new_at
    came = f"the last one at {moment(last)}" if last else "none since the first poll"
    return f"about {many} new entries a day, {came}; {state.rhythm.window} in the document"


def _silence(state: FeedState, now: datetime) -> str:
    usual = usual_longest_gap(state.rhythm, now)
    return f"usually {span(usual)} at the longest at this time of the week" if usual else ""


def _missed(state: FeedState) -> str:
    missed = state.rhythm.missed_at
    return f"entries may have come and gone unseen before {moment(missed)}" if missed else ""


def _publisher(state: FeedState, pace: Pace) -> Iterator[str]:
    floors = state.rhythm.floors
    if floors.header:
        yield f"asks for {span(floors.header)} between polls by Cache-Control or Expires"
    if floors.document:
        unheeded = "" if pace.heeds_ttl else ", which is not heeded (heed_ttl: false)"
        yield f"asks for {span(floors.document)} by ttl or updatePeriod{unheeded}"
    if floors.skip_hours:
        yield f"skips the hours {', '.join(map(str, sorted(floors.skip_hours)))} UTC"
    if floors.skip_days:
        yield f"skips {', '.join(_DAYS[day] for day in sorted(floors.skip_days))}"


def _validators(state: FeedState) -> list[str]:
    given = {"ETag": state.validators.etag, "Last-Modified": state.validators.last_modified}
    return [name for name, value in given.items() if value]


def _moving(state: FeedState) -> str:
    moving, said = state.moving, []
    if moving.adopted:
        said.append(f"moved for good to {moving.adopted}, where it is asked since {moment(moving.adopted_at)}")
    if moving.address:
        said.append(f"led to {moving.address} at {moving.sightings} polls since {moment(moving.first_seen_at)}")
    return "; ".join(said)


def _doubts(state: FeedState) -> list[tuple[str, datetime]]:
    habits = {"ids": state.habits.ids.doubted_since, "links": state.habits.links.doubted_since}
    return [(key, since) for key, since in habits.items() if since]


def _facts(one: _Shown, now: datetime, redact: Redact) -> Mapping[str, object]:
    facts: dict[str, object] = {"url": redact(one.url), "every": spell(one.pace.every)}
    facts |= {"is_stated": one.pace.is_stated, "heeds_ttl": one.pace.heeds_ttl}
    if one.row is None:
        return facts | {"state": _UNKNOWN}
    state, floors, next_at = one.row.state, one.row.state.rhythm.floors, _next_at(one)
    usual = usual_longest_gap(state.rhythm, now)
    return facts | {
        "outlets": one.row.outlets,
        "state": redact(_state(state)),
        "outcome": state.last_outcome,
        "error": redact(state.last_error),
        "failures": state.failures,
        "failing_since": state.failing_since,
        "is_gone": state.is_gone,
        "last_poll_at": state.last_poll_at,
        "last_success_at": state.last_success_at,
        "baseline_at": state.baseline_at,
        "next_poll_at": next_at,
        "why": redact(state.next_reason),
        "is_due": next_at is not None and next_at <= now,
        "interval_seconds": state.rhythm.interval and state.rhythm.interval.total_seconds(),
        "new_per_day": round(forecast(state.rhythm, now).base * _HOURS, 2) if state.baseline_at else None,
        "window": state.rhythm.window,
        "fresh": state.rhythm.fresh,
        "last_new_at": state.rhythm.last_new_at,
        "usual_longest_gap_seconds": usual and usual.total_seconds(),
        "missed_at": state.rhythm.missed_at,
        "publisher": {
            "header_seconds": floors.header.total_seconds(),
            "document_seconds": floors.document.total_seconds(),
            "skip_hours": sorted(floors.skip_hours),
            "skip_days": [_DAYS[day] for day in sorted(floors.skip_days)],
        },
        "overruled": overruling(floors, one.pace) or None,
        "validators": [name.lower().replace("-", "_") for name in _validators(state)],
        "held_until": one.row.held_until,
        "pause": pause_facts(one.pause, redact),
        "moving": {
            "address": redact(state.moving.address),
            "sightings": state.moving.sightings,
            "first_seen_at": state.moving.first_seen_at,
            "adopted": redact(state.moving.adopted),
            "adopted_at": state.moving.adopted_at,
        }
        if state.moving.address or state.moving.adopted
        else None,
        "unmodified_since": state.moving.unmodified_since,
        "doubts": [{"key": key, "since": since} for key, since in _doubts(state)],
    }
