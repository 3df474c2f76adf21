"""Every match is marked where it stands, from the bytes of a feed to what a channel shows."""

import html as markup
import io
import json
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.alerts.render import render
from monitor.cadence.interval import Pace
from monitor.channels.console import Console
from monitor.channels.letter_html import html
from monitor.channels.payload import encode
from monitor.entities.roster import build_roster
from monitor.feeds.parse import parse_document
from monitor.flow.poll import PollPorts, poll
from monitor.flow.watch import FeedWatch, Watch
from monitor.model.alerts import Rendered
from monitor.model.entries import ParsedFeed, ParseFailed
from monitor.model.polls import Fetched
from monitor.model.rules import EntitySpec, RuleName, RuleSpec
from monitor.model.slices import LastRead
from monitor.rules.ruleset import Ruleset, compile_ruleset
from monitor.store.sqlite import SqliteStore
from monitor.text.plain import clean
from tests.fakes.world import Publisher, SetClock
from tests.plain_values import NOW
from tests.store_values import put_on_way

URL = "https://heron.example/rss"
PACE = Pace(every=timedelta(minutes=15), shortest=timedelta(minutes=5), longest=timedelta(hours=24))
ENTITIES = (
    EntitySpec(id="zelensky", type="person", name="Volodymyr Zelensky", aliases=("Володимир Зеленський",)),
    EntitySpec(id="elysee", type="organisation", name="Élysée"),
)


@dataclass(frozen=True, slots=True)
class RealReader:
    """The real parser, without a process of its own."""

    async def parse(self, document: Fetched, _: LastRead | None = None) -> ParsedFeed | ParseFailed:
        return parse_document(document.body, content_type="application/rss+xml", url=URL, now=NOW)


def rss(*items: str) -> bytes:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>H</title>{"".join(items)}</channel></rss>'.encode()


def item(number: int, title: str, description: str = "") -> str:
    link = f"https://heron.example/{number}"
    return f"<item><title>{title}</title><link>{link}</link><description>{description}</description></item>"


async def told(folder: Path, query: str, title: str, description: str) -> Rendered:
    """The message that such an entry leads to: fetched, parsed, matched, stored, claimed and rendered."""
    ruleset = compile_ruleset((RuleSpec(name=RuleName("rule"), query=query),), build_roster(ENTITIES))
    assert isinstance(ruleset, Ruleset), ruleset
    feeds = {URL: FeedWatch(url=URL, outlets=("Heron",), tags=(), language="", pace=PACE)}
    watch = Watch(feeds=feeds, ruleset=ruleset, channels=("desk",))
    store = await SqliteStore.open(folder)
    publisher, clock = Publisher(), SetClock()
    ports = PollPorts(fetcher=publisher, parser=RealReader(), store=store.polls, clock=clock)
    for items in ([item(1, "Calm")], [item(1, "Calm"), item(2, title, description)]):
        (feed,) = await store.polls.register([(URL, NOW)])
        publisher.answers[URL] = Fetched(body=rss(*items), url=URL)
        await poll(feed, watch, ports)
        clock.pass_by(timedelta(hours=1))
    await put_on_way(store, clock.now())
    (message,) = await store.outbox.claim("desk", clock.now(), timedelta(minutes=1), 5)
    await store.close()
    return render(message, now=clock.now())


CASES = [
    pytest.param(
        "zelensky talks",
        "Zelensky &amp;amp; the U.S.: &#8220;talks&#8221; &lt;b&gt;now&lt;/b&gt;",
        "",
        ["Zelensky", "talks"],
        id="entities and markup in a title",
    ),
    pytest.param(
        "entity:zelensky AND forms(переговоры)",
        "Переговоры продолжаются",
        "&lt;p&gt;Встреча с &lt;a href='x'&gt;Владимиром&lt;/a&gt; &lt;i&gt;Зеленским&lt;/i&gt;&amp;nbsp;— "
        "итоги переговоров",
        ["Переговоры", "Владимиром Зеленским", "переговоров"],
        id="forms between tags",
    ),
    pytest.param(
        "entity:elysee OR cafe OR entity:zelensky",
        "E\u0301lyse\u0301e 🇫🇷: Зеле\u0301нский ответил",  # Cyrillic has no letter of its own for a stressed е
        "At the cafe&#769; by the &lt;em&gt;&#201;lys&#233;e&lt;/em&gt;, they said",
        ["Élysée", "Зеле\u0301нский", "café", "Élysée"],
        id="combining characters and emoji",
    ),
    pytest.param(
        '"peace talks"~1 negoti*',
        "👩‍👩‍👧 𝐏𝐞𝐚𝐜𝐞 and lasting talks; all want peace, then talks",
        "Line one&lt;br&gt;line two: re-negoti&amp;shy;ations &amp;lt;soon&amp;gt;",
        ["peace, then talks", "negoti\u00adations"],
        id="astral letters, soft hyphens, escaped angles",
    ),
    pytest.param(
        "/cease.?fire/ NEAR/4 miami OR count(truce) >= 2",
        "Truce or no truce",
        "&lt;ul&gt;&lt;li&gt;A &amp;quot;cease-fire&amp;quot;&lt;/li&gt;&lt;li&gt;in Miami&lt;/li&gt;&lt;/ul&gt;",
        ["Truce", "truce", "cease-fire", "Miami"],
        id="expressions and counts across list items",
    ),
]


@pytest.mark.parametrize(("query", "title", "description", "marked"), CASES)
async def test_a_match_is_marked_where_it_stands(
    query: str, title: str, description: str, marked: list[str], tmp_path: Path
) -> None:
    """On a console, in the passages of a webhook, in the HTML of a mail; the words around it stay as they were."""
    message = await told(tmp_path, query, title, description)
    (shown,) = message.items
    pieces = [*shown.title, *(piece for passage in shown.passages for piece in passage.pieces)]
    assert [piece.words for piece in pieces if piece.is_match] == marked

    printed = io.StringIO()
    await Console(printed, environment={}).send(message)
    body = "\n".join(line for line in printed.getvalue().splitlines() if not line.startswith(("why:", "http")))
    # A console drops signs without a width, such as soft hyphens.
    assert re.findall(r"\*(.*?)\*", body) == [clean(words) for words in marked]

    (alert,) = json.loads(encode(message, NOW))["alerts"]
    sent = [piece["words"] for passage in alert["passages"] for piece in passage["pieces"] if piece["is_match"]]
    titled = [piece.words for piece in shown.title if piece.is_match]
    assert titled + sent == marked
    fields = {"title": alert["title"], "summary": shown.alert.content.text.summary}
    assert {fields[one["field"]][one["start"] : one["end"]] for one in alert["evidence"]} >= set(marked)

    page = html(message)
    articles = "".join(re.findall(r"<h1>.*?</h1>|<blockquote>.*?</blockquote>", page, re.DOTALL))
    assert [markup.unescape(one) for one in re.findall(r"<mark>(.*?)</mark>", articles)] == [
        clean(words) for words in marked
    ]
    heading = re.sub(r"<[^>]*>", "", re.findall(r"<h1>(.*?)</h1>", page, re.DOTALL)[0])
    assert markup.unescape(heading) == clean(shown.alert.content.title)
