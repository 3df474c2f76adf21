"""A poll, from its due time to its commit: fetch, parse, key, then decide and commit in one transaction.

Safe to repeat: a crash before the commit leaves the poll undone with the old validators in place; after it,
everything is there. Nothing is marked as seen before its alerts are stored.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from monitor.alerts.burst import FLOOD
from monitor.flow.decide import (
    Document,
    decide_failed,
    decide_fetched,
    decide_not_modified,
    match_ahead,
    pacing,
)
from monitor.flow.pacing import Pacing
from monitor.flow.recollect import Remembering
from monitor.flow.tally import Tally
from monitor.flow.watch import FeedWatch, Watch
from monitor.model.entries import Entry, ParsedFeed, ParseFailed
from monitor.model.polls import FailureKind, FeedState, Fetched, FetchFailed, FetchRequest, NotModified
from monitor.model.stories import Inquiry, Known, PollPlan, Question, Sift, Sifted
from monitor.ports import Clock, Fetcher, Parser, PollStore
from monitor.stories.identity import keyed
from monitor.stories.placing import Placing
from monitor.stories.recollection import Recollection
from monitor.stories.sift import question, sift


@dataclass(frozen=True, slots=True, kw_only=True)
class PollPorts:
    """What a poll needs of the world."""

    fetcher: Fetcher
    parser: Parser
    store: PollStore
    clock: Clock
    detect: Callable[[str], str] | None = None
    """what tells the language of a text; asked only where neither feed nor configuration states one"""
    recollection: Recollection | Remembering | None = None
    """None: entries with other words are other stories"""
    tally: Tally | None = None
    """counts how documents are read; None: nobody asks"""


async def poll(feed: FeedState, watch: Watch, ports: PollPorts) -> PollPlan:
    """Poll one feed once; the plan returned is what was committed. Raises StoreError; then nothing was written."""
    request = FetchRequest(url=feed.url, validators=feed.validators)
    watched = watch.feeds[feed.url]
    outcome = await read(await ports.fetcher.fetch(request), feed, watched, ports.parser, ports.detect)
    recollection = await _recollected(ports.recollection) if isinstance(outcome, Document) else None
    now, chance = ports.clock.now(), ports.clock.chance()
    if ports.tally is not None:
        ports.tally.note(feed.url, outcome, now)
    paced = pacing(watched, now, chance)

    def decide(known: Known) -> PollPlan:
        if isinstance(outcome, FetchFailed):
            return decide_failed(known, outcome, paced, now)
        assert isinstance(outcome, NotModified)  # noqa: S101 - a document has a decision of its own
        return decide_not_modified(known, outcome, paced, now)

    moves_after = recollection.last_move if recollection else 0
    entries = outcome.entries if isinstance(outcome, Document) else ()
    asked = question(feed, entries, now, moves_after=moves_after)
    if not isinstance(outcome, Document):
        return await ports.store.commit(asked, decide)
    if len(outcome.entries) > FLOOD:
        outcome = await _prepared(outcome, asked, watch, ports.store, recollection=recollection, now=now)
    decision = _Decision(document=outcome, watch=watch, paced=paced, now=now, recollection=recollection)
    try:
        return await ports.store.commit(asked, decision)
    except Exception:
        # Not where we are cancelled: the writer goes on, and commits what it has begun.
        decision.withdraw()
        raise


@dataclass(slots=True, kw_only=True)
class _Decision:
    """What a document leads to: first which stories its entries belong to, then, knowing what was told, the plan."""

    document: Document
    watch: Watch
    paced: Pacing
    now: datetime
    recollection: Recollection | None = None
    _placing: Placing | None = None
    _sifted: Sift | None = None

    def __call__(self, known: Known) -> PollPlan | Inquiry:
        if self._sifted is None:
            if self.recollection is not None and self.document.entries:
                watched = self.watch.feeds[known.feed.url]
                outlet = next(iter(watched.outlets), "")
                self._placing = self.recollection.begin(
                    known.feed.id,
                    watched.names,
                    self.now,
                    known.moves,
                    publisher=self.watch.publishers.get(outlet, outlet),
                    ahead=self.document.drafts,
                )
            self._sifted = sift(self.document.entries, known, self._placing)
            if self._sifted.fresh:
                return Inquiry(stories=frozenset(one.story_key for one in self._sifted.fresh))
        plan = decide_fetched(known, self.document, self._sifted, self.watch, paced=self.paced, now=self.now)
        return replace(plan, vocabulary=self._placing.vocabulary()) if self._placing else plan

    def withdraw(self) -> None:
        """Nothing of it was written."""
        if self._placing is not None:
            self._placing.withdraw()


async def _recollected(recollection: Recollection | Remembering | None) -> Recollection | None:
    return await recollection.ready() if isinstance(recollection, Remembering) else recollection


async def _prepared(
    document: Document,
    asked: Question,
    watch: Watch,
    store: PollStore,
    *,
    recollection: Recollection | None,
    now: datetime,
) -> Document:
    """The document with its new entries matched and drafted: a flood of them must not hold the writer meanwhile.

    What is new is asked in a transaction of its own, in which nothing is written. The one that counts asks again,
    and does the same for what has become new since.
    """
    fresh: list[Sifted] = []

    def listen(known: Known) -> PollPlan:
        fresh.extend(sift(document.entries, known).fresh)
        return PollPlan(feed=known.feed, at=now)

    feed = (await store.commit(asked, listen, is_dry=True)).feed
    if len(fresh) <= FLOOD:
        return document
    watched = watch.feeds[feed.url]
    document = replace(document, ahead=await asyncio.to_thread(match_ahead, fresh, watch, watched, now))
    if recollection is None:
        return document
    entries = [one.entry for one in fresh]
    return replace(document, drafts=await asyncio.to_thread(recollection.draft, entries, watched.names))


async def read(
    answer: Fetched | NotModified | FetchFailed,
    feed: FeedState,
    watched: FeedWatch,
    parser: Parser,
    detect: Callable[[str], str] | None = None,
) -> Document | NotModified | FetchFailed:
    """Parse and key what came back; the very body of last time is not parsed again."""
    if not isinstance(answer, Fetched):
        return answer
    digest = sha256(answer.body).digest()
    if digest == feed.body_digest:
        return Document(answer=answer, digest=digest, feed=None)
    parsed = await parser.parse(answer)
    if isinstance(parsed, ParseFailed):
        kind = FailureKind.BROKE if parsed.broke_reader else FailureKind.CONTENT
        return FetchFailed(kind=kind, reason=parsed.reason)
    if not parsed.is_whole and not parsed.entries:
        # Nothing could be read of it. Taken for success it would hide for ever that nothing comes any more.
        return FetchFailed(kind=FailureKind.CONTENT, reason=f"the document is broken: {parsed.flaw}")
    if len(parsed.entries) > FLOOD:
        # Hashing a hundred thousand words would hold up every other poll and send.
        spoken = await asyncio.to_thread(_with_language, parsed, watched.language, detect)
        entries = await asyncio.to_thread(keyed, spoken)
    else:
        spoken = _with_language(parsed, watched.language, detect)
        entries = keyed(spoken)
    return Document(answer=answer, digest=digest, feed=spoken, entries=entries)


def _with_language(feed: ParsedFeed, configured: str, detect: Callable[[str], str] | None) -> ParsedFeed:
    """Every entry with a language: its own, the document's, what the configuration says, else what is detected.

    Settled before anything is stored, so that `why` judges by the same language later.
    """
    language = feed.language or configured
    entries = tuple(
        entry if entry.language else replace(entry, language=language or _detected(entry, detect))
        for entry in feed.entries
    )
    return replace(feed, entries=entries)


def _detected(entry: Entry, detect: Callable[[str], str] | None) -> str:
    return detect(f"{entry.text.title}\n{entry.text.summary}") if detect else ""
