"""`tocsin alerts show` and `tocsin outbox show`: one alert, or one delivery, with all that became of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from monitor.alerts.render import render
from monitor.cli.alert_past import Around, around, around_facts, beside, discreetly, reasons
from monitor.cli.looking import alert_facts, delivery_facts, held_words, next_try, waited_words
from monitor.cli.naming import public_id
from monitor.cli.options import ANYWHERE, Json, Places, browse
from monitor.cli.output import in_reading_order, moment, say, show_json, show_marked
from monitor.errors import UsageError
from monitor.model.alerts import Alert, Attempt, DeliveryState, Marked, Message, MessageId, Rendered
from monitor.model.views import AlertRow, DeliveryHistory, Named
from monitor.system.redaction import Redact
from monitor.text.naming import short_name

if TYPE_CHECKING:
    from monitor.store.sqlite import SqliteStore

Id = Annotated[str, Parameter(name="ID", help="A public id, or its first characters, four at least.")]


def show_alert(given: Id, /, *, places: Places = ANYWHERE, as_json: Json = False) -> None:
    """One alert: what it says, why, and every attempt to deliver it. Raises UsageError, StoreError."""

    async def ask(store: "SqliteStore") -> tuple[AlertRow, tuple[DeliveryHistory, ...], Around]:
        name = await public_id(store.archive, Named.ALERT, given)
        row = await store.archive.alert(name)
        if row is None:  # the daemon has tidied up in this very moment
            message = f"alert {name} is not kept any more"
            raise UsageError(message)
        deliveries = await store.archive.deliveries(name)
        # An alert of a digest may have the id of its message, which carries others as well.
        own = tuple(one for one in deliveries if one.delivery.alert in {"", name})
        return row, own, await around(store, row, own)

    row, deliveries, found = browse(places, ask)
    redact = places.discretion()
    deliveries, found = discreet(deliveries, redact), discreetly(found, redact)
    rendered = _rendered(row.alert)
    if as_json:
        show_json(_alert_facts(row, rendered, deliveries, redact) | around_facts(found, redact))
        return
    show_marked(replace(piece, words=redact(piece.words)) for piece in _pieces(rendered))
    say()
    for line in (*_reasons(row.alert), *reasons(found)):
        say(redact(line))
    for one in deliveries:
        for line in (*told(one), *beside(found, one.delivery.channel)):
            say(redact(line))


def show_delivery(given: Id, /, *, places: Places = ANYWHERE, as_json: Json = False) -> None:
    """The deliveries of an alert, and every attempt. Raises UsageError, StoreError."""

    async def ask(store: "SqliteStore") -> tuple[DeliveryHistory, ...]:
        return await store.archive.deliveries(await public_id(store.archive, Named.DELIVERY, given))

    deliveries = discreet(browse(places, ask), places.discretion())
    if as_json:
        show_json([history_facts(one) for one in deliveries])
        return
    title = ""
    for one in deliveries:
        rule = f" (rule {one.delivery.rule})" if one.delivery.rule else ""
        for line in ([f"{one.delivery.title}{rule}"] if one.delivery.title != title else []) + [*told(one)]:
            say(line)
        title = one.delivery.title


def told(one: DeliveryHistory) -> Iterator[str]:
    """A delivery in lines: where it stands, then every attempt."""
    row = one.delivery
    marks = [mark for mark, holds in (("dropped by hand", one.is_dropped), ("sent again", one.is_repeat)) if holds]
    words = f" ({', '.join(marks)})" if marks else ""
    settled = f" at {moment(row.settled_at)}" if row.settled_at else ""
    again = f", next try {moment(due)}" if (due := next_try(row)) else ""
    since = f"since {moment(row.created_at)}"
    held = f": {what}" if (what := held_words(row)) else ""
    # A digest has an id of its own; before there is one, and of what is never sent, that of the alert is all there is.
    yield f"delivery {row.public_id} to {row.channel}: {row.state}{settled}{words}{again}{held}, {since}"
    if row.hold and row.state not in {DeliveryState.HELD, DeliveryState.MUTED}:
        yield f"  had waited {waited_words(row)} until {moment(row.held_until)}"
    if row.is_together:
        yield f"  went with others in one message: see tocsin outbox show {row.public_id}"
    if row.last_error and (not one.attempts or row.last_error != one.attempts[-1].reason):
        yield f"  last error: {row.last_error}"
    if row.attempts > len(one.attempts):
        yield f"  {row.attempts - len(one.attempts)} attempts of which nothing is kept but their number"
    for before, attempt in zip((None, *one.attempts), one.attempts, strict=False):
        if before is not None and attempt.number - before.number > 1:
            yield f"  … {attempt.number - before.number - 1} attempts that are not kept"
        yield _attempted(attempt)


def discreet(deliveries: Iterable[DeliveryHistory], redact: Redact) -> tuple[DeliveryHistory, ...]:
    """The histories without secrets in what channels answered."""
    return tuple(
        replace(
            one,
            delivery=replace(
                one.delivery, last_error=redact(one.delivery.last_error), title=redact(one.delivery.title)
            ),
            attempts=tuple(replace(attempt, reason=redact(attempt.reason)) for attempt in one.attempts),
        )
        for one in deliveries
    )


def history_facts(one: DeliveryHistory) -> dict[str, object]:
    """A delivery as JSON, with every attempt."""
    return {
        **delivery_facts(one.delivery),
        "is_repeat": one.is_repeat,
        "is_dropped": one.is_dropped,
        "tries": one.attempts,
    }


def _attempted(attempt: Attempt) -> str:
    took = f" in {attempt.took_ms} ms" if attempt.took_ms is not None else ""
    reason = f": {attempt.reason}" if attempt.reason else ""
    outcome = {"sent": "sent", "retry": "failed, to be tried again", "dead": "failed for good"}[attempt.outcome]
    return f"  attempt {attempt.number} at {moment(attempt.at)}{took}: {outcome}{reason}"


def _reasons(alert: Alert) -> Iterator[str]:
    content = alert.content
    yield f"alert {alert.public_id}: {alert.kind}, {alert.priority}, raised {moment(alert.at)}"
    if content.follows:
        yield f"follows alert {content.follows}: see tocsin alerts show {content.follows}"
    if content.rule:
        yield f"rule {content.rule}: {', '.join(_parts(alert)) or 'no words are kept'}"
    if alert.story_key:
        yield f"story {short_name(alert.story_key)}: see tocsin stories show {short_name(alert.story_key)}"


def _parts(alert: Alert) -> Sequence[str]:
    """What satisfied the rule, part by part, and in which field."""
    return list(dict.fromkeys(f"{one.part} in {one.field}" for one in in_reading_order(alert.content.evidence)))


def _rendered(alert: Alert) -> Rendered:
    """The alert as a channel would have got it when it was raised."""
    message = Message(id=MessageId(0), public_id=alert.public_id, channel="", alerts=(alert,), created_at=alert.at)
    return render(message, now=alert.at)


def _pieces(rendered: Rendered) -> tuple[Marked, ...]:
    return rendered.pieces or (Marked(words=rendered.text),)


def _alert_facts(
    row: AlertRow, rendered: Rendered, deliveries: Iterable[DeliveryHistory], redact: Redact
) -> dict[str, object]:
    facts = alert_facts(row)
    return {
        **facts,
        "title": redact(row.alert.content.title),
        "link": redact(row.alert.content.link),
        "text": redact(rendered.text),
        "story": short_name(row.alert.story_key) if row.alert.story_key else "",
        "deliveries": [history_facts(one) for one in deliveries],
    }
