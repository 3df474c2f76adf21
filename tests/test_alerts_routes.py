"""Which channels hear of an alert whose rule names none."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alerts.routes import always_fits, may_fit, routed, unrouted
from monitor.model.alerts import AlertKind
from monitor.model.entries import Text
from monitor.model.holding import Route
from monitor.model.rules import Priority, RuleName, RuleSpec, Updates, View
from tests.fakes.store import FakeStore
from tests.wire_desk import WireDesk

PATIENT = settings(deadline=None)  # a busy machine is no mistake
CHANNELS = ("desk", "phone", "archive", "ops")
STORM = RuleSpec(name=RuleName("storm"), query="storm")
VIEW = View(text=Text(title="Storm"), outlets=("Gazette", "Wire"), tags=("coast",), language="en-GB")


def heard(*routes: Route, rule: RuleSpec = STORM, view: View = VIEW) -> tuple[str, ...]:
    return routed(rule, view, routes, CHANNELS)


def test_without_routes_every_channel_hears() -> None:
    """As ever."""
    assert heard() == CHANNELS


def test_what_a_rule_names_wins_over_every_route() -> None:
    """In its own order."""
    named = replace(STORM, channels=("phone", "desk"))
    assert heard(Route(channels=("ops",)), rule=named) == ("phone", "desk")


@pytest.mark.parametrize(
    ("route", "fits"),
    [
        (Route(channels=("ops",)), True),
        (Route(channels=("ops",), rules=("floods", "storm")), True),
        (Route(channels=("ops",), rules=("floods",)), False),
        (Route(channels=("ops",), tags=("inland", "coast")), True),
        (Route(channels=("ops",), tags=("inland",)), False),
        (Route(channels=("ops",), outlets=("Wire",)), True),
        (Route(channels=("ops",), outlets=("Courier",)), False),
        (Route(channels=("ops",), priorities=(Priority.NORMAL, Priority.URGENT)), True),
        (Route(channels=("ops",), priorities=(Priority.URGENT,)), False),
        (Route(channels=("ops",), languages=("de", "en")), True),
        (Route(channels=("ops",), languages=("de",)), False),
        (Route(channels=("ops",), rules=("storm",), tags=("coast",), outlets=("Wire",)), True),
        (Route(channels=("ops",), rules=("storm",), tags=("inland",), outlets=("Wire",)), False),
    ],
)
def test_every_condition_of_a_route_must_hold_by_one_of_its_values(route: Route, fits: bool) -> None:
    """What no route takes goes to those that none names."""
    assert heard(route) == (("ops",) if fits else ("desk", "phone", "archive"))


def test_routes_add_up() -> None:
    """Each channel once, in the order in which they are declared."""
    routes = (Route(channels=("archive", "phone")), Route(channels=("phone", "desk"), tags=("coast",)))
    assert heard(*routes) == ("desk", "phone", "archive")


def test_a_story_is_never_lost_for_want_of_a_route() -> None:
    """Where every channel is named by one, every channel hears of what none takes."""
    routes = tuple(Route(channels=(name,), tags=("inland",)) for name in CHANNELS)
    assert heard(*routes) == CHANNELS
    assert unrouted(routes[:3], CHANNELS) == ("ops",)


_texts = st.lists(st.sampled_from(["a", "b", "c"]), max_size=2, unique=True).map(tuple)
_routes = st.builds(
    Route,
    channels=st.lists(st.sampled_from(CHANNELS), min_size=1, unique=True).map(tuple),
    rules=_texts,
    tags=_texts,
    outlets=_texts,
    priorities=st.lists(st.sampled_from(list(Priority)), max_size=2, unique=True).map(tuple),
    languages=_texts,
)
_rules = st.builds(
    RuleSpec, name=st.sampled_from([RuleName("a"), RuleName("b")]), query=st.just("x"),
    priority=st.sampled_from(list(Priority)), languages=_texts,
)  # fmt: skip


@PATIENT
@given(st.lists(_routes, max_size=4), _rules, st.sampled_from(["a", "b"]), _texts, st.data())
def test_whatever_the_routes_somebody_hears(
    routes: list[Route], rule: RuleSpec, outlet: str, tags: tuple[str, ...], data: st.DataObject
) -> None:
    """Channels that exist, each once; and what is said to fit whatever comes does fit."""
    language = data.draw(st.sampled_from(rule.languages or ("a", "b", "c", "")))
    view = View(text=Text(title="x"), outlets=(outlet,), tags=tags, language=language)
    found = routed(rule, view, routes, CHANNELS)
    assert found
    assert [name for name in CHANNELS if name in found] == list(found)
    for route in routes:
        if always_fits(route, rule, outlet, tags):
            assert set(route.channels) <= set(found)
            assert may_fit(route, rule, outlet, tags)
        if not may_fit(route, rule, outlet, tags):
            assert routed(rule, view, [route], CHANNELS) == unrouted([route], CHANNELS)


TITLE = "Missile strike on Kharkiv apartment block kills 3"
LEAD = "A missile hit a nine-storey apartment block in the Saltivka district of Kharkiv on Monday, the mayor said."
KHARKIV = RuleSpec(name=RuleName("kharkiv"), query="title:Kharkiv", updates=Updates.THREAD, spread=2)


async def test_an_alert_goes_where_the_routes_say_and_what_follows_goes_there_too() -> None:
    """Whoever heard the first hears the update, although another outlet brings it."""
    routes = (Route(channels=("phone",), outlets=("Post",)), Route(channels=("archive",), outlets=("Wire",)))
    here = WireDesk(
        polls=FakeStore().polls, rules=(KHARKIV,), outlets=("Post", "Wire"), channels=CHANNELS, routes=routes
    )
    (first,) = await here.carry("Post", TITLE, LEAD)
    update, spread = await here.carry("Wire", TITLE.replace("3", "30"), LEAD)
    assert first.channels == ("phone",)
    assert (update.kind, spread.kind) == (AlertKind.UPDATE, AlertKind.SPREAD)
    assert update.channels == spread.channels == ("phone",)


async def test_a_channel_that_is_gone_leaves_its_follow_ups_to_the_routes() -> None:
    """They are not lost with it."""
    here = WireDesk(polls=FakeStore().polls, rules=(KHARKIV,), outlets=("Post", "Wire"), channels=("phone", "ops"))
    here.routes = (Route(channels=("phone",)),)
    await here.carry("Post", TITLE, LEAD)
    here.channels, here.routes = ("ops",), ()
    update, _ = await here.carry("Wire", TITLE.replace("3", "30"), LEAD)
    assert update.channels == ("ops",)
