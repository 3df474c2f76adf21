"""The HTML part of a mail: plain enough for any reader, in light and dark, without anything from elsewhere."""

from collections.abc import Iterable
from datetime import datetime
from html import escape as _escape
from urllib.parse import urlsplit

from monitor.model.alerts import Alert, AlertContent, AlertKind, Item, Marked, Rendered
from monitor.text.plain import clean

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
@media (prefers-color-scheme: dark) {
  body { background: #161615; color: #e9e7e2; }
  article { background: #21211f; border-color: #3a3935; }
  .about, .why, footer { color: #aaa69d; }
  .kind { color: #f0a35e; }
  blockquote { border-color: #4a4843; }
  mark { background: #7a5c00; color: #fff4d6; }
  a { color: #8ab8f0; }
}
"""
_KINDS = {
    AlertKind.TEST: "test alert",
    AlertKind.UPDATE: "update",
    AlertKind.SPREAD: "spreading",
    AlertKind.BURST: "many at once",
    AlertKind.ALARM: "alarm",
}


def html(message: Rendered) -> str:
    """A whole document. Every word of feeds is text in it; links are http(s) or are left out."""
    articles = "\n".join(_article(item) for item in message.items)
    return (
        '<!DOCTYPE html>\n<html><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
        f"<title>{escape(message.subject)}</title><style>\n{_STYLE}</style></head>\n"
        f"<body><main>\n{articles}\n<footer>id: {escape(message.public_id)} · tocsin</footer>\n</main></body></html>\n"
    )


def _article(item: Item) -> str:
    content = item.alert.content
    title = _marked(item.title) or "(no title)"
    link = content.link if urlsplit(content.link).scheme in ("http", "https") else ""
    kind = _kind(item.alert)
    lines = [
        f'<p class="kind">{escape(kind)}</p>' if kind else "",
        f'<h1><a href="{escape(link)}">{title}</a></h1>' if link else f"<h1>{title}</h1>",
        f'<p class="about">{escape(_about(item))}</p>',
        f'<p class="about">{escape(_before(content))}</p>' if content.follows or content.spread else "",
        *(f"<blockquote>{_marked(passage.pieces)}</blockquote>" for passage in item.passages),
        f'<p class="why">{_why(item)}</p>' if content.rule or item.matched else "",
        f'<p><a href="{escape(link)}">{escape(link)}</a></p>' if link else "",
    ]
    return "<article>\n" + "\n".join(line for line in lines if line) + "\n</article>"


def _kind(alert: Alert) -> str:
    """What stands above the title, such as *update: killed: 3, now 30*."""
    kind = _KINDS.get(alert.kind, "")
    changes = "; ".join(alert.content.changes)
    return f"{kind}: {changes}" if kind and changes else kind


def _before(content: AlertContent) -> str:
    """What it goes on from, and how far it has spread."""
    spread = f"now in {content.spread} outlets" if content.spread else ""
    follows = f"follows alert {content.follows}" if content.follows else ""
    return ", ".join(part for part in (spread, follows) if part)


def _about(item: Item) -> str:
    content = item.alert.content
    moment = _minute(content.published_at) if content.published_at else f"seen {_minute(item.alert.at)}"
    others = f", also in: {', '.join(content.outlets[1:])}" if content.outlets[1:] else ""
    late = " — late news" if content.is_late else ""
    return ", ".join([*content.outlets[:1], moment]) + late + others


def _why(item: Item) -> str:
    rule = f"rule <b>{escape(item.alert.content.rule)}</b>" if item.alert.content.rule else ""
    words = f"found {', '.join(f'<mark>{escape(word)}</mark>' for word in item.matched)}" if item.matched else ""
    return " ".join(part for part in (rule, words) if part)


def _marked(pieces: Iterable[Marked]) -> str:
    return "".join(f"<mark>{escape(piece.words)}</mark>" if piece.is_match else escape(piece.words) for piece in pieces)


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def escape(text: str) -> str:
    """What a feed wrote, as text of a page: neither markup nor a character that no mail can carry."""
    return _escape(clean(text))
