"""What a message says: one plain text, safe in a terminal, a mail or a chat, and the parts it is made of.

Matches are marked `*so*`: readers of plain text have known it for emphasis for forty years, chats that
interpret it (Slack, WhatsApp, Markdown) show the same word in bold, and unlike brackets or quotation marks it
cannot be taken for a link or for the publisher's own «quotes». Text of feeds stands as it came, except that
white space collapses, so that a title cannot forge a line of ours, and that control characters and
bidirectional overrides are left out.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from urllib.parse import quote

from monitor.alerts.passages import mark_title, matched_words, passages, word_end
from monitor.model.alerts import Alert, AlertContent, AlertKind, Form, Item, Marked, Message, Passage, Rendered
from monitor.text.plain import clean

LONGEST_SUBJECT = 150
LONGEST_SHORT_TEXT = 400
_LONGEST_TITLE = 300
_LONGEST_LINK = 2000  # what browsers and chats still take; beyond it a link is left out, never cut
_LONGEST_NAME = 80  # of a rule, an outlet or a matched word in the text
_MOST_OUTLETS = 6
_MOST_WORDS = 8
_LONGEST_CHANGES = 80  # of an update, before its title
_SHORT_TITLE = 80  # in a short message of several alerts
_LEAST_SHORT_TITLE = 40  # a short message without that much title keeps the title, not the link
_DELAY_WORTH_SAYING = timedelta(hours=1)

_SPACE = re.compile(r"\s+")
_NOT_IN_LINK = re.compile(r"[\s\x00-\x20\x7f-\x9f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]")

_Line = Sequence[Marked]


def render(message: Message, *, now: datetime) -> Rendered:
    """The message as a channel gets it. Several alerts are numbered, with their passages left to `items`.

    The short form holds title, link and id in at most 400 characters, and items without evidence to match.
    """
    kinds = {alert.kind for alert in message.alerts}
    items = tuple(_item(alert, message.form) for alert in message.alerts)
    if message.form is Form.SHORT:
        lines = _short_lines(message)
    elif len(items) == 1:
        lines = _single_lines(message, items[0], now)
    else:
        lines = _digest_lines(message, items)
    pieces = _joined(lines)
    return Rendered(
        public_id=message.public_id,
        channel=message.channel,
        kind=kinds.pop() if len(kinds) == 1 else AlertKind.FIRST,
        subject=_subject(message.alerts),
        text="".join(f"*{piece.words}*" if piece.is_match else piece.words for piece in pieces),
        items=items,
        form=message.form,
        pieces=pieces,
    )


def _item(alert: Alert, form: Form) -> Item:
    if form is Form.SHORT:
        title = Marked(words=_cut(_title(alert), LONGEST_SUBJECT))
        return Item(alert=alert, title=(title,), passages=(), matched=())
    content = alert.content
    shown = _listing(content) if alert.kind is AlertKind.BURST else passages(content)
    return Item(alert=alert, title=mark_title(content), passages=shown, matched=matched_words(content))


def _listing(content: AlertContent) -> tuple[Passage, ...]:
    """What a burst tells of: a line an entry."""
    lines = content.text.summary.splitlines()
    return tuple(Passage(field="summary", pieces=(Marked(words=line),)) for line in lines)


def _subject(alerts: Sequence[Alert]) -> str:
    first = f"{_kind(alerts[0])}{_title(alerts[0])}" if alerts else "nothing"
    return _cut(first if len(alerts) == 1 else f"{len(alerts)} alerts: {first}", LONGEST_SUBJECT)


def _single_lines(message: Message, item: Item, now: datetime) -> list[_Line]:
    alert = item.alert
    lines = [*_head_lines(item, _kind(alert)), *_repeat_lines(message)]
    if now - alert.at >= _DELAY_WORTH_SAYING:
        lines.append(_plain(f"delayed: seen {_minute(alert.at)}"))
    if item.passages:
        lines += [_plain(""), *(_tidy(passage.pieces) for passage in item.passages)]
    lines.append(_plain(""))
    lines += [_plain(link) for link in _link_lines(alert)]
    lines.append(_plain(f"id: {message.public_id}"))
    return lines


def _digest_lines(message: Message, items: Sequence[Item]) -> list[_Line]:
    lines = [_plain(f"{len(items)} alerts"), *_repeat_lines(message), _plain("")]
    for number, item in enumerate(items, start=1):
        lines += _head_lines(item, f"{number}. {_kind(item.alert)}")
        lines += [_plain(link) for link in _link_lines(item.alert)]
        lines.append(_plain(""))
    lines.append(_plain(f"id: {message.public_id}"))
    return lines


def _repeat_lines(message: Message) -> list[_Line]:
    """Whoever reads it twice must not wonder why."""
    return [_plain("again: it was sent before, and somebody wants it sent once more")] if message.is_repeat else []


def _head_lines(item: Item, lead: str) -> list[_Line]:
    """Title, outlets and time, what makes it late, and why it matched."""
    content = item.alert.content
    title = _tidy(item.title) or [Marked(words=_title(item.alert))]
    lines: list[_Line] = [[Marked(words=lead), *_shortened(title, _LONGEST_TITLE)]]
    outlets = [_cut(_clean(name), _LONGEST_NAME) for name in content.outlets]
    moment = _minute(content.published_at) if content.published_at else f"seen {_minute(item.alert.at)}"
    others = f", also in: {_listed(outlets[1:], _MOST_OUTLETS)}" if outlets[1:] else ""
    lines.append(_plain(", ".join([*outlets[:1], moment]) + others))
    if content.spread and item.alert.kind is not AlertKind.SPREAD:
        lines.append(_plain(f"now in {content.spread} outlets"))
    if content.follows:
        lines.append(_plain(f"follows: alert {content.follows}"))
    if content.is_late:
        since = f"published {_minute(content.published_at)}" if content.published_at else "published long ago"
        lines.append(_plain(f"late: {since}"))
    if content.rule or item.matched:
        words = [_cut(_clean(word), _LONGEST_NAME) for word in item.matched]
        rule = f"rule {_cut(_clean(content.rule), _LONGEST_NAME)}" if content.rule else ""
        found = f"found {_listed(words, _MOST_WORDS)}" if words else ""
        lines.append(_plain("why: " + " ".join(part for part in (rule, found) if part)))
    return lines


def _short_lines(message: Message) -> list[_Line]:
    last = f"id: {message.public_id}"
    room = LONGEST_SHORT_TEXT - len(last) - 2
    if len(message.alerts) == 1:
        return [_plain(line) for line in (*_short_entry(message.alerts[0], "", room), last)]
    lines = [f"{len(message.alerts)} alerts"]
    room -= len(lines[0]) + len(f"and {len(message.alerts)} more") + 2
    for number, alert in enumerate(message.alerts, start=1):
        entry = _short_entry(alert, f"{number}. ", _LONGEST_LINK, _SHORT_TITLE)
        room -= sum(len(line) + 1 for line in entry)
        if room < 0:
            lines.append(f"and {len(message.alerts) - number + 1} more")
            break
        lines += entry
    return [_plain(line) for line in (*lines, last)]


def _short_entry(alert: Alert, lead: str, room: int, longest: int = LONGEST_SUBJECT) -> list[str]:
    """Title and link within `room` characters; a link too long for that is left out: half a link is none."""
    links = _link_lines(alert)
    if links and len(links[0]) + _LEAST_SHORT_TITLE > room:
        links = [_left_out(links[0])]
    needed = sum(len(link) + 1 for link in links)
    title = f"{lead}{_kind(alert)}{_title(alert)}"
    return [_cut(title, min(longest, room - needed)), *links]


def _link_lines(alert: Alert) -> list[str]:
    link = _NOT_IN_LINK.sub(lambda found: quote(found[0], safe="", errors="replace"), alert.content.link)
    if not link:
        return []
    return [link if len(link) <= _LONGEST_LINK else _left_out(link)]


def _left_out(link: str) -> str:
    return f"(the link is left out: it has {len(link)} characters)"


def _title(alert: Alert) -> str:
    return _clean(alert.content.title) or "(no title)"


def _kind(alert: Alert) -> str:
    """What stands before the title; the ordinary case, the first alert on a story, needs no name."""
    content = alert.content
    match alert.kind:
        case AlertKind.FIRST | AlertKind.DIGEST:
            return ""
        case AlertKind.TEST:
            return "test alert: "
        case AlertKind.SPREAD:
            return f"now in {content.spread} outlets: " if content.spread else "spreading: "
        case AlertKind.UPDATE if content.changes:
            return f"update: {_cut('; '.join(content.changes), _LONGEST_CHANGES)} — "
        case AlertKind.UPDATE | AlertKind.BURST | AlertKind.ALARM:
            return f"{alert.kind}: "


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _listed(names: Sequence[str], most: int) -> str:
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def _plain(words: str) -> _Line:
    return [Marked(words=words)]


def _clean(text: str) -> str:
    """One line of what can be seen, as it came."""
    return _SPACE.sub(" ", clean(text)).strip()


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: word_end(text, longest - 1)] + "…"


def _tidy(pieces: Iterable[Marked]) -> list[Marked]:
    """The pieces as one clean line: as `_clean`, across their borders."""
    tidy: list[Marked] = []
    is_after_space = True
    for piece in pieces:
        words = _SPACE.sub(" ", clean(piece.words))
        if is_after_space:
            words = words.removeprefix(" ")
        if words:
            tidy.append(Marked(words=words, is_match=piece.is_match))
            is_after_space = words.endswith(" ")
    return tidy


def _shortened(pieces: Sequence[Marked], longest: int) -> list[Marked]:
    whole = "".join(piece.words for piece in pieces)
    if len(whole) <= longest:
        return list(pieces)
    room = word_end(whole, longest - 1)
    kept: list[Marked] = []
    for piece in pieces:
        words = piece.words[:room]
        room -= len(words)
        if words:
            kept.append(Marked(words=words, is_match=piece.is_match))
    return [*kept, Marked(words="…")]


def _joined(lines: Iterable[_Line]) -> tuple[Marked, ...]:
    """The lines as one run of pieces with line ends between, neighbours of one kind joined."""
    pieces: list[Marked] = []
    for number, line in enumerate(lines):
        for piece in (*([Marked(words="\n")] if number else []), *line):
            if pieces and not piece.is_match and not pieces[-1].is_match:
                pieces[-1] = Marked(words=pieces[-1].words + piece.words)
            elif piece.words:
                pieces.append(piece)
    return tuple(pieces)
