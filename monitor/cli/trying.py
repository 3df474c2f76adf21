"""`tocsin try URL|FILE`: what a feed says, what a query finds in it, and a first configuration to paste."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Annotated

from cyclopts import App, Parameter

from monitor.alerts.passages import mark_title
from monitor.alerts.plan import content
from monitor.app.trial import is_address, read_feed, send_trial, trial_rules, views
from monitor.cli.options import Json
from monitor.cli.output import marked, moment, say, show_json, show_rows, warn
from monitor.errors import UsageError
from monitor.model.alerts import Sent
from monitor.model.entries import ParsedFeed
from monitor.model.rules import Match, View

_UNAVAILABLE = 69
_DATA = 65
_MOST_SHOWN = 100

trying = App(name="try", help="Try a feed, or rules on stories from a file; needs no configuration.")
trying.command(
    "monitor.cli.trying_rules:try_rules", name="rules", help="Match the rules on stories from a JSON Lines file."
)


@trying.default
def try_feed(
    source: Annotated[str, Parameter(help="Address of a feed, or a file.")],
    /,
    *,
    match: Annotated[str, Parameter(name="--match", help="A query, such as 'ceasefire OR \"peace talks\"'.")] = "",
    to: Annotated[str, Parameter(name="--to", help="Address of a webhook that gets one marked test alert.")] = "",
    as_json: Json = False,
) -> int:
    """Fetch a feed or open a file, show its entries, and which of them a query matches and why.

    Example: tocsin try https://www.themoscowtimes.com/rss/news --match 'ceasefire OR "peace talks"'
    """
    ruleset = trial_rules(match) if match else None
    feed = asyncio.run(read_feed(source))
    if not isinstance(feed, ParsedFeed):
        warn(f"tocsin: {source}: {feed.reason}")
        return _UNAVAILABLE if is_address(source) else _DATA
    seen = views(feed)
    found = [next(iter(ruleset.match(view)), None) if ruleset else None for view in seen]
    if as_json:
        show_json([_facts(view, one) for view, one in zip(seen, found, strict=True)])
    else:
        _show(source, feed, seen, found, match)
    return asyncio.run(_send(to, seen, found, is_matching=bool(match))) if to else 0


async def _send(to: str, seen: tuple[View, ...], found: list[Match | None], *, is_matching: bool) -> int:
    pairs = [(view, one) for view, one in zip(seen, found, strict=True) if one or not is_matching]
    if not pairs:
        message = "nothing to send: no entry matches" if is_matching else "nothing to send: the feed has no entries"
        raise UsageError(message)
    outcome = await send_trial(to, *pairs[0])
    if isinstance(outcome, Sent):
        warn("test alert sent")
        return 0
    warn(f"tocsin: test alert not sent: {outcome.reason}")
    return _UNAVAILABLE


def _show(source: str, feed: ParsedFeed, seen: tuple[View, ...], found: list[Match | None], match: str) -> None:
    state = "" if feed.is_whole else f"; not whole: {feed.flaw}"
    warn(f"{feed.title or source} ({feed.kind}, {len(seen)} entries{state})")
    rows = [
        (moment(view.published_at), _title(view, one, match), _why(one, match), view.link)
        for view, one in zip(seen, found, strict=True)
    ]
    show_rows(("published", "title", "match", "link"), rows[:_MOST_SHOWN], empty="no entries")
    if len(rows) > _MOST_SHOWN:
        warn(f"… and {len(rows) - _MOST_SHOWN} more")
    if match:
        warn(f"{sum(one is not None for one in found)} of {len(found)} entries match")
    if is_address(source):
        warn("\nTo watch it, put this into config/tocsin.yaml (tocsin init writes one):\n")
        say(_pasteable(source, feed, match))


def _title(view: View, one: Match | None, match: str) -> str:
    if one is None or not match:
        return view.text.title
    return marked(mark_title(content(match=one, view=view, now=datetime.now(UTC))))


def _why(one: Match | None, match: str) -> str:
    if not match:
        return "–"
    if one is None:
        return ""
    return ", ".join(dict.fromkeys(f"{piece.part} in {piece.field}" for piece in one.evidence)) or "yes"


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


def _pasteable(source: str, feed: ParsedFeed, match: str) -> str:
    """YAML of an outlet and, where there was a query, a rule. JSON strings are YAML strings."""

    def quoted(text: str) -> str:
        return json.dumps(text, ensure_ascii=False)

    lines = ["outlets:", f"  - name: {quoted(feed.title or source)}", "    feeds:", f"      - url: {quoted(source)}"]
    if match:
        lines += ["rules:", "  - name: my-first-rule", f"    query: {quoted(match)}"]
    return "\n".join(lines)
