"""Decide a poll, purely: which entries are new, whose story each is, which rules match, which alerts follow."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.alerts.alarms import Cause, alarm
from monitor.alerts.burst import FLOOD
from monitor.cadence.next_poll import Setback
from monitor.cadence.patience import patience
from monitor.flow.believing import asking_notes, moving_after, moving_after_failure, notes_of
from monitor.flow.pacing import Pacing
from monitor.flow.verdicts import Verdicts, view
from monitor.flow.watch import FeedWatch, Watch
from monitor.model.alerts import Alert
from monitor.model.entries import Entry, ParsedFeed
from monitor.model.polls import FailureKind, FeedState, Fetched, FetchFailed, Habits, NotModified, Validators
from monitor.model.rules import Match
from monitor.model.stories import Known, PollPlan, Sift, Sifted
from monitor.model.troubles import Trouble
from monitor.stories.drafts import Drafts
from monitor.stories.habits import Lesson, learn
from monitor.stories.identity import Keyed

_LONGEST_REASON = 300  # characters of an error kept with a feed


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A good answer, read and keyed, before anything is decided about it."""

    answer: Fetched
    digest: bytes
    feed: ParsedFeed | None
    """None: the very body that was read last time"""
    slices: bytes = b""
    """what `FeedState.slices` is to keep of it"""
    entries: tuple[Keyed, ...] = ()
    ahead: Mapping[Entry, tuple[Match, ...]] = field(default_factory=dict)
    """the rules found in entries, of those that were matched before the transaction"""
    drafts: Drafts = field(default_factory=dict)
    """likewise, what is known of their words"""


def pacing(watched: FeedWatch, now: datetime, chance: float) -> Pacing:
    """The cadence of one feed at one moment."""
    return Pacing(pace=watched.pace, chance=chance, now=now)


def decide_failed(known: Known, failure: FetchFailed, paced: Pacing, now: datetime) -> PollPlan:
    """A poll that gave nothing: validators, digest and seen-set stay as they were; only the waiting grows.

    Whether that is worth an alarm is seen over all feeds: see `alerts.feed_alarms`.
    """
    feed = known.feed
    asked = None if failure.retry_after_seconds is None else timedelta(seconds=failure.retry_after_seconds)
    setback = Setback(
        failures=feed.failures + 1,
        lasting=now - (feed.failing_since or now),
        is_connection=failure.kind in {FailureKind.CONNECTION, FailureKind.CERTIFICATE},
        is_gone=failure.kind is FailureKind.GONE,
        retry_after=asked,
    )
    following = paced.failed(feed, setback, max_age_seconds=failure.max_age_seconds)
    hold = patience(feed, failure, following.at - now)
    state = replace(
        feed,
        next_poll_at=following.at,
        next_reason=following.reason,
        last_poll_at=now,
        failures=setback.failures,
        failing_since=feed.failing_since or now,
        last_outcome="failed",
        last_error=failure.reason[:_LONGEST_REASON],
        fault=failure.kind,
        is_gone=setback.is_gone,
        moving=moving_after_failure(feed, failure),
    )
    until = None if hold is None else now + hold
    notes = notes_of(feed, state)
    return PollPlan(feed=state, at=now, hold_origin_until=until, hold_address=failure.address, notes=notes)


def _poll_alarms(
    watched: FeedWatch, lessons: Sequence[Lesson], new: int, channels: tuple[str, ...], now: datetime
) -> Iterator[Alert]:
    names = " + ".join(watched.outlets)
    for lesson in lessons:
        subject = f"{watched.url} {lesson.key} {lesson.kind}"
        trouble = Trouble(cause=Cause.IDENTITY, subject=subject, about=names, since=now)
        yield alarm(
            Cause.IDENTITY,
            subject=subject,
            says=f"{names}: {lesson.says}",
            outlets=watched.outlets,
            now=now,
            link=watched.url,
            channels=channels,
            # What a feed always was is no trouble, and a key that is not used any more is none that could pass.
            begins=(trouble,) if channels and lesson.passes else (),
        )
    if new > FLOOD:
        says = f"{names}: {new:,} new entries in one poll; what they say of a rule is told in one message"
        yield alarm(
            Cause.FLOOD,
            subject=watched.url,
            says=says,
            outlets=watched.outlets,
            now=now,
            link=watched.url,
            channels=channels,
        )


def decide_not_modified(known: Known, answer: NotModified, paced: Pacing, now: datetime) -> PollPlan:
    """A 304 is success; validators that it carries replace the old ones.

    After a failure it is no recovery yet: what answers may be a cache in front of a server that is down, or of one that
    answers every second time. The second of them in a row is.
    """
    feed = known.feed
    moving = moving_after(feed, answer, now, is_same=True)
    stated = (_kept(feed.validators, answer.validators), "not modified", moving)
    if stated == (feed.validators, feed.last_outcome, feed.moving):
        state = feed  # nearly all of a quiet feed's polls: they are stored by the thousand
    else:
        validators, outcome, _ = stated
        state = replace(feed, validators=validators, last_outcome=outcome, moving=moving)
    succeeded = paced.succeeded(state, max_age_seconds=answer.max_age_seconds)
    if feed.failures and feed.last_outcome != "not modified":
        fewer = (feed.failures + 1) // 2
        succeeded = replace(succeeded, failures=fewer, failing_since=feed.failing_since, fault=feed.fault)
    return PollPlan(feed=succeeded, at=now, notes=notes_of(feed, state))


def _kept(before: Validators, stated: Validators) -> Validators:
    """What is asked with next: what a 304 states, else what was known."""
    etag, last_modified = stated.etag or before.etag, stated.last_modified or before.last_modified
    if (etag, last_modified) == (before.etag, before.last_modified):
        return before
    return replace(before, etag=etag, last_modified=last_modified)


def decide_fetched(
    known: Known, document: Document, sifted: Sift, watch: Watch, *, paced: Pacing, now: datetime
) -> PollPlan:
    """A good document, sifted: match, plan. Both validators are replaced together, also by nothing.

    `known` has what was told of every story in `sifted`.
    """
    is_whole = document.feed is None or document.feed.is_whole
    feed = replace(
        known.feed,
        # The validators of a broken document would let a 304 hide the rest of it.
        validators=document.answer.validators if is_whole else known.feed.validators,
        # Were it known, the same broken document would pass for a whole one the second time.
        body_digest=document.digest if is_whole else b"",
        last_outcome="fetched",
        last_error="",
        moving=moving_after(known.feed, document.answer, now, is_same=_is_same(known.feed, document, sifted)),
    )
    notes = notes_of(known.feed, feed)
    watched = watch.feeds[feed.url]
    max_age = document.answer.max_age_seconds
    if document.feed is None:
        state = paced.succeeded(feed, max_age_seconds=max_age)
        return PollPlan(feed=state, at=now, outlets=watched.outlets, notes=notes)
    verdicts = Verdicts(watch=watch, watched=watched, told=known.told, now=now, ahead=document.ahead)
    for one in sifted.fresh:
        verdicts.judge(one, document.feed.language)
    new = sum(one.revision == 1 and not one.is_baseline for one in sifted.fresh)
    habits, lessons = learn(feed.habits, sifted.signs, now)
    # That a feed has no ids, as one in four, is worth a line in the lists. That it has lost them is worth a message.
    hearing = watch.hear_alarms if feed.baseline_at else ()
    has_baseline = is_whole or feed.last_success_at is not None
    state = replace(
        paced.succeeded(feed, max_age_seconds=max_age, document=document.feed, new=new),
        # A document that was broken off shows only part of the window: its rest must not alert as new next time.
        # A feed that is never well-formed has its baseline after the second poll.
        baseline_at=feed.baseline_at or (now if has_baseline else None),
        slices=document.slices if is_whole else feed.slices,
        last_error=document.feed.flaw[:_LONGEST_REASON],
        habits=habits,
        empty_since=_empty_since(feed, document.feed, now),
    )
    notes += asking_notes(known.feed, state, watched.pace)
    return PollPlan(
        feed=state,
        at=now,
        sift=sifted,
        outlets=watched.outlets,
        found=tuple(verdicts.found),
        alerts=(*verdicts.gathered(new), *_poll_alarms(watched, lessons, new, hearing, now)),
        notes=notes,
    )


def match_ahead(
    fresh: Sequence[Sifted], watch: Watch, watched: FeedWatch, now: datetime
) -> dict[Entry, tuple[Match, ...]]:
    """What `Document.ahead` wants to know, of these entries and of their words before; of a baseline, nothing."""
    ahead: dict[Entry, tuple[Match, ...]] = {}
    for one in fresh:
        if one.is_baseline:
            continue
        seen = view(one, watched, "")
        ahead[one.entry] = watch.ruleset.match(seen, now)
        if one.previous is not None:
            ahead[replace(one.entry, text=one.previous)] = watch.ruleset.match(replace(seen, text=one.previous), now)
    return ahead


def _empty_since(feed: FeedState, document: ParsedFeed, now: datetime) -> datetime | None:
    """Since when there are no entries; what never had any is not missed."""
    if document.size or feed.habits == Habits():
        return None
    return feed.empty_since or now


def _is_same(feed: FeedState, document: Document, sifted: Sift) -> bool:
    """Whether a document is one of this feed, as far as anything was known of it."""
    is_known = bool(sifted.seen) or any(one.revision > 1 for one in sifted.fresh)
    return document.feed is None or feed.baseline_at is None or is_known
