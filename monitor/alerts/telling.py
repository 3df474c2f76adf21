"""What is said of one alert: what it is, its title, where and when it stood, why it rang, and where to read on."""

import re
from urllib.parse import quote

from monitor.alerts.lines import Line, listed, minute, one_line, plain, shortened, tidy
from monitor.alerts.passages import mark_title, matched_words, passages
from monitor.model.alerts import Alert, AlertContent, AlertKind, Form, Item, Marked, Passage
from monitor.text.cutting import cut
from monitor.text.naming import short_name

LONGEST_SUBJECT = 150
_LONGEST_TITLE = 300
_LONGEST_LINK = 2000  # what browsers and chats still take; beyond it a link is left out, never cut
_LONGEST_NAME = 80  # of a rule, an outlet or a matched word in the text
_MOST_OUTLETS = 6
_MOST_WORDS = 8
_LONGEST_CHANGES = 80  # of an update, before its title
_LEAST_SHORT_TITLE = 40  # a short message without that much title keeps the title, not the link
_NOT_IN_LINK = re.compile(r"[\s\x00-\x20\x7f-\x9f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]")
_CORRECTED = {"marked as a correction": "correction", "marked as withdrawn": "withdrawn"}
"""changes that name the whole update: see `stories.news`"""
_OVER = "over: "
"""how the notes begin that an alarm's cause is over"""
_NEWS = frozenset({AlertKind.FIRST, AlertKind.UPDATE, AlertKind.SPREAD})


def item(alert: Alert, form: Form = Form.FULL) -> Item:
    """The alert with its matches marked, ready to be shown."""
    if form is Form.SHORT:
        title = Marked(words=cut(title_of(alert), LONGEST_SUBJECT))
        return Item(alert=alert, title=(title,), passages=(), matched=())
    content = alert.content
    shown = _listing(content) if alert.kind is AlertKind.BURST else passages(content)
    return Item(
        alert=alert, title=mark_title(content), passages=shown, matched=matched_words(content), mute=mute_command(alert)
    )


def _listing(content: AlertContent) -> tuple[Passage, ...]:
    """What a burst tells of: a line an entry."""
    lines = content.text.summary.splitlines()
    return tuple(Passage(field="summary", pieces=(Marked(words=line),)) for line in lines)


def title_of(alert: Alert) -> str:
    """The title as one clean line, never empty."""
    return one_line(alert.content.title) or "(no title)"


def lead_of(alert: Alert) -> str:
    """What stands before the title; the ordinary case, the first alert on a story, needs no name."""
    content = alert.content
    match alert.kind:
        case AlertKind.FIRST | AlertKind.DIGEST | AlertKind.HEARTBEAT:
            return ""
        case AlertKind.TEST:
            return "test alert: "
        case AlertKind.SPREAD:
            return f"now in {content.spread} outlets: " if content.spread else "spreading: "
        case AlertKind.UPDATE:
            name = next((name for said, name in _CORRECTED.items() if said in content.changes), "update")
            changes = "; ".join(one_line(change) for change in content.changes if change not in _CORRECTED)
            return f"{name}: {cut(changes, _LONGEST_CHANGES)} — " if changes else f"{name}: "
        case AlertKind.ALARM if one_line(content.title).startswith(_OVER):
            return ""  # what is over is no alarm
        case AlertKind.BURST | AlertKind.ALARM:
            return f"{alert.kind}: "


def title_line(one: Item, lead: str) -> Line:
    """The title behind its lead, with the matches in it marked."""
    title = tidy(one.title) or [Marked(words=title_of(one.alert))]
    return [Marked(words=lead), *shortened(title, _LONGEST_TITLE)]


def place_line(one: Item) -> Line:
    """Outlet and time, and who else has it."""
    outlets = outlets_of(one.alert.content)
    others = f", also in: {listed(outlets[1:], _MOST_OUTLETS)}" if outlets[1:] else ""
    return plain(", ".join([*outlets[:1], moment_of(one.alert)]) + others)


def outlets_of(content: AlertContent) -> list[str]:
    """The outlets that carry it, clean and each once; the first is the entry's own."""
    names = (cut(one_line(name), _LONGEST_NAME) for name in (*content.outlets, *content.also_in))
    return list(dict.fromkeys(name for name in names if name))


def moment_of(alert: Alert) -> str:
    """When it was published, or else seen."""
    return minute(alert.content.published_at) if alert.content.published_at else f"seen {minute(alert.at)}"


def before_lines(alert: Alert) -> list[Line]:
    """What it goes on from, how far it has spread, and what makes it late."""
    content = alert.content
    lines: list[Line] = []
    if content.spread and alert.kind is not AlertKind.SPREAD:
        lines.append(plain(f"now in {content.spread} outlets"))
    if content.follows:
        first = cut(one_line(content.follows_title), LONGEST_SUBJECT)
        lines.append(
            plain(f"follows: {first} (alert {content.follows})" if first else f"follows: alert {content.follows}")
        )
    if content.is_late:
        since = f"published {minute(content.published_at)}" if content.published_at else "published long ago"
        lines.append(plain(f"late: {since}"))
    return lines


def found_words(one: Item) -> str:
    """The matched words as a list; empty where there are none."""
    return listed([cut(one_line(word), _LONGEST_NAME) for word in one.matched], _MOST_WORDS)


def rule_of(alert: Alert) -> str:
    """The rule's name as a message shows it; empty for what no rule raised."""
    return cut(one_line(alert.content.rule), _LONGEST_NAME)


def head_lines(one: Item, lead: str) -> list[Line]:
    """Title, outlets and time, what makes it late, and why it matched."""
    lines = [title_line(one, lead), place_line(one), *before_lines(one.alert)]
    rule, found = rule_of(one.alert), found_words(one)
    if rule or found:
        why = (f"rule {rule}" if rule else "", f"found {found}" if found else "")
        lines.append(plain("why: " + " ".join(part for part in why if part)))
    return lines


def link_lines(alert: Alert) -> list[str]:
    """The link as one word; one that no channel takes is left out, and that is said."""
    link = link_word(alert.content.link)
    if not link:
        return []
    return [link if len(link) <= _LONGEST_LINK else _left_out(link)]


def link_word(link: str) -> str:
    """The address as one word: what would end or disguise it is percent-encoded."""
    return _NOT_IN_LINK.sub(lambda found: quote(found[0], safe="", errors="replace"), link)


def mute_command(alert: Alert) -> str:
    """What silences the story, or the rule that told of many at once; empty where there is nothing to silence."""
    if alert.kind in _NEWS and alert.story_key:
        return f"tocsin mute story {short_name(alert.story_key)} --for 1d"
    return ""


def short_entry(alert: Alert, lead: str, room: int, longest: int = LONGEST_SUBJECT) -> list[str]:
    """Title and link within `room` characters; a link too long for that is left out: half a link is none."""
    links = link_lines(alert)
    if links and len(links[0]) + _LEAST_SHORT_TITLE > room:
        links = [_left_out(links[0])]
    needed = sum(len(link) + 1 for link in links)
    title = f"{lead}{lead_of(alert)}{title_of(alert)}"
    return [cut(title, min(longest, room - needed)), *links]


def _left_out(link: str) -> str:
    return f"(the link is left out: it has {len(link)} characters)"
