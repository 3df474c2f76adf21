"""The upkeep tick: chores once in their time, and an end that is heard when the database is not to be trusted."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from monitor.app.house import House
from monitor.engine.embedded import Engine
from monitor.engine.reports import Trouble
from monitor.errors import StoreBusy, StoreDamaged
from monitor.model.alerts import AlertKind
from monitor.model.silence import Span
from monitor.model.upkeep import BackupSettings, Portion, Swept
from tests.plain_values import entry
from tests.test_engine import Town, running, until

URL = "https://a.example/1"
DAMAGE = StoreDamaged("tocsin.db: the database is corrupt: restore a backup in its place")


@pytest.fixture
async def town(monkeypatch: pytest.MonkeyPatch) -> Town:
    """One outlet; beats come quickly."""
    monkeypatch.setattr("monitor.engine.embedded.UPKEEP_PERIOD", 0.01)
    made = Town((URL,))
    await made.open()
    return made


def with_copies(house: House) -> House:
    return replace(house, settings=replace(house.settings, backup=BackupSettings(every=timedelta(hours=24), keep=2)))


async def test_the_past_is_let_go_once_a_day(town: Town) -> None:
    """At the start, and again a day later; the log of writes is tidied each time."""
    async with running(Engine(town.house())):
        await until(lambda: town.store.upkeep.tidied == 1)
        town.clock.pass_by(timedelta(hours=23))
        await beats(town)
        assert town.store.upkeep.tidied == 1
        town.clock.pass_by(timedelta(hours=2))
        await until(lambda: town.store.upkeep.tidied == 2)


async def test_a_clock_that_is_set_back_does_not_put_it_off(town: Town) -> None:
    """By more than a day: what was due tomorrow is due now."""
    async with running(Engine(town.house())):
        await until(lambda: town.store.upkeep.tidied == 1)
        town.clock.pass_by(-timedelta(days=400))
        await until(lambda: town.store.upkeep.tidied == 2)


async def test_silence_is_listened_for_every_hour(town: Town) -> None:
    """Ten minutes after the start, and again every hour; a single round listens as well."""

    def listened() -> tuple[Span, ...]:
        return town.store.memory.spans

    async with running(Engine(town.house())):
        await beats(town)
        assert listened() == ()
        town.clock.pass_by(timedelta(minutes=10))
        begin = town.clock.now()
        await until(lambda: listened() == (Span(began_at=begin, until=begin),))
        town.clock.pass_by(timedelta(minutes=59))
        await beats(town)
        assert listened()[-1].until == begin
        town.clock.pass_by(timedelta(minutes=2))
        await until(lambda: listened() == (Span(began_at=begin, until=town.clock.now()),))
    town.clock.pass_by(timedelta(days=3))
    await Engine(town.house()).once()
    assert [span.began_at for span in listened()] == [begin, town.clock.now()]


async def test_free_memory_is_given_back_at_each_beat(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A first update leaves holes everywhere."""
    given: list[bool] = []
    monkeypatch.setattr("monitor.engine.upkeep.give_back", lambda: given.append(True))
    async with running(Engine(town.house())):
        await until(lambda: len(given) == 1)
        await beats(town)
        assert len(given) == 1
        town.clock.pass_by(timedelta(seconds=10))
        await until(lambda: len(given) == 2)


async def test_copies_are_made_only_where_the_configuration_asks(town: Town) -> None:
    """None by default; else one when the last is old enough."""
    async with running(Engine(town.house())):
        await until(lambda: town.store.upkeep.tidied == 1)
        await beats(town)
    assert town.store.upkeep.copies == []
    with capture_logs() as logs:
        async with running(Engine(with_copies(town.house()))):
            await until(lambda: len(town.store.upkeep.copies) == 1)
            town.clock.pass_by(timedelta(hours=25))
            await until(lambda: len(town.store.upkeep.copies) == 2)
    assert [log["event"] for log in logs].count("backup") == 2


async def test_damage_found_by_the_daily_check_is_cried_out_and_ends_the_daemon(town: Town) -> None:
    """Every channel hears it once, past the outbox; the log has it; the error tells the exit code."""

    def spoil() -> None:
        town.store.upkeep.damage = DAMAGE
        town.clock.pass_by(timedelta(hours=25))

    with capture_logs() as logs, pytest.raises(StoreDamaged, match="restore a backup"):
        await work(Engine(town.house()), town, spoil)
    (message,) = town.channels["screen"].messages
    assert message.kind is AlertKind.ALARM
    assert "restore a backup" in message.text
    assert [log["log_level"] for log in logs if log["event"].startswith("the database is damaged")] == ["critical"]


async def test_damage_met_by_a_poll_is_no_trouble_to_be_waited_out(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A daemon that goes on failing in silence would be taken for one that finds no news."""

    async def damaged(*_: object, **__: object) -> None:
        raise DAMAGE

    monkeypatch.setattr(town.store.polls, "commit", damaged)
    with capture_logs(), pytest.raises(StoreDamaged):
        await work(Engine(town.house()), town, lambda: None)
    assert town.channels["screen"].messages
    with pytest.raises(StoreDamaged):
        await Engine(town.house()).once()


async def test_a_database_that_was_taken_away_ends_the_daemon(town: Town) -> None:
    """Though every write to it still succeeds."""

    def spoil() -> None:
        town.store.upkeep.is_there = False

    with capture_logs(), pytest.raises(StoreDamaged, match="removed or replaced"):
        await work(Engine(town.house()), town, spoil)


async def test_a_stop_does_not_wait_for_a_long_chore(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is broken off, and the daemon ends well within the grace."""
    begun = asyncio.Event()

    async def endless(_: Portion, *, is_dry: bool = False) -> Swept:
        begun.set()
        await asyncio.Event().wait()
        return Swept(gone=int(is_dry), after=None)

    monkeypatch.setattr(town.store.upkeep, "sweep", endless)
    with capture_logs() as logs:
        async with running(Engine(town.house())):
            await asyncio.wait_for(begun.wait(), 5)
    assert [log for log in logs if log["event"].startswith("cancelled at the end")] == []


async def test_a_chore_that_failed_is_due_again_soon(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not a day later: a disk that was full must not grow for so long."""
    monkeypatch.setattr("monitor.engine.crew.REST_SECONDS", 0.0)
    failed: list[Portion] = []

    async def full(portion: Portion, *, is_dry: bool = False) -> Swept:
        failed.append(portion)
        raise StoreBusy(f"the disk is full {is_dry}")

    with capture_logs(), monkeypatch.context() as patch:
        patch.setattr(town.store.upkeep, "sweep", full)
        async with running(Engine(town.house())):
            await until(lambda: len(failed) == 1)
            town.clock.pass_by(timedelta(minutes=11))
            await until(lambda: len(failed) == 2)
            patch.undo()
            town.publish(URL, entry(1, title="Old news", link=f"{URL}/1"))
            town.clock.pass_by(timedelta(minutes=11))
            await until(lambda: town.store.upkeep.tidied == 1)


def test_a_store_in_trouble_is_told_of_once_a_minute() -> None:
    """With how often it failed since, however many feeds and channels that were."""
    moment = [0.0]
    trouble = Trouble(monotonic=lambda: moment[0])
    with capture_logs() as logs:
        for second in range(150):
            moment[0] = float(second)
            for feed in range(10):
                trouble.meet(f"poll {feed}", StoreBusy("full"))
    assert [log["failures_since"] for log in logs] == [0, 599, 599]


async def beats(town: Town) -> None:
    """Let some beats pass in which nothing must happen."""
    enough = town.store.upkeep.looked + 5
    await until(lambda: town.store.upkeep.looked >= enough)


async def work(engine: Engine, town: Town, spoil: Callable[[], None]) -> None:
    """Run until the outcry, which comes of what is spoiled once the first chores are done."""
    async with running(engine):
        await until(lambda: town.store.upkeep.tidied == 1)
        spoil()
        await until(lambda: bool(town.channels["screen"].messages))
