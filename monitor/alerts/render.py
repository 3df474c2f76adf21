"""What a message says: one plain text, safe in a terminal, a mail or a chat, and the parts it is made of.

Matches are marked `*so*`: readers of plain text have known it for emphasis for forty years, chats that
interpret it (Slack, WhatsApp, Markdown) show the same word in bold, and unlike brackets or quotation marks it
cannot be taken for a link or for the publisher's own «quotes». Text of feeds stands as it came, except that
white space collapses, so that a title cannot forge a line of ours, and that control characters and
bidirectional overrides are left out.

A channel that has less room than the text needs takes the first of the `shorter` forms that fits, or cuts at a word.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.alerts import together
from monitor.alerts.lines import Line, joined, minute, one_line, plain, starred, tidy
from monitor.alerts.telling import (
    LONGEST_SUBJECT,
    head_lines,
    item,
    lead_of,
    link_lines,
    short_entry,
    title_line,
    title_of,
)
from monitor.model.alerts import Alert, AlertKind, Form, Hold, Item, Message, Rendered
from monitor.text.cutting import cut

LONGEST_SHORT_TEXT = 400
_SHORT_TITLE = 80  # in a short message of several alerts
_LISTED = frozenset({Hold.DIGEST, Hold.AWAY})
_DELAY_WORTH_SAYING = timedelta(hours=1)


def render(message: Message, *, now: datetime) -> Rendered:
    """The message as a channel gets it: one alert with its passages, or several by rule and story.

    The short form holds title, link and id in at most 400 characters, and items without evidence to match.
    """
    if message.form is Form.SHORT:
        return _short(message)
    if is_together(message):
        return _together(message)
    (alert,) = message.alerts
    one = item(alert)
    lines = _nothing_lines(message, one) if alert.kind is AlertKind.DIGEST else _single_lines(message, one, now)
    return _rendered(message, lines, (one,), _subject(message.alerts))


def is_together(message: Message) -> bool:
    """Whether it is read as a list: a digest of one alert is, a digest of nothing is not."""
    if len(message.alerts) != 1:
        return True
    return message.hold is not None and message.alerts[0].kind is not AlertKind.DIGEST


def _rendered(message: Message, lines: Sequence[Line], items: tuple[Item, ...], subject: str) -> Rendered:
    pieces = joined(lines)
    kinds = {alert.kind for alert in message.alerts}
    kind = kinds.pop() if len(kinds) == 1 else AlertKind.FIRST
    return Rendered(
        public_id=message.public_id,
        channel=message.channel,
        kind=AlertKind.DIGEST if message.hold in _LISTED else kind,
        subject=subject,
        text=starred(pieces),
        items=items,
        form=message.form,
        pieces=pieces,
        title=one_line(message.title) if is_together(message) else "",
        hold=message.hold,
    )


def _together(message: Message) -> Rendered:
    laid = together.laid(message)
    opening, last = _repeat_lines(message), _last_line(message)
    lines = together.full_lines(laid, opening, last)
    plainly = _rendered(message, lines, laid.items, _subject(message.alerts, message.title))
    return replace(
        plainly,
        title=laid.title,
        groups=laid.shown,
        more=laid.more,
        shorter=together.shorter(laid, opening, last),
    )


def _short(message: Message) -> Rendered:
    items = tuple(item(alert, Form.SHORT) for alert in message.alerts)
    return _rendered(message, _short_lines(message), items, _subject(message.alerts, message.title))


def _subject(alerts: Sequence[Alert], title: str = "") -> str:
    first = f"{lead_of(alerts[0])}{title_of(alerts[0])}" if alerts else "nothing"
    return cut(one_line(title) or (first if len(alerts) == 1 else f"{len(alerts)} alerts: {first}"), LONGEST_SUBJECT)


def _single_lines(message: Message, one: Item, now: datetime) -> list[Line]:
    alert = one.alert
    lines = [*head_lines(one, lead_of(alert)), *_repeat_lines(message)]
    if now - alert.at >= _DELAY_WORTH_SAYING:
        lines.append(plain(f"delayed: seen {minute(alert.at)}"))
    if one.passages:
        lines += [plain(""), *(tidy(passage.pieces) for passage in one.passages)]
    lines.append(plain(""))
    lines += [plain(link) for link in link_lines(alert)]
    mute = f", mute: {one.mute}" if one.mute else ""
    lines.append(plain(f"id: {message.public_id}{mute}"))
    return lines


def _nothing_lines(message: Message, one: Item) -> list[Line]:
    """A digest that has nothing to tell: that it came is the news."""
    said = plain("Nothing has come for this digest since the last one.")
    return [title_line(one, ""), *_repeat_lines(message), said, plain(""), _last_line(message)]


def _repeat_lines(message: Message) -> list[Line]:
    """Whoever reads it twice must not wonder why."""
    return [plain("again: it was sent before, and somebody wants it sent once more")] if message.is_repeat else []


def _last_line(message: Message) -> Line:
    return plain(f"id: {message.public_id}")


def _short_lines(message: Message) -> list[Line]:
    last = f"id: {message.public_id}"
    room = LONGEST_SHORT_TEXT - len(last) - 2
    if not is_together(message):
        return [plain(line) for line in (*short_entry(message.alerts[0], "", room), last)]
    lines = [cut(one_line(message.title), _SHORT_TITLE) or f"{len(message.alerts)} alerts"]
    room -= len(lines[0]) + len(f"and {len(message.alerts)} more") + 2
    for number, alert in enumerate(message.alerts, start=1):
        entry = short_entry(alert, f"{number}. ", LONGEST_SHORT_TEXT, _SHORT_TITLE)
        room -= sum(len(line) + 1 for line in entry)
        if room < 0:
            lines.append(f"and {len(message.alerts) - number + 1} more")
            break
        lines += entry
    return [plain(line) for line in (*lines, last)]
