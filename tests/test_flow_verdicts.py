"""What a rule says of a story after its first alert, and what it alerts once for."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import pytest

from monitor.alerts.burst import FLOOD
from monitor.model.alerts import Alert
from monitor.model.rules import OncePer, RuleName, RuleSpec, Updates
from tests.fakes.store import FakeStore
from tests.plain_values import NOW
from tests.wire_desk import WireDesk

OUTLETS = ("Post", "Wire", "Radio", "Bereg", "Herald", "Courier")
TITLE = "Missile strike on Kharkiv apartment block kills 3"
LEAD = "A missile hit a nine-storey apartment block in the Saltivka district of Kharkiv on Monday, the mayor said."
GROWN = TITLE.replace("3", "30")
KHARKIV = RuleSpec(name=RuleName("kharkiv"), query="title:Kharkiv", updates=Updates.THREAD)


def desk(
    *rules: RuleSpec,
    publishers: Mapping[str, str] = MappingProxyType({}),
    tags: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> WireDesk:
    return WireDesk(polls=FakeStore().polls, rules=rules, outlets=OUTLETS, publishers=publishers, tags=tags)


def told(alerts: tuple[Alert, ...]) -> list[tuple[str, str]]:
    return [(alert.content.rule, alert.kind.value) for alert in alerts]


async def test_an_entry_of_the_story_need_not_match_to_be_an_update() -> None:
    """It belongs to the story, and says what changed; the alert marks no words then."""
    here = desk(replace(KHARKIV, query='"apartment block" AND title:missile'))
    await here.carry("Post", TITLE, LEAD)
    (update,) = await here.carry("Wire", "Death toll in Kharkiv apartment block strike rises to 30", LEAD)
    assert (update.kind, update.content.changes) == ("update", ("killed: 3, now 30",))
    assert update.content.evidence == ()
    assert update.content.outlets == ("Wire",)


async def test_updates_are_off_unless_somebody_wants_them() -> None:
    """Each rule for itself."""
    here = desk(replace(KHARKIV, updates=Updates.OFF), replace(KHARKIV, name=RuleName("threaded")))
    await here.carry("Post", TITLE, LEAD)
    assert told(await here.carry("Wire", GROWN, LEAD)) == [("threaded", "update")]


async def test_a_date_that_changed_alone_is_nothing() -> None:
    """Nor are words in another order, or a headline written anew."""
    here = desk(KHARKIV)
    (first,) = await here.carry("Post", f"{TITLE} on 3 March", LEAD)
    for title in (f"{TITLE} on 4 March", f"Apartment block in Kharkiv hit, {TITLE[-7:]} on 4 March"):
        assert await here.carry("Post", title, LEAD, again=first.content.link) == ()


async def test_the_same_change_is_told_once_whoever_says_it() -> None:
    """Each change has one key: nothing that comes twice makes another alert of it."""
    here = desk(KHARKIV)
    await here.carry("Post", TITLE, LEAD)
    (update,) = await here.carry("Wire", GROWN, LEAD)
    assert update.dedupe_key == f"update|kharkiv|{update.story_key}|killed=30"
    assert await here.carry("Radio", f"{GROWN}, mayor says", LEAD) == ()
    assert await here.carry("Post", GROWN.replace("30", "thirty"), LEAD) == ()
    assert told(await here.carry("Herald", GROWN.replace("30", "52"), LEAD)) == [("kharkiv", "update")]


async def test_an_update_is_within_what_the_rule_is_limited_to() -> None:
    """Outlets, tags, languages, and the time until which it is wanted."""
    end = NOW + timedelta(hours=1)
    rules = (
        replace(KHARKIV, name=RuleName("of-post"), outlets=("Post", "Radio")),
        replace(KHARKIV, name=RuleName("of-press"), tags=("press",)),
        replace(KHARKIV, name=RuleName("in-english"), languages=("en",)),
        replace(KHARKIV, name=RuleName("for-an-hour"), expires=end),
    )
    here = desk(*rules, tags={"Post": ("press",), "Courier": ("press",)})
    assert len(await here.carry("Post", TITLE, LEAD)) == 4
    assert told(await here.carry("Wire", GROWN, LEAD, language="uk")) == [("for-an-hour", "update")]
    assert told(await here.carry("Radio", TITLE.replace("3", "60"), LEAD)) == [
        ("of-post", "update"),
        ("in-english", "update"),
        ("for-an-hour", "update"),
    ]
    here.clock.moment = end
    assert ("for-an-hour", "update") not in told(await here.carry("Courier", TITLE.replace("3", "90"), LEAD))


async def test_a_revision_that_matches_for_the_first_time_is_a_first_alert_and_no_update() -> None:
    """Whatever else changed in it."""
    here = desk(KHARKIV)
    assert await here.carry("Post", TITLE.replace("Kharkiv", "city"), LEAD) == ()
    link = "https://post.example/news/2"
    assert told(await here.carry("Post", GROWN, LEAD, again=link)) == [("kharkiv", "first")]
    assert told(await here.carry("Post", GROWN.replace("30", "60"), LEAD, again=link)) == [("kharkiv", "update")]


async def test_what_stood_in_a_feed_at_its_first_poll_is_no_update_but_was_said() -> None:
    """Its figures are known from then on."""
    here = desk(KHARKIV)
    await here.carry("Post", TITLE, LEAD)
    assert await here.stand("Wire", here.entry("Wire", GROWN, LEAD)) == ()
    assert await here.carry("Radio", GROWN, LEAD) == ()


async def test_an_update_that_is_dated_long_ago_is_marked_late() -> None:
    """Told all the same."""
    here = desk(KHARKIV)
    await here.carry("Post", TITLE, LEAD)
    old = replace(here.entry("Wire", GROWN, LEAD), published_at=NOW - timedelta(days=9))
    (update,) = await here.carry_all("Wire", old)
    assert (update.kind, update.content.is_late) == ("update", True)


async def test_one_document_may_bring_alert_and_update() -> None:
    """The older entry stands first; newest first, there is nothing to add."""
    here = desk(KHARKIV)
    first, update = await here.carry_all("Post", here.entry("Post", TITLE, LEAD), here.entry("Post", GROWN, LEAD))
    assert (first.kind, update.kind, update.content.follows) == ("first", "update", first.public_id)
    newest_first = (here.entry("Wire", GROWN, LEAD), here.entry("Wire", TITLE, LEAD))
    here = desk(KHARKIV)
    assert told(await here.carry_all("Wire", *newest_first)) == [("kharkiv", "first")]


async def test_rules_that_are_gone_say_nothing_more() -> None:
    """Neither of updates nor of spread."""
    here = desk(KHARKIV, replace(KHARKIV, name=RuleName("spreading"), spread=2))
    await here.carry("Post", TITLE, LEAD)
    here.rules = (replace(KHARKIV, name=RuleName("another"), query="title:nothing"),)
    assert await here.carry("Wire", GROWN, LEAD) == ()


ONCE = {
    OncePer.STORY: ["Post"],
    OncePer.TEXT: ["Post", "Radio"],
    OncePer.ENTRY: ["Post", "Wire", "Radio", "Herald"],
}


@pytest.mark.parametrize("once_per", OncePer)
async def test_a_rule_alerts_once_for_a_story_a_text_or_an_entry(once_per: OncePer) -> None:
    """A wire's text in two outlets, another's own words of it in two more, and a revision of each."""
    here = desk(replace(KHARKIV, updates=Updates.OFF, once_per=once_per))
    own = "Kharkiv apartment block hit by missile, three dead"
    words = "Rescue workers searched the ruins of the Saltivka apartment block in Kharkiv for survivors of the missile."
    texts = {"Post": (TITLE, LEAD), "Wire": (TITLE, LEAD), "Radio": (own, words), "Herald": (own, words)}
    links: dict[str, str] = {}
    alerted: list[str] = []
    for outlet, (title, lead) in texts.items():
        entry = here.entry(outlet, title, lead)
        links[outlet] = entry.link
        alerted += [alert.content.outlets[0] for alert in await here.carry_all(outlet, entry)]
    assert alerted == ONCE[once_per]
    for outlet, (title, lead) in texts.items():
        assert await here.carry(outlet, f"{title}, mayor says", lead, again=links[outlet]) == ()
    assert len({alert.dedupe_key for alert in here.alerts}) == len(here.alerts)
    assert len({alert.story_key for alert in here.alerts}) == 1


async def test_a_rule_that_alerts_for_each_entry_does_not_call_it_an_update_as_well() -> None:
    """A revision of one is."""
    here = desk(replace(KHARKIV, once_per=OncePer.ENTRY))
    await here.carry("Post", TITLE, LEAD)
    assert told(await here.carry("Wire", GROWN, LEAD)) == [("kharkiv", "first")]
    link = here.alerts[-1].content.link
    assert told(await here.carry("Wire", GROWN.replace("30", "52"), LEAD, again=link)) == [("kharkiv", "update")]


async def test_outlets_of_one_publisher_are_one_in_what_is_said_of_spread() -> None:
    """Three outlets are no three publishers; each publisher is named by one outlet."""
    owned = {"Post": "post.example", "Radio": "post.example"}
    here = desk(replace(KHARKIV, updates=Updates.OFF, spread=3), publishers=owned)
    await here.carry("Post", TITLE, LEAD)
    assert await here.carry("Wire", TITLE, LEAD) == ()
    assert await here.carry("Radio", TITLE, LEAD) == ()
    (spread,) = await here.carry("Herald", TITLE, LEAD)
    assert (spread.kind, spread.content.spread) == ("spread", 3)
    assert spread.content.outlets == ("Herald", "Post", "Wire")
    assert spread.dedupe_key == f"spread|kharkiv|{spread.story_key}|3"
    assert await here.carry("Courier", TITLE, LEAD) == ()


async def test_a_first_alert_on_what_many_carry_already_says_so_itself() -> None:
    """One message; the other is kept in silence, and never told later."""
    here = desk(replace(KHARKIV, query="title:Saltivka", updates=Updates.OFF, spread=3))
    for outlet in ("Post", "Wire"):
        assert await here.carry(outlet, TITLE, LEAD) == ()
    (first,) = await here.carry("Radio", f"{TITLE} in Saltivka", LEAD)
    assert (first.kind, first.content.spread) == ("first", 3)
    assert first.content.outlets == ("Radio", "Post", "Wire")
    assert [(alert.kind, alert.channels) for alert in here.silent] == [("spread", ())]
    assert await here.carry("Herald", TITLE, LEAD) == ()


async def test_spread_is_told_of_stories_that_were_alerted_on_only() -> None:
    """By rules that want it, until they end; a baseline counts, and tells nothing."""
    end = datetime(2026, 3, 3, tzinfo=UTC)
    rules = (
        replace(KHARKIV, name=RuleName("never"), query="title:nothing", spread=2),
        replace(KHARKIV, name=RuleName("over"), spread=2, expires=end),
        replace(KHARKIV, name=RuleName("wanted"), updates=Updates.OFF, spread=3),
    )
    here = desk(*rules)
    await here.carry("Post", TITLE, LEAD)
    here.clock.moment = end
    assert await here.stand("Wire", here.entry("Wire", TITLE, LEAD)) == ()
    assert told(await here.carry("Radio", TITLE, LEAD)) == [("wanted", "spread")]


async def test_updates_of_a_flood_are_gathered_apart_from_what_is_new() -> None:
    """A feed that was refilled must not ring a hundred times; nothing of it is lost."""
    here = desk(replace(KHARKIV, query="kills OR wounds OR arrest"))
    news = (
        ("Ferry fire off Crete kills {}", "Flames broke out on the car deck of a ferry bound for Piraeus."),
        ("Landslide in Nepal kills {} miners", "Mud buried a jade quarry in the Himalayan foothills at dawn."),
        ("Police in Ohio arrest {} over cattle theft", "Deputies raided barns in two counties for stolen heifers."),
    )
    for title, lead in news:
        await here.carry("Post", title.format(3), lead)
    grown = [here.entry("Wire", title.format(30), lead) for title, lead in news]
    other = [here.entry("Wire", f"{chr(97 + number % 26) * 5}{number} pudding") for number in range(FLOOD)]
    (burst,) = [one for one in await here.carry_all("Wire", *grown, *other) if one.content.rule]
    assert burst.kind == "burst"
    assert burst.content.title == "3 stories that rule kharkiv told have news in Wire at once"
    assert burst.content.text.summary.splitlines()[0].startswith("killed: 3, now 30 — Ferry fire off Crete kills 30")
    assert [(alert.kind, alert.channels) for alert in here.silent] == [("update", ())] * 3


async def test_an_alert_says_who_else_has_the_story_and_what_it_goes_on_from() -> None:
    """Outlets of one publisher are one voice, and its own outlet is none of the others."""
    here = desk(KHARKIV)
    quiet = replace(KHARKIV, query="title:nothing")
    here.rules = (quiet,)
    for outlet in ("Wire", "Radio"):
        await here.carry(outlet, TITLE, LEAD)
    here.rules = (KHARKIV,)
    (first,) = await here.carry("Post", TITLE, LEAD)
    assert (first.content.outlets, first.content.also_in) == (("Post",), ("Radio", "Wire"))
    (update,) = await here.carry("Wire", GROWN, LEAD)
    assert (update.content.outlets, update.content.also_in) == (("Wire",), ("Post", "Radio"))
    assert (update.content.follows, update.content.follows_title) == (first.public_id, TITLE)
