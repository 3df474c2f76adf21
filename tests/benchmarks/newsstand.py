"""Many invented feeds, as the web serves them: RSS and Atom with full HTML, validators, 304, gzip, and news at times.

Everything comes out of one seed, so that two runs serve the same bytes.
"""

import gzip
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

from tests.benchmarks.loopback import Reply, Request

CHANGED_EVERY = 20
"""of so many feeds one changes in a round of news: 5 %"""
_SYLLABLES = "ba ke lo mi nu ra sto ter vin har dor pel qua sim tor ven wes yor zan fel gra cho blen dris".split()  # noqa: SIM905 - reads as syllables
_VOCABULARY = 4_000
_BEGAN = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)
_PARAGRAPHS = 6
_HOSTS_PER_NETWORK = 250


def hosts(feeds: int) -> tuple[str, ...]:
    """A loopback address for each feed: as many origins as in real life."""
    return tuple(
        f"127.0.{1 + number // _HOSTS_PER_NETWORK}.{1 + number % _HOSTS_PER_NETWORK}" for number in range(feeds)
    )


def words() -> tuple[str, ...]:
    """The language of the feeds, its most frequent words first."""
    chance = random.Random("vocabulary")
    made: dict[str, None] = {}
    while len(made) < _VOCABULARY:
        made["".join(chance.choices(_SYLLABLES, k=chance.choice((1, 2, 2, 3, 3, 4))))] = None
    return tuple(made)


@dataclass(slots=True, kw_only=True)
class Newsstand:
    """The feeds: `answer` serves number n at the path `/n`, `publish` brings news to one in twenty."""

    feeds: int
    entries: int
    seed: int = 1
    answered: Counter[tuple[int, int]] = field(default_factory=Counter)
    """answers by feed and status since this was cleared last"""
    _edition: int = 0
    _printed: dict[tuple[int, int], bytes] = field(default_factory=dict)
    _words: Sequence[str] = field(default_factory=words)
    _weights: list[float] = field(default_factory=list)

    async def answer(self, request: Request) -> Reply:
        """The feed, or 304 where the caller has it: If-None-Match counts before If-Modified-Since (RFC 9110)."""
        number = int(request.path.strip("/"))
        edition = self._edition if self._changes(number) else 0
        tag = f'"{number}-{edition}"'
        modified = format_datetime(_BEGAN + timedelta(hours=edition), usegmt=True)
        headers = {"ETag": tag, "Last-Modified": modified, "Content-Type": f"application/{_kind(number)}+xml"}
        known = request.headers.get("if-none-match")
        if known == tag or (known is None and request.headers.get("if-modified-since") == modified):
            self.answered[number, 304] += 1
            return Reply(status="304 Not Modified", headers=headers)
        self.answered[number, 200] += 1
        body = self.document(number, edition)
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Reply(headers={**headers, "Content-Encoding": "gzip"}, body=body)
        return Reply(headers=headers, body=gzip.decompress(body))

    def publish(self) -> int:
        """One or two new entries for every twentieth feed; returns how many feeds changed."""
        self._edition += 1
        for number in range(0, self.feeds, CHANGED_EVERY):
            self.document(number, self._edition)  # printed now, so that it costs nobody's round
        return len(range(0, self.feeds, CHANGED_EVERY))

    def print_all(self) -> None:
        """Make every document before anybody is measured."""
        for number in range(self.feeds):
            self.document(number, self._edition if self._changes(number) else 0)

    def rewind(self) -> None:
        """As it was before any news."""
        self._edition = 0
        self.answered.clear()

    def document(self, number: int, edition: int) -> bytes:
        """A feed at an edition, gzipped."""
        if (number, edition) not in self._printed:
            new = sum(1 + (number + one) % 2 for one in range(edition))
            newest_first = range(self.entries + new - 1, new - 1, -1)
            texts = [self._entry(number, place) for place in newest_first]
            self._printed[number, edition] = gzip.compress(_framed(number, texts).encode(), 6, mtime=0)
        return self._printed[number, edition]

    def _changes(self, number: int) -> bool:
        return number % CHANGED_EVERY == 0

    def _entry(self, number: int, place: int) -> str:
        chance = random.Random(f"{self.seed}/{number}/{place}")
        title = self._sentence(chance, 9).rstrip(".")
        link = f"https://outlet-{number}.example/news/{place}-{title.split()[0].lower()}.html?ref=rss"
        html = "\n".join(self._paragraph(chance, link, turn) for turn in range(_PARAGRAPHS))
        author, topic = (self._sentence(chance, 2).rstrip(".").title() for _ in range(2))
        at = _BEGAN + timedelta(minutes=37 * place)
        summary = self._sentence(chance, 25)
        if _kind(number) == "rss":
            return (
                f"<item><title>{title}</title><link>{escape(link)}</link>"
                f'<guid isPermaLink="false">{number}-{place}</guid><dc:creator>{author}</dc:creator>'
                f"<category>{topic}</category><pubDate>{format_datetime(at)}</pubDate>"
                f"<description><![CDATA[<p>{summary}</p>]]></description>"
                f"<content:encoded><![CDATA[{html}]]></content:encoded></item>"
            )
        return (
            f'<entry><title>{title}</title><link rel="alternate" href="{escape(link)}"/>'
            f"<id>tag:outlet-{number}.example,2026:{place}</id><author><name>{author}</name></author>"
            f'<category term="{topic}"/><published>{at.isoformat()}</published><updated>{at.isoformat()}</updated>'
            f'<summary type="text">{summary}</summary><content type="html">{escape(html)}</content></entry>'
        )

    def _paragraph(self, chance: random.Random, link: str, turn: int) -> str:
        first, second = self._sentence(chance, 18), self._sentence(chance, 22)
        picture = (
            f'<img src="{link}.jpg" alt="{self._sentence(chance, 4)}" width="640" height="360"/>' if turn == 1 else ""
        )
        return f'<p>{picture}{first} <a href="{link}#p{turn}">{self._sentence(chance, 3)}</a> <em>{second}</em></p>'

    def _sentence(self, chance: random.Random, length: int) -> str:
        if not self._weights:  # word frequencies fall as 1/rank, as in natural languages
            total = 0.0
            for rank in range(len(self._words)):
                total += 1 / (rank + 3)
                self._weights.append(total)
        return " ".join(chance.choices(self._words, cum_weights=self._weights, k=length)).capitalize() + "."


def _kind(number: int) -> str:
    return "rss" if number % 2 == 0 else "atom"


def _framed(number: int, entries: Sequence[str]) -> str:
    site = f"https://outlet-{number}.example/"
    if _kind(number) == "rss":
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
            ' xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
            f"<title>Outlet {number}</title><link>{site}</link><description>News</description><language>en</language>"
            + "\n".join(entries)
            + "</channel></rss>"
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">'
        f'<title>Outlet {number}</title><id>{site}</id><link href="{site}"/>'
        f"<updated>{_BEGAN.isoformat()}</updated>" + "\n".join(entries) + "</feed>"
    )
