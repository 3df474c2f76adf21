"""One piece of news in forty outlets, and news that only looks alike: what a reader is told, through the real poll."""

from pathlib import Path

import pytest

from monitor.model.rules import RuleName, RuleSpec, Updates
from monitor.ports import Store
from monitor.store.sqlite import SqliteStore
from tests.fakes.store import FakeStore
from tests.wire_copy import LOOK_ALIKES, copies
from tests.wire_desk import WireDesk

COPIES = copies(40)
OUTLETS = tuple(copy.outlet for copy in COPIES)
BLAST = (
    "Missile strike on Kharkiv apartment block kills 3",
    "A missile hit a nine-storey apartment block in the Saltivka district of Kharkiv on Monday, the mayor said.",
)


def rule(query: str, *, updates: Updates = Updates.OFF, spread: int = 0) -> RuleSpec:
    return RuleSpec(name=RuleName("watch"), query=query, updates=updates, spread=spread)


@pytest.fixture(params=["sqlite", "fake"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> object:
    return await SqliteStore.open(tmp_path) if request.param == "sqlite" else FakeStore()


async def kept(store: Store, spec: RuleSpec, outlets: tuple[str, ...] = OUTLETS) -> WireDesk:
    return WireDesk(polls=store.polls, rules=(spec,), outlets=outlets)


async def test_a_wire_story_in_forty_outlets_is_one_alert(store: Store) -> None:
    """Headlines are edited, labelled and written anew, texts are cut; the agency's own words came first."""
    desk = await kept(store, rule('"cable car" OR Brennholm'))
    for copy in COPIES:
        await desk.carry(copy.outlet, copy.title, copy.summary)
    await store.close()
    assert [(alert.kind, alert.content.title) for alert in desk.alerts] == [("first", COPIES[0].title)]


async def test_a_wire_story_in_forty_outlets_is_one_word_of_its_spread(store: Store) -> None:
    """Where it was asked for: with the fifth publisher, and never again."""
    desk = await kept(store, rule('"cable car" OR Brennholm', spread=5))
    for copy in COPIES:
        await desk.carry(copy.outlet, copy.title, copy.summary)
    await store.close()
    first, spread = desk.alerts
    assert (first.kind, spread.kind, spread.content.spread) == ("first", "spread", 5)
    assert spread.content.outlets == ("Outlet 5", "Outlet 1", "Outlet 2", "Outlet 3", "Outlet 4")
    assert spread.content.follows == first.public_id


@pytest.mark.parametrize("pair", LOOK_ALIKES, ids=[one[0] for one, _ in LOOK_ALIKES])
@pytest.mark.parametrize("turn", [1, -1], ids=["", "other order"])
async def test_events_that_only_look_alike_are_two_alerts(
    pair: tuple[tuple[str, str], tuple[str, str]], turn: int
) -> None:
    """Whichever comes first."""
    desk = await kept(FakeStore(), rule("lang:en"), ("Daily Courier", "Morning Herald"))
    for outlet, (title, summary) in zip(desk.outlets, pair[::turn], strict=True):
        assert len(await desk.carry(outlet, title, summary)) == 1, title


async def test_kills_three_and_then_thirty_is_one_update_in_the_same_thread(store: Store) -> None:
    """By a revision or by another outlet: who says so second says nothing new."""
    desk = await kept(store, rule("Kharkiv", updates=Updates.THREAD), ("Post", "Wire", "Radio"))
    (first,) = await desk.carry("Post", *BLAST)
    grown = BLAST[0].replace("3", "30")
    (update,) = await desk.carry("Post", grown, BLAST[1], again=first.content.link)
    assert (update.kind, update.content.follows) == ("update", first.public_id)
    assert update.content.changes == ("killed: 3, now 30",)
    assert await desk.carry("Wire", "At least 30 killed as missile hits Kharkiv apartment block", BLAST[1]) == ()
    assert await desk.carry("Radio", grown, BLAST[1]) == ()
    await store.close()
    assert len(desk.alerts) == 2


async def test_a_correction_is_one_update_marked_so(store: Store) -> None:
    """Also where several outlets print it."""
    desk = await kept(store, rule("Kharkiv", updates=Updates.THREAD), ("Post", "Wire", "Radio"))
    (first,) = await desk.carry("Post", *BLAST)
    assert await desk.carry("Wire", *BLAST) == ()
    corrected = f"Correction: {BLAST[0]}"
    (update,) = await desk.carry("Post", corrected, BLAST[1], again=first.content.link)
    assert (update.kind, update.content.follows) == ("update", first.public_id)
    assert update.content.changes == ("marked as a correction",)
    assert await desk.carry("Wire", corrected, BLAST[1]) == ()
    assert await desk.carry("Radio", corrected, f"(Corrects the district.) {BLAST[1]}") == ()
    await store.close()


async def test_a_rule_that_only_the_second_text_satisfies_alerts_then_once(store: Store) -> None:
    """And one that fired stays silent, whoever carries the story."""
    towns, districts = rule("Kharkiv"), RuleSpec(name=RuleName("districts"), query="Nemyshlianskyi")
    desk = WireDesk(polls=store.polls, rules=(towns, districts), outlets=("Post", "Wire", "Radio"))
    assert [alert.content.rule for alert in await desk.carry("Post", *BLAST)] == ["watch"]
    fuller = f"{BLAST[1]} A second missile fell in Nemyshlianskyi."
    assert [alert.content.rule for alert in await desk.carry("Wire", BLAST[0], fuller)] == ["districts"]
    assert await desk.carry("Radio", BLAST[0], fuller) == ()
    await store.close()
