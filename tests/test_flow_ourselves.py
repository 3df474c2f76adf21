"""Looking at ourselves over both stores: what is told, to whom, how often, and that its end is told, also later."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from monitor.alerts.alarms import over
from monitor.flow.ourselves import look_at_ourselves
from monitor.flow.poll import PollPorts, poll
from monitor.flow.tally import Tally
from monitor.flow.watch import Watch
from monitor.model.alerts import AlertKind
from monitor.model.entries import ParseFailed
from monitor.model.holding import Circuit
from monitor.model.polls import FailureKind, Fetched, FetchFailed, NotModified, Pause, PauseKind
from monitor.model.troubles import Cause, Reading, Trouble
from monitor.store.sqlite import SqliteStore
from tests.fakes.desks import FakeOffice
from tests.plain_values import NOW, entry, parsed
from tests.store_values import Office
from tests.test_flow_poll import HOME, Desk

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BROKEN = FetchFailed(kind=FailureKind.HTTP, status=500, reason="answered 500")


@dataclass(slots=True)
class Mirror:
    """A desk that polls one feed, and looks at itself."""

    store: Office
    desk: Desk = field(init=False)
    reading: Reading = field(default_factory=Reading)

    def __post_init__(self) -> None:
        self.desk = Desk(store=self.store)

    @property
    def watch(self) -> Watch:
        return self.desk.watch

    async def look(self, watch: Watch | None = None) -> None:
        now = self.desk.clock.now()
        await look_at_ourselves(self.store.troubles, self.store.outbox, watch or self.watch, self.reading, now)

    async def told(self) -> list[str]:
        """The alarms and notes that are on their way, oldest first."""
        rows = await self.store.views.alerts(100)
        return [row.alert.content.title for row in reversed(rows) if row.alert.kind is AlertKind.ALARM and row.states]


async def test_a_feed_that_fails_for_a_day_is_sent_once_a_day_and_its_end_once(store: Office) -> None:
    """However often we look; whoever starts anew in between knows what was told."""
    mirror = Mirror(store)
    await mirror.desk.feed()
    began = mirror.desk.clock.now()
    for _ in range(30):
        await mirror.desk.answer(BROKEN)
        await mirror.look()
        await mirror.look()
        mirror.desk.clock.pass_by(2 * HOUR)
    said = await mirror.told()
    beginning = f"The Harbour: the feed has failed since {began:%Y-%m-%d %H:%M} UTC: answered 500; it is asked again "
    assert [one[: len(beginning)] for one in said] == [beginning] * 2
    for _ in range(2):  # the first 304 after a failure is no recovery yet
        await mirror.desk.answer(NotModified())
    await mirror.look()
    await mirror.look()
    assert (await mirror.told())[2:] == [
        f"over: The Harbour: it is read again, after trouble since {began:%Y-%m-%d %H:%M} UTC"
    ]
    assert await store.troubles.known() == ()


async def test_a_feed_that_rests_is_not_told(store: Office) -> None:
    """Somebody has seen to it."""
    mirror = Mirror(store)
    await mirror.desk.feed()
    await mirror.desk.answer(BROKEN)
    mirror.desk.clock.pass_by(2 * DAY)
    await mirror.desk.answer(BROKEN)
    await store.feed_desk.pause(Pause(kind=PauseKind.FEED, subject=HOME, at=NOW, by="somebody"))
    await mirror.look()
    assert await mirror.told() == []
    await store.feed_desk.resume(PauseKind.FEED, HOME)
    await mirror.look()
    assert len(await mirror.told()) == 1


async def test_after_a_long_stop_of_ours_a_feed_is_told_once_it_was_polled_again(store: Office) -> None:
    """It failed before the stop; whether it does still, nobody knows yet."""
    mirror = Mirror(store)
    await mirror.desk.feed()
    await mirror.desk.answer(BROKEN)
    mirror.desk.clock.pass_by(3 * DAY)
    await mirror.look()
    assert await mirror.told() == []
    await mirror.desk.answer(BROKEN)
    await mirror.look()
    assert len(await mirror.told()) == 1


async def test_alarms_go_to_the_channels_named_for_them(store: Office) -> None:
    """And to every channel where none is."""
    mirror = Mirror(store)
    await mirror.desk.feed()
    await mirror.desk.answer(FetchFailed(kind=FailureKind.GONE, status=410, reason="answered 410 Gone"))
    await mirror.look(replace(mirror.watch, channels=("desk", "ops", "pager"), alarms=("ops",)))
    (row,) = await store.views.alerts(10)
    assert [channel for channel, _ in row.states] == ["ops"]
    (known,) = await store.troubles.known()
    assert (known.cause, known.subject, known.channels) == (Cause.GONE, HOME, ("ops",))


async def test_a_channel_that_works_again_is_told_by_those_who_told_of_it(store: Office) -> None:
    """By how it stands in the store: the courier may be another process than the one that raised the alarm."""
    mirror = Mirror(store)
    now = mirror.desk.clock.now()
    trouble = Trouble(cause=Cause.CHANNEL, subject="desk", about="channel desk", since=now, channels=("ops",))
    down = replace(over((), "stands for the alarm", now=now, channels=("ops",)), begins=(trouble,))
    watch = replace(mirror.watch, channels=("desk", "ops"))
    await store.outbox.settle((), (), "desk", (down,), Circuit(refusals=3, since=now))
    await mirror.look(watch)
    assert len(await mirror.told()) == 1
    await store.outbox.settle((), (), "desk", (), Circuit())
    mirror.desk.clock.pass_by(MINUTE)
    await mirror.look(watch)
    await mirror.look(watch)
    (note,) = (await mirror.told())[1:]
    assert note == (
        f"over: channel desk: it takes messages again, after trouble since {now:%Y-%m-%d %H:%M} UTC; "
        "those that waited are sent in order"
    )


async def test_trouble_that_is_told_again_keeps_its_beginning_and_all_who_heard(store: Office) -> None:
    """A store promises it: the note goes to everybody who was ever alarmed."""
    for day, channels in ((0, ("ops",)), (1, ("desk", "ops"))):
        at = NOW + day * DAY
        trouble = Trouble(cause=Cause.DISK, subject="the disk", about="the disk", since=at, channels=channels)
        alarm = replace(over((), f"day {day}", now=at, channels=channels), begins=(trouble,))
        await store.outbox.settle((), (), "", (replace(alarm, dedupe_key=f"day {day}", public_id=f"day-{day}"),))  # type: ignore[arg-type]  # an id of our own
    (known,) = await store.troubles.known()
    assert (known.since, known.told_at, known.channels) == (NOW, NOW + DAY, ("desk", "ops"))


async def test_an_alarm_told_today_begins_nothing_anew(store: Office) -> None:
    """Else its end would be told as often as it comes and goes."""
    trouble = Trouble(cause=Cause.DISK, subject="the disk", about="the disk", since=NOW, channels=("ops",))
    alarm = replace(over((), "once", now=NOW, channels=("ops",)), begins=(trouble,))
    await store.outbox.settle((), (), "", (alarm,))
    await store.outbox.settle((), (), "", (over((trouble,), "it", now=NOW, channels=("ops",)),))
    await store.outbox.settle((), (), "", (alarm,))
    assert await store.troubles.known() == ()


async def test_what_was_told_outlives_a_restart(tmp_path: Path) -> None:
    """The next process tells the end."""
    first = await SqliteStore.open(tmp_path)
    mirror = Mirror(first)
    await mirror.desk.feed()
    await mirror.desk.answer(FetchFailed(kind=FailureKind.GONE, status=410, reason="answered 410 Gone"))
    await mirror.look()
    await first.close()
    second = await SqliteStore.open(tmp_path)
    assert [one.subject for one in await second.troubles.known()] == [HOME]
    await second.close()


async def test_there_is_room_to_ask_for(store: Office) -> None:
    """Whatever the store lies on."""
    room = await store.troubles.room()
    assert 0 < room.free <= room.whole


def test_a_feed_counts_once_within_an_hour_however_often_it_is_asked() -> None:
    """By its last document; what gave none says nothing of reading."""
    tally = Tally(since=NOW)
    broke = FetchFailed(kind=FailureKind.BROKE, reason="took more than 15 s")
    for _ in range(9):
        tally.note("a", broke, NOW)
    tally.note("b", FetchFailed(kind=FailureKind.CONTENT, reason="not a feed"), NOW)
    tally.note("c", NotModified(), NOW)
    tally.note("d", BROKEN, NOW)
    assert tally.reading(NOW + MINUTE) == Reading(documents=3, killed=1, refused=2)
    tally.note("a", NotModified(), NOW + HOUR)
    assert tally.reading(NOW + HOUR + MINUTE) == Reading(documents=1, is_whole_hour=True)


async def test_documents_that_break_their_reader_are_told_as_one_and_their_end_too() -> None:
    """Five feeds within an hour; each of them counts as failing besides."""
    store = FakeOffice()
    mirror = Mirror(store)
    clock, tally = mirror.desk.clock, Tally(since=NOW - HOUR)
    urls = [f"https://{number}.example/rss" for number in range(6)]
    watched = mirror.watch.feeds[HOME]
    watch = replace(mirror.watch, feeds={url: replace(watched, url=url) for url in urls})
    states = await store.polls.register([(url, NOW) for url in urls])
    ports = PollPorts(
        fetcher=mirror.desk.publisher, parser=mirror.desk.reader, store=store.polls, clock=clock, tally=tally
    )
    for answer, hours in ((ParseFailed(reason="took more than 15 s", broke_reader=True), 0), (parsed(entry(1)), 2)):
        clock.pass_by(hours * HOUR)
        for state in states:
            body = f"{state.url} {hours}".encode()
            mirror.desk.reader.documents[body] = answer
            mirror.desk.publisher.answers[state.url] = Fetched(body=body, url=state.url)
            await poll(state, watch, ports)
        mirror.reading = tally.reading(clock.now())
        await mirror.look(watch)
        await mirror.look(watch)
    first, second = await mirror.told()
    assert first.startswith("of 6 documents within an hour 6 could not be read, 6 of them broke what read them; ")
    assert second.startswith("over: reading documents: they are read again, after trouble since ")
