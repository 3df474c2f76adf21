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
from monitor.cadence.disbelief import is_disbelieved
from monitor.flow.believing import disbelieving, request_for
from monitor.flow.decide import (
    Document,
    decide_failed,
    decide_fetched,
    decide_not_modified,
    match_ahead,
    pacing,
)
from monitor.flow.last_read import pack_last_read, unpack_last_read
from monitor.flow.pacing import Pacing
from monitor.flow.recollect import Remembering
from monitor.flow.tally import Tally
from monitor.flow.watch import FeedWatch, Watch
from monitor.model.entries import Entry, ParsedFeed, ParseFailed
from monitor.model.polls import FailureKind, FeedState, Fetched, FetchFailed, NotModified
from monitor.model.slices import LastRead, Trace
from monitor.model.stories import Inquiry, Known, PollPlan, Question, Sift, Sifted
from monitor.ports import Clock, Fetcher, Parser, PollStore
from monitor.stories.identity import Keyed, draft, told_apart
from monitor.stories.placing import Placing
from monitor.stories.recollection import Recollection
from monitor.stories.sift import question, sift
from monitor.stories.unread import has_doubles, lacks_words, trace_of, unread


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
    watched = watch.feeds[feed.url]
    is_anew = is_disbelieved(feed, ports.clock.now())
    answer = await ports.fetcher.fetch(request_for(feed, is_anew=is_anew))
    outcome = await read(answer, feed, watched, ports)
    recollection = await _recollected(ports.recollection) if isinstance(outcome, Document) else None
    now, chance = ports.clock.now(), ports.clock.chance()
    if ports.tally is not None:
        ports.tally.note(feed.url, outcome, now)
    paced = pacing(watched, now, chance)

    def deciding(document: Document) -> _Decision:
        return _Decision(
            document=document, watch=watch, paced=paced, now=now, recollection=recollection, is_anew=is_anew
        )

    if isinstance(outcome, Document):
        answer = outcome.answer
        decision = deciding(outcome)
        plan = await _commit(feed, decision, ports.store)
        if not decision.lacks_words:
            return plan
        # An entry that was taken for known has to be looked at after all, and so has the whole document.
        outcome = await read(answer, feed, watched, ports, is_whole=True)
    if isinstance(outcome, Document):
        return await _commit(feed, deciding(outcome), ports.store)

    def decide(known: Known) -> PollPlan:
        if isinstance(outcome, FetchFailed):
            return disbelieving(decide_failed(known, outcome, paced, now), is_anew=is_anew)
        assert isinstance(outcome, NotModified)  # noqa: S101 - a document has a decision of its own
        return decide_not_modified(known, outcome, paced, now)

    return await ports.store.commit(question(feed, (), now), decide)


async def _commit(feed: FeedState, decision: "_Decision", store: PollStore) -> PollPlan:
    moves_after = decision.recollection.last_move if decision.recollection else 0
    asked = question(feed, decision.document.entries, decision.now, moves_after=moves_after)
    if len(decision.document.entries) > FLOOD:
        await _prepare(decision, asked, store)
    try:
        return await store.commit(asked, decision)
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
    is_anew: bool = False
    """it was asked for without conditions, for its 304s were not believed any more"""
    lacks_words: bool = False
    """that the document was not read far enough to decide by: then the feed is left as it was"""
    _placing: Placing | None = None
    _sifted: Sift | None = None

    def __call__(self, known: Known) -> PollPlan | Inquiry:
        if self._sifted is None:
            if lacks_words(self.document.entries, known):
                self.lacks_words = True
                return PollPlan(feed=known.feed, at=self.now)
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
            # Of what a baseline found nothing is told, whatever was told of its stories before.
            if stories := frozenset(one.story_key for one in self._sifted.fresh if not one.is_baseline):
                return Inquiry(stories=stories)
        plan = decide_fetched(known, self.document, self._sifted, self.watch, paced=self.paced, now=self.now)
        plan = disbelieving(plan, is_anew=self.is_anew)
        return replace(plan, vocabulary=self._placing.vocabulary()) if self._placing else plan

    def withdraw(self) -> None:
        """Nothing of it was written."""
        if self._placing is not None:
            self._placing.withdraw()


async def _recollected(recollection: Recollection | Remembering | None) -> Recollection | None:
    return await recollection.ready() if isinstance(recollection, Remembering) else recollection


async def _prepare(decision: _Decision, asked: Question, store: PollStore) -> None:
    """Match and draft the document's new entries beforehand: a flood of them must not hold the writer meanwhile.

    What is new is asked in a transaction of its own, in which nothing is written. The one that counts asks again,
    and does the same for what has become new since.
    """
    document, watch = decision.document, decision.watch
    fresh: list[Sifted] = []

    def listen(known: Known) -> PollPlan:
        if not lacks_words(document.entries, known):
            fresh.extend(sift(document.entries, known).fresh)
        return PollPlan(feed=known.feed, at=decision.now)

    feed = (await store.commit(asked, listen, is_dry=True)).feed
    if len(fresh) <= FLOOD:
        return
    watched = watch.feeds[feed.url]
    ahead = await asyncio.to_thread(match_ahead, fresh, watch, watched, decision.now)
    decision.document = replace(document, ahead=ahead)
    if decision.recollection is not None:
        entries = [one.entry for one in fresh]
        drafts = await asyncio.to_thread(decision.recollection.draft, entries, watched.names)
        decision.document = replace(decision.document, drafts=drafts)


async def read(
    answer: Fetched | NotModified | FetchFailed,
    feed: FeedState,
    watched: FeedWatch,
    ports: PollPorts,
    *,
    is_whole: bool = False,
) -> Document | NotModified | FetchFailed:
    """Parse and key what came back; the very body of last time is not parsed again, nor are entries that stood in it.

    `is_whole`: they are.
    """
    if not isinstance(answer, Fetched):
        return answer
    digest = sha256(answer.body).digest()
    if digest == feed.body_digest:
        return Document(answer=answer, digest=digest, feed=None)
    known = None if is_whole else unpack_last_read(feed.slices, ports.clock.now())
    parsed = await ports.parser.parse(answer, known)
    if isinstance(parsed, ParseFailed):
        kind = FailureKind.BROKE if parsed.broke_reader else FailureKind.CONTENT
        return FetchFailed(kind=kind, reason=parsed.reason)
    if not parsed.is_whole and not parsed.entries:
        # Nothing could be read of it. Taken for success it would hide for ever that nothing comes any more.
        return FetchFailed(kind=FailureKind.CONTENT, reason=f"the document is broken: {parsed.flaw}")
    if len(parsed.entries) > FLOOD:
        # Hashing a hundred thousand words would hold up every other poll and send.
        keyed = await asyncio.to_thread(_keyed, parsed, known, watched.language, ports.detect)
    else:
        keyed = _keyed(parsed, known, watched.language, ports.detect)
    if keyed is None:
        return await read(answer, feed, watched, ports, is_whole=True)
    is_same = known is not None and bool(parsed.unread) and keyed.traces == known.traces
    slices = feed.slices if is_same else pack_last_read(keyed.feed, keyed.traces)
    # Dozens of documents wait for the writer at a first update: none holds a body that nobody will read again.
    kept = answer if parsed.unread else replace(answer, body=b"")
    return Document(answer=kept, digest=digest, feed=keyed.feed, slices=slices, entries=keyed.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Keyed:
    """A document whose entries have their languages and keys."""

    feed: ParsedFeed
    entries: tuple[Keyed, ...]
    traces: tuple[Trace, ...] = ()


def _keyed(
    parsed: ParsedFeed, known: LastRead | None, configured: str, detect: Callable[[str], str] | None
) -> _Keyed | None:
    """None: what was not read of it cannot be told apart from the rest."""
    feed = _with_language(parsed, configured, detect)
    read = (draft(entry, feed.site) for entry in feed.entries)
    if not feed.slices:
        return _Keyed(feed=feed, entries=told_apart(read))
    before = {trace.digest: trace for trace in known.traces} if known is not None and feed.unread else {}
    drafts, traces = [], []
    for digest in feed.slices:
        trace = before[digest] if digest in feed.unread else None
        one = next(read) if trace is None else unread(trace)
        drafts.append(one)
        traces.append(trace or trace_of(one, digest))
    if has_doubles(drafts):
        return None
    return _Keyed(feed=feed, entries=told_apart(drafts), traces=tuple(trace for trace in traces if trace is not None))


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
