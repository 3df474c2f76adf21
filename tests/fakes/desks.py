"""The desks of people in memory: what `FeedDesk`, `OutboxDesk` and `Archive` promise, said in plain Python."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count

from monitor.model.alerts import Alert, AlertKind, DeliveryState, Form
from monitor.model.holding import Mute, MuteKind
from monitor.model.moves import Corrected, Hand, MoveKind, PastMove, Refusal, Refused
from monitor.model.polls import FeedState, Pause, PauseKind, Refresh
from monitor.model.stories import Level, Move
from monitor.model.views import (
    AlertRow,
    Chosen,
    DeliveryHistory,
    FeedRow,
    Merger,
    Named,
    StoryHistory,
    StoryRow,
    Wanted,
)
from monitor.store.outbox_desk import DROPPED
from monitor.store.story_desk import REASONS, split_key
from monitor.text.naming import entry_name, short_name
from tests.fakes.annals import FakeAnnals
from tests.fakes.store import Delivery, FakeStore, FakeViews, KeptEntry, Memory, Sending, delivery_row, message_of


class FakeOffice(FakeStore):
    """The store in memory with the desks of people in it."""

    def __init__(self) -> None:
        super().__init__()
        self.archive = FakeArchive(self.memory, self.views)
        self.annals = FakeAnnals(self.memory)
        self.feed_desk = FakeFeedDesk(self.memory)
        self.outbox_desk = FakeOutboxDesk(self.memory)
        self.mute_desk = FakeMuteDesk(self.memory)
        self.story_desk = FakeStoryDesk(self.memory)


class FakeFeedDesk:
    """`monitor.ports.FeedDesk` in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def hasten(
        self, urls: Collection[str], decide: Callable[[FeedState, datetime | None], Refresh]
    ) -> tuple[Refresh, ...]:
        memory = self._memory
        by_url = {feed.url: feed for feed in memory.feeds.values() if feed.id in memory.registered}
        feeds = [by_url[url] for url in urls if url in by_url]
        refreshes = tuple(decide(feed, memory.holds.get(feed.origin)) for feed in feeds)
        memory.feeds |= {one.feed.id: one.feed for one in refreshes}
        return refreshes

    async def look(self, urls: Collection[str]) -> tuple[FeedRow, ...]:
        memory = self._memory
        by_url = {feed.url: feed for feed in memory.feeds.values() if feed.id in memory.registered}
        return tuple(self._row(by_url[url]) for url in urls if url in by_url)

    def _row(self, feed: FeedState) -> FeedRow:
        memory = self._memory
        names = tuple(sorted(memory.outlets.get(feed.url, ())))
        pauses = (pause for _, pause in sorted(memory.pauses.items()) if pause.subject in {feed.url, *names})
        return FeedRow(state=feed, held_until=memory.holds.get(feed.origin), outlets=names, pauses=tuple(pauses))

    async def pause(self, pause: Pause) -> None:
        self._memory.pauses[pause.kind, pause.subject] = pause

    async def resume(self, kind: PauseKind, subject: str) -> Pause | None:
        return self._memory.pauses.pop((kind, subject), None)


class FakeOutboxDesk:
    """`monitor.ports.OutboxDesk` in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def choose(self, wanted: Wanted) -> tuple[Chosen, ...]:
        return tuple(self._chosen(wanted))

    async def drop(self, chosen: Sequence[Chosen], now: datetime) -> int:
        named = [delivery for one in chosen if (delivery := self._find(one)) is not None]
        return sum(_drop(delivery, self._carried_with(delivery), now) for delivery in named)

    async def replay(self, chosen: Sequence[Chosen], now: datetime) -> int:
        return sum(self._replay(one, now) for one in chosen)

    def _chosen(self, wanted: Wanted) -> Iterator[Chosen]:
        memory = self._memory
        for one in memory.deliveries:
            is_meant = wanted.channel in ("", one.channel) and one.state in wanted.states
            alert = one.alert
            if is_meant and _is_asked(wanted, alert):
                yield Chosen(public_id=alert.public_id, channel=one.channel, state=one.state, title=alert.content.title)
        if not wanted.may_be_added:
            return
        served = {one.alert.public_id for one in memory.deliveries if one.channel == wanted.channel}
        for alert in memory.alerts.values():
            is_asked = _is_asked(wanted, alert)
            if is_asked and alert.public_id not in served:
                yield Chosen(public_id=alert.public_id, channel=wanted.channel, state="", title=alert.content.title)

    def _find(self, one: Chosen) -> Delivery | None:
        named = ((delivery.alert.public_id, delivery.channel, delivery) for delivery in self._memory.deliveries)
        return next(
            (found for alert, channel, found in named if (alert, channel) == (one.public_id, one.channel)), None
        )

    def _carried_with(self, delivery: Delivery) -> list[Delivery]:
        if delivery.send is None:
            return [delivery]
        return [one for one in self._memory.deliveries if one.send is delivery.send]

    def _replay(self, one: Chosen, now: datetime) -> int:
        memory = self._memory
        last = max((delivery.id for delivery in memory.deliveries), default=0)
        delivery = self._find(one)
        if delivery is None:
            alert = next(alert for alert in memory.alerts.values() if alert.public_id == one.public_id)
            made = Delivery(id=last + 1, alert=alert, channel=one.channel, created_at=now, sorted_at=now)
            memory.deliveries.append(made)
            return 1
        if delivery.send is None or delivery.state not in (DeliveryState.SENT, DeliveryState.DEAD):
            return 0
        send = delivery.send
        is_repeat = send.message.is_repeat or delivery.state is DeliveryState.SENT
        send.message = replace(send.message, created_at=now, attempts=0, form=Form.FULL, is_repeat=is_repeat)
        send.due_at, send.settled_at, send.is_dropped = now, None, False
        carried = self._carried_with(delivery)
        for place, each in enumerate(carried, last + 1):
            memory.deliveries.remove(each)
            memory.deliveries.append(each)
            each.id, each.state = place, DeliveryState.PENDING
        return len(carried)


class FakeMuteDesk:
    """`monitor.ports.MuteDesk` in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def mute(self, mute: Mute) -> None:
        kept = self._memory.mutes.items()
        self._memory.mutes = {key: one for key, one in kept if one.until is None or one.until > mute.at}
        self._memory.mutes[mute.kind, mute.subject] = mute

    async def unmute(self, kind: MuteKind, subject: str) -> Mute | None:
        return self._memory.mutes.pop((kind, subject), None)

    async def mutes(self, now: datetime) -> tuple[Mute, ...]:
        mutes = self._memory.mutes
        return tuple(mutes[key] for key in sorted(mutes) if (until := mutes[key].until) is None or until > now)


class FakeStoryDesk:
    """`monitor.ports.StoryDesk` in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._serials = count(1)

    async def split(
        self, story: str, entries: Collection[str], hand: Hand, *, is_dry: bool = False
    ) -> Corrected | Refused:
        memory = self._memory
        old = self._living(story)
        if isinstance(old, Refused):
            return old
        named = {
            entry_name(memory.feeds[one.feed].url, one.first.entry_key): one
            for one in memory.entries.values()
            if one.story == old
        }
        strange = [entry for entry in entries if entry not in named]
        if strange or not entries:
            return Refused(why=Refusal.NO_ENTRY, subject=strange[0] if strange else "")
        if set(named) == set(entries):
            return Refused(why=Refusal.ALL_ENTRIES, subject=story)
        new = split_key(story, entries, hand.at)
        if not is_dry:
            memory.stories[new] = hand.at
            self._inherit(new, old)
            self._move([one for name, one in named.items() if name in entries], new, MoveKind.SPLIT, hand)
        return Corrected(story=short_name(new), entries=len(set(entries)))

    async def merge(
        self, stories: Collection[str], into: str, hand: Hand, *, is_dry: bool = False
    ) -> Corrected | Refused:
        memory = self._memory
        target = self._living(into)
        if isinstance(target, Refused):
            return target
        found = [self._living(story) for story in dict.fromkeys(stories)]
        for one in found:
            if isinstance(one, Refused):
                return one
            if one == target:
                return Refused(why=Refusal.ITSELF, subject=into)
        parts = [one for one in found if isinstance(one, str)]
        moved = 0
        for part in parts:
            entries = [one for one in memory.entries.values() if one.story == part]
            moved += len(entries)
            if not is_dry:
                self._inherit(target, part)
                self._move(entries, target, MoveKind.MERGE, hand)
                memory.merged |= {story: target for story, living in memory.merged.items() if living == part}
                memory.merged[part], memory.hands[part] = target, hand
        return Corrected(story=into, entries=moved)

    def _living(self, public_id: str) -> str | Refused:
        memory = self._memory
        story = next((one for one in memory.stories if short_name(one) == public_id), None)
        if story is None:
            return Refused(why=Refusal.NO_STORY, subject=public_id)
        if story in memory.merged:
            return Refused(why=Refusal.MERGED, subject=public_id, instead=short_name(memory.merged[story]))
        return story

    def _inherit(self, heir: str, story: str) -> None:
        memory = self._memory
        first = [alert for alert in memory.alerts.values() if alert.kind is AlertKind.FIRST]
        own = {alert.content.rule for alert in first if alert.story_key == heir}
        fired = dict(memory.inherited.get(story, {}))
        for alert in first:
            if alert.story_key == story:
                fired.setdefault(alert.content.rule, alert.public_id)
        inherited = memory.inherited.setdefault(heir, {})
        for rule, name in fired.items():
            if rule not in own:
                inherited.setdefault(rule, name)

    def _move(self, entries: Sequence[KeptEntry], new: str, kind: MoveKind, hand: Hand) -> None:
        for entry in entries:
            old = short_name(entry.story)
            move = PastMove(
                kind=kind,
                hand=hand,
                old_story=old,
                new_story=short_name(new),
                level=entry.level,
                score=entry.score,
                reason=entry.reason,
            )
            entry.moves.append(move)
            entry.home = replace(entry.home, story_key=new)
            entry.level, entry.score, entry.reason = Level.BY_HAND.value, None, REASONS[kind].format(old)
            serial = next(self._serials)
            made = Move(serial=serial, feed=entry.feed, entry_key=entry.first.entry_key, story_key=new)
            self._memory.moves.append(made)


class FakeArchive:
    """`monitor.ports.Archive` in memory."""

    def __init__(self, memory: Memory, views: FakeViews) -> None:
        self._memory = memory
        self._views = views

    async def names(self, what: Named, prefix: str, limit: int) -> tuple[str, ...]:
        memory = self._memory
        known: Collection[str] = [alert.public_id for alert in memory.alerts.values()]
        if what is Named.STORY:
            known = [short_name(story) for story in memory.stories]
        return tuple(sorted(one for one in known if one.startswith(prefix)))[:limit]

    async def alert(self, public_id: str) -> AlertRow | None:
        alerts = self._memory.alerts.values()
        found = next((alert for alert in alerts if alert.public_id == public_id), None)
        return None if found is None else self._views.alert_row(found)

    async def deliveries(self, public_id: str) -> tuple[DeliveryHistory, ...]:
        return tuple(
            DeliveryHistory(
                delivery=delivery_row(one),
                is_repeat=one.send is not None and one.send.message.is_repeat,
                is_dropped=one.send is not None and one.send.is_dropped,
                attempts=tuple(one.send.attempts) if one.send else (),
            )
            for one in self._memory.deliveries
            if public_id in (one.alert.public_id, one.send.message.public_id if one.send else "")
        )

    async def stories(self, limit: int, since: datetime | None, outlet: str) -> tuple[StoryRow, ...]:
        rows = [
            self._story_row(story)
            for story, founded_at in reversed(self._memory.stories.items())
            if story not in self._memory.merged
            and (since is None or founded_at >= since)
            and (not outlet or any(outlet in entry.outlets for entry in self._entries(story)))
        ]
        return tuple(rows[:limit])

    async def story(self, public_id: str) -> StoryHistory | None:
        memory = self._memory
        story = next((one for one in memory.stories if short_name(one) == public_id), None)
        if story is None:
            return None
        return StoryHistory(
            story=self._story_row(story),
            sightings=tuple(self._views.sighting(entry) for entry in self._entries(story)),
            alerts=self._views.alerts_of({story}),
            merged=self._merger(story),
        )

    def _merger(self, story: str) -> Merger | None:
        memory = self._memory
        if story not in memory.merged:
            return None
        return Merger(into=short_name(memory.merged[story]), hand=memory.hands[story])

    def _entries(self, story: str) -> list[KeptEntry]:
        return [entry for entry in self._memory.entries.values() if entry.story == story]

    def _story_row(self, story: str) -> StoryRow:
        entries = self._entries(story)
        return StoryRow(
            public_id=short_name(story),
            story_key=story,
            founded_at=self._memory.stories[story],
            title=self._views.title_of(story),
            entries=len(entries),
            outlets=tuple(sorted({outlet for entry in entries for outlet in entry.outlets})),
            alerts=sum(
                story in (alert.story_key, self._memory.merged.get(alert.story_key))
                for alert in self._memory.alerts.values()
            ),
        )


def _is_asked(wanted: Wanted, alert: Alert) -> bool:
    return (
        (not wanted.ids or alert.public_id in wanted.ids)
        and wanted.rule in ("", alert.content.rule)
        and (wanted.since is None or alert.at >= wanted.since)
        and not (wanted.is_news and alert.kind in {AlertKind.ALARM, AlertKind.HEARTBEAT})
    )


def _drop(delivery: Delivery, carried: Sequence[Delivery], now: datetime) -> int:
    if delivery.send is None:
        delivery.sorted_at = delivery.sorted_at or now
    send = delivery.send = delivery.send or Sending(message=message_of(delivery), due_at=delivery.created_at)
    is_being_sent = delivery.state is DeliveryState.LEASED and send.lease_until is not None and send.lease_until > now
    if delivery.state is DeliveryState.SENT or is_being_sent or send.is_dropped:
        return 0
    send.lease_until, send.settled_at, send.is_dropped = None, now, True
    send.last_error = f"{DROPPED}; before: {send.last_error}" if send.last_error else DROPPED
    for one in carried:
        one.state = DeliveryState.DEAD
    return len(carried)
