"""The HTML part of a mail: plain enough for any reader, in light and dark, without anything from elsewhere."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape as _escape
from urllib.parse import urlsplit

from monitor.model.alerts import Alert, AlertKind, Group, Item, Marked, Rendered
from monitor.text.cutting import cut
from monitor.text.plain import clean

LONGEST_TITLE = 300
"""characters"""

_STYLE = """\
:root { color-scheme: light dark; }
body { margin: 0; padding: 24px 16px; background: #f6f5f2; color: #1d1d1b;
  font: 16px/1.5 -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif; }
main { max-width: 640px; margin: 0 auto; }
article { background: #ffffff; border: 1px solid #dedbd3; border-radius: 8px; padding: 20px 24px; margin: 0 0 16px; }
h1 { font-size: 21px; line-height: 1.3; margin: 0 0 6px; }
h1 a { color: inherit; text-decoration: none; }
p { margin: 0 0 12px; }
.about, .why, footer { color: #63605a; font-size: 14px; }
.kind { font-size: 13px; font-weight: 600; letter-spacing: .04em; text-transform: uppercase; color: #9a4a00; }
blockquote { margin: 0 0 12px; padding: 0 0 0 14px; border-left: 3px solid #dedbd3; }
mark { background: #ffe08a; color: #1d1d1b; padding: 0 2px; border-radius: 3px; }
a { color: #0b57a4; overflow-wrap: anywhere; }
footer { text-align: center; }
article > :last-child { margin-bottom: 0; }
time { white-space: nowrap; }
main > .about { padding: 0 24px; }
header h1 { font-size: 23px; margin: 0 0 4px; }
header { margin: 0 0 20px; padding: 0 24px; }
h2 { font-size: 14px; font-weight: 600; color: #63605a; margin: 24px 0 8px; padding: 0 24px; }
article h1 .number { color: #63605a; font-weight: 400; }
ul.later { margin: 0 0 12px; padding: 0 0 0 18px; }
ul.later li { margin: 0 0 4px; }
code { font: 13px/1.4 ui-monospace, "SF Mono", "Liberation Mono", monospace; overflow-wrap: anywhere; }
@media (prefers-color-scheme: dark) {
  body { background: #161615; color: #e9e7e2; }
  article { background: #21211f; border-color: #3a3935; }
  .about, .why, footer, h2, article h1 .number { color: #aaa69d; }
  .kind { color: #f0a35e; }
  blockquote { border-color: #4a4843; }
  mark { background: #7a5c00; color: #fff4d6; }
  a { color: #8ab8f0; }
}
"""
_CORRECTED = {"marked as a correction": "correction", "marked as withdrawn": "withdrawn"}
_NOTHING = "Nothing has come for this digest since the last one."
_KINDS = {
    AlertKind.TEST: "test alert",
    AlertKind.UPDATE: "update",
    AlertKind.SPREAD: "spreading",
    AlertKind.BURST: "many at once",
    AlertKind.ALARM: "alarm",
}


def html(message: Rendered) -> str:
    """A whole document. Every word of feeds is text in it; links are http(s) or are left out."""
    body = _listed(message) if message.groups else "\n".join(_article(item) for item in message.items)
    return (
        '<!DOCTYPE html>\n<html><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
        f"<title>{escape(message.subject)}</title><style>\n{_STYLE}</style></head>\n"
        f"<body><main>\n{body}\n<footer>{_foot(message)}</footer>\n</main></body></html>\n"
    )


def _foot(message: Rendered) -> str:
    """The id, and how the story is muted where there is one."""
    mutes = {item.mute for item in message.items}
    mute = f"<br>mute this story: <code>{escape(mutes.pop())}</code>" if len(mutes) == 1 and mutes != {""} else ""
    return f"id: {escape(message.public_id)} · tocsin{mute}"


def _listed(message: Rendered) -> str:
    """A digest: its headline, then what each rule told, story by story."""
    parts = [f"<header><h1>{escape(message.title)}</h1></header>"]
    rules = {group.rule for group in message.groups}
    rule: str | None = None
    for group in message.groups:
        if group.rule != rule and rules != {""}:
            rule = group.rule
            parts.append(f"<h2>{f'rule {escape(rule)}' if rule else 'about tocsin itself'}</h2>")
        parts.append(_group(group))
    if message.more:
        parts.append(f'<p class="about">and {message.more:,} more: <code>tocsin alerts list</code></p>')
    return "\n".join(parts)


def _group(group: Group) -> str:
    """One story: how it began, and below it what followed."""
    first, *later = group.items
    number = f'<span class="number">{group.number}.</span> '
    below = "".join(f"<li>{_followed(item, first)}</li>" for item in later)
    found = f'<p class="why">found {_found(first)}</p>' if first.matched else ""
    return _article(first, number=number, why=found, below=f'<ul class="later">{below}</ul>' if below else "")


def _followed(item: Item, first: Item) -> str:
    """What came later on the same story; a title that stands above is not repeated."""
    kind = _kind(item.alert)
    title = "" if item.alert.content.title == first.alert.content.title else _marked(_shortened(item.title))
    link = _safe_link(item.alert.content.link)
    linked = f'<a href="{escape(link)}">{title}</a>' if title and link else title
    return f"{' — '.join(part for part in (escape(kind), linked) if part)} (<time>{escape(_moment(item))}</time>)"


def _article(item: Item, *, number: str = "", why: str | None = None, below: str = "") -> str:
    content = item.alert.content
    title = number + (_marked(_shortened(item.title)) or "(no title)")
    link = _safe_link(content.link)
    kind = _kind(item.alert)
    if why is None:
        why = f'<p class="why">{_why(item)}</p>' if content.rule or item.matched else ""
    is_nothing = item.alert.kind is AlertKind.DIGEST
    lines = [
        f'<p class="kind">{escape(kind)}</p>' if kind else "",
        f'<h1><a href="{escape(link)}">{title}</a></h1>' if link else f"<h1>{title}</h1>",
        f'<p class="about">{escape(_NOTHING if is_nothing else _about(item))}</p>',
        f'<p class="about">{escape(before)}</p>' if (before := _before(item.alert)) else "",
        *(f"<blockquote>{_marked(passage.pieces)}</blockquote>" for passage in item.passages),
        below,
        why,
        f'<p><a href="{escape(link)}">{escape(link)}</a></p>' if link else "",
    ]
    return "<article>\n" + "\n".join(line for line in lines if line) + "\n</article>"


def _shortened(pieces: Sequence[Marked]) -> list[Marked]:
    """A title as long as a title may be; what is longer is cut after a word."""
    room = LONGEST_TITLE
    kept: list[Marked] = []
    for piece in pieces:
        words = cut(piece.words, room)
        kept.append(Marked(words=words, is_match=piece.is_match))
        room -= len(words)
        if words != piece.words:
            break
    return kept


def _safe_link(link: str) -> str:
    try:
        return link if urlsplit(link).scheme in ("http", "https") else ""
    except ValueError:  # such as a bracket that is not closed
        return ""


def _kind(alert: Alert) -> str:
    """What stands above the title, such as *update: killed: 3, now 30*."""
    if alert.kind is AlertKind.ALARM and alert.content.title.startswith("over: "):
        return ""
    kind = _KINDS.get(alert.kind, "")
    if alert.kind is AlertKind.SPREAD and alert.content.spread:
        return f"now in {alert.content.spread} outlets"
    kind = next((name for said, name in _CORRECTED.items() if said in alert.content.changes), kind)
    changes = "; ".join(change for change in alert.content.changes if change not in _CORRECTED)
    return f"{kind}: {changes}" if kind and changes else kind


def _before(alert: Alert) -> str:
    """What it goes on from, and how far it has spread, as far as the line above does not say so."""
    content = alert.content
    spread = f"now in {content.spread} outlets" if content.spread and alert.kind is not AlertKind.SPREAD else ""
    first = (
        f"{content.follows_title} (alert {content.follows})" if content.follows_title else f"alert {content.follows}"
    )
    follows = f"follows {first}" if content.follows else ""
    return ", ".join(part for part in (spread, follows) if part)


def _about(item: Item) -> str:
    content = item.alert.content
    names = list(dict.fromkeys((*content.outlets, *content.also_in)))
    others = f", also in: {', '.join(names[1:])}" if names[1:] else ""
    late = " — late news" if content.is_late else ""
    return ", ".join([*names[:1], _moment(item)]) + late + others


def _moment(item: Item) -> str:
    published_at = item.alert.content.published_at
    return _minute(published_at) if published_at else f"seen {_minute(item.alert.at)}"


def _found(item: Item) -> str:
    return ", ".join(f"<mark>{escape(word)}</mark>" for word in item.matched)


def _why(item: Item) -> str:
    rule = f"rule <b>{escape(item.alert.content.rule)}</b>" if item.alert.content.rule else ""
    words = f"found {_found(item)}" if item.matched else ""
    return " ".join(part for part in (rule, words) if part)


def _marked(pieces: Iterable[Marked]) -> str:
    return "".join(f"<mark>{escape(piece.words)}</mark>" if piece.is_match else escape(piece.words) for piece in pieces)


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def escape(text: str) -> str:
    """What a feed wrote, as text of a page: neither markup nor a character that no mail can carry."""
    return _escape(clean(text))
