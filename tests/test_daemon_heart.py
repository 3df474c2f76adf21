"""The heartbeat: asked while all is well, silent while it is not, and never a word of its address."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from monitor.app.house import House
from monitor.daemon.heart import Heart
from monitor.model.settings import HeartbeatSettings
from monitor.net.post import Answer, NoAnswer, Poster
from tests.channel_receiver import Receiver, answer
from tests.test_engine import Town

SECRET = "c4n4ry-0f-the-p1ng"
ADDRESS = f"https://hc.example/{SECRET}"
FIVE_MINUTES = timedelta(minutes=5)


@dataclass(slots=True)
class Works:
    """What is to be alive."""

    house: House
    well: bool = True

    def is_well(self) -> bool:
        return self.well


@dataclass(slots=True)
class Watcher:
    """Whoever is asked."""

    says: Answer | NoAnswer = field(default_factory=lambda: Answer(status=200))
    asked: list[str] = field(default_factory=list)

    async def get(self, url: str) -> Answer | NoAnswer:
        self.asked.append(url)
        return self.says


@dataclass(slots=True)
class Body:
    """A heart with its surroundings; time is let go by."""

    town: Town = field(default_factory=lambda: Town(("https://a.example/rss",)))
    watcher: Watcher = field(default_factory=Watcher)
    seconds: float = 0.0
    works: Works = field(init=False)
    heart: Heart = field(init=False)

    def __post_init__(self) -> None:
        self.works = Works(house=self.with_ping(ADDRESS))
        self.heart = self.another_process()

    def with_ping(self, ping: str) -> House:
        house = self.town.house()
        beat = HeartbeatSettings(ping=ping, every=FIVE_MINUTES)
        return replace(house, settings=replace(house.settings, heartbeat=beat))

    def another_process(self) -> Heart:
        return Heart(engine=self.works, asking=self.watcher, monotonic=lambda: self.seconds)

    async def live(self, time: timedelta) -> None:
        """Look every ten seconds."""
        for _ in range(int(time.total_seconds()) // 10):
            await self.heart.look()
            self.seconds += 10
            self.town.clock.pass_by(timedelta(seconds=10))

    async def told(self) -> list[str]:
        rows = await self.town.store.views.alerts(10)
        return [row.alert.content.title for row in reversed(rows)]


async def test_it_beats_as_often_as_it_should() -> None:
    """At once, then every five minutes."""
    body = Body()
    await body.live(timedelta(minutes=16))
    assert body.watcher.asked == [ADDRESS] * 4


async def test_it_is_silent_while_the_work_is_not_well_and_beats_at_once_afterwards() -> None:
    """That is all that it says; whoever waits for it raises the alarm."""
    body = Body()
    body.works.well = False
    await body.live(timedelta(hours=1))
    assert body.watcher.asked == []
    body.works.well = True
    await body.live(timedelta(seconds=10))
    assert body.watcher.asked == [ADDRESS]
    assert await body.told() == []


@pytest.mark.parametrize(
    "says",
    [Answer(status=500), Answer(status=302), NoAnswer(reason="hc.example did not answer within 15 s")],
    ids=["refused", "redirect", "silence"],
)
async def test_a_beat_that_is_not_heard_is_logged_once_and_told_after_an_hour(says: Answer | NoAnswer) -> None:
    """Once, with its end; and neither says the address."""
    body = Body(watcher=Watcher(says=says))
    with capture_logs() as logs:
        await body.live(timedelta(hours=3))
        assert len(await body.told()) == 1
        body.watcher.says = Answer(status=200)
        await body.live(timedelta(minutes=20))
    first, second = await body.told()
    assert first.startswith("the heartbeat cannot be sent since 2026-03-02 12:00 UTC: ")
    assert second.startswith("over: the heartbeat is sent again")
    assert [line["event"] for line in logs] == ["the heartbeat cannot be sent", "the heartbeat is sent again"]
    assert SECRET not in f"{logs}{await body.told()}{body.works.house.settings}"


async def test_the_end_is_told_by_the_next_process_too() -> None:
    """And where nobody wants a heartbeat any more."""
    for ping, end in ((ADDRESS, "is sent again"), ("", "is not in the configuration any more")):
        body = Body(watcher=Watcher(says=Answer(status=500)))
        await body.live(timedelta(hours=2))
        body.watcher.says = Answer(status=200)
        body.works.house = body.with_ping(ping)
        body.heart = body.another_process()
        await body.live(timedelta(minutes=1))
        assert [end in one for one in await body.told()] == [False, True]


async def test_a_ping_is_one_get_that_follows_no_redirect() -> None:
    """Over a real connection, to this machine too: the owner wrote the address."""
    redirect = answer("302 Found", "Location: /elsewhere")
    async with Receiver(redirect) as receiver:
        poster = Poster()
        said = await poster.get(f"http://127.0.0.1:{receiver.port}/{SECRET}")
        await poster.close()
    assert isinstance(said, Answer)
    assert said.status == 302
    assert len(receiver.requests) == 1
