"""`tocsin try URL|FILE`: what a feed says, what a query finds in it, and a first configuration to paste."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlsplit

from cyclopts import App, Parameter

from monitor.alerts.passages import mark_title
from monitor.alerts.plan import content
from monitor.app.trial import is_address, read_feed, send_trial, trial_channel, trial_rules, views
from monitor.cli.options import Json
from monitor.cli.output import NOTHING, in_reading_order, is_terminal, marked, say, show_json, show_rows, warn
from monitor.cli.pages import flowing, page
from monitor.config.writing import quoted
from monitor.model.alerts import Sent
from monitor.model.entries import ParsedFeed
from monitor.model.rules import Match, View
from monitor.ports import Channel
from monitor.system.redaction import without_credentials

_UNAVAILABLE = 69
_DATA = 65

trying = App(name="try", help_epilogue=f"Example: {page('try').example}")
for name in ("rules", "threading"):
    trying.command(
        f"monitor.cli.trying_{name}:try_{name}",
        name=name,
        help=flowing(page(f"try {name}").text),
        help_epilogue=f"Example: {page(f'try {name}').example}",
    )


@trying.default
def try_feed(
    source: Annotated[str, Parameter(help="Address of a feed, or a file; a file named rules or threading is ./rules.")],
    /,
    *,
    match: Annotated[
        str, Parameter(name="--match", show_default=False, help="A query, such as 'ceasefire OR \"peace talks\"'.")
    ] = "",
    to: Annotated[
        str,
        Parameter(
            name="--to",
            show_default=False,
            help="Address of a webhook that gets one marked test alert, of the first entry that matches.",
        ),
    ] = "",
    as_json: Json = False,
) -> int:
    """Show what a feed says and what a query finds in it. Raises UsageError, InputUnreadable."""
    ruleset = trial_rules(match) if match else None
    channel = trial_channel(to) if to else None
    feed = read_feed(source)
    if not isinstance(feed, ParsedFeed):
        hint = "; if this is a web page, look for the address of its feed" if "not a feed" in feed.reason else ""
        warn(f"tocsin: {without_credentials(source)}: {feed.reason}{hint}")
        return _DATA if hint or not is_address(source) else _UNAVAILABLE
    seen = views(feed)
    found = [next(iter(ruleset.match(view)), None) if ruleset else None for view in seen]
    state = "" if feed.is_whole else f"; not whole: {feed.flaw}"
    warn(f"{feed.title or without_credentials(source)} ({feed.kind}, {len(seen)} entries{state})")
    if as_json:
        show_json([_facts(view, one) for view, one in zip(seen, found, strict=True)])
    else:
        _show(source, feed, list(zip(seen, found, strict=True)), match)
    if match:
        warn(f"{sum(one is not None for one in found)} of {len(found)} entries match")
    if channel is None:
        return 0
    pairs = [(view, one) for view, one in zip(seen, found, strict=True) if one or not match]
    return asyncio.run(_send(channel, pairs))


async def _send(channel: Channel, pairs: Sequence[tuple[View, Match | None]]) -> int:
    if not pairs:
        warn("tocsin: no test alert sent: there is no entry to send")
        return _DATA
    outcome = await send_trial(channel, *pairs[0])
    if isinstance(outcome, Sent):
        warn("test alert sent")
        return 0
    warn(f"tocsin: test alert not sent: {outcome.reason}")
    return _UNAVAILABLE


def _show(source: str, feed: ParsedFeed, pairs: Sequence[tuple[View, Match | None]], match: str) -> None:
    show_rows(
        ("published", "title", "match", "link"),
        [(view.published_at, _title(view, one), _why(one), view.link) for view, one in pairs],
        empty="no entries",
        stacked=("title", "match", "link") if match else ("title", "link"),
    )
    if is_address(source):
        speak = say if is_terminal() else warn  # in a pipe, standard output is for the rows alone
        if "@" in urlsplit(source).netloc:
            speak("\nIt can be tried but not watched: the configuration takes no address with a user or a password.")
            return
        speak("\nTo watch it, put this into config/tocsin.yaml (tocsin init writes one):\n")
        speak(pasteable(source, feed.title, match))


def _title(view: View, one: Match | None) -> str:
    return view.text.title if one is None else marked(mark_title(content(match=one, view=view, now=datetime.now(UTC))))


def _why(one: Match | None) -> str:
    if one is None:
        return NOTHING
    return (
        ", ".join(dict.fromkeys(f"{piece.part} in {piece.field}" for piece in in_reading_order(one.evidence))) or "yes"
    )


def _facts(view: View, one: Match | None) -> dict[str, object]:
    return {
        "title": view.text.title,
        "summary": view.text.summary,
        "link": view.link,
        "published_at": view.published_at,
        "lang": view.language,
        "authors": view.authors,
        "categories": view.categories,
        "matches": one is not None,
        "evidence": one.evidence if one else (),
    }


def pasteable(source: str, title: str, match: str) -> str:
    """YAML of an outlet and, where there was a query, a rule."""
    name = quoted(title or urlsplit(source).hostname or "My first outlet")
    lines = ["outlets:", f"  - name: {name}", "    feeds:", f"      - url: {quoted(source)}"]
    if match:
        lines += ["rules:", "  - name: my-first-rule", f"    query: {quoted(match)}"]
    return "\n".join(lines)
