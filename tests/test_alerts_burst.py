"""Many alerts of one poll, told as one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.alerts.burst import gathered
from monitor.alerts.plan import first_alert
from monitor.alerts.render import render
from monitor.model.alerts import Alert, AlertKind, Form, Message, MessageId
from monitor.model.entries import Text
from monitor.model.rules import Match, Priority, RuleName, RuleSpec, View

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
FEED = "https://quay.example/rss"


def first(number: int, *, rule: str = "ships", channels: tuple[str, ...] = ("desk",)) -> Alert:
    spec = RuleSpec(name=RuleName(rule), query="ship", channels=channels, priority=Priority.URGENT)
    view = View(
        text=Text(title=f"Ship  number {number}\ncomes in"),
        outlets=("The Quay",),
        link=f"https://quay.example/{number}",
    )
    match = Match(rule=RuleName(rule), evidence=())
    return first_alert(rule=spec, match=match, view=view, story_key=f"story {number}", channels=(), now=NOW)


def burst(alerts: list[Alert]) -> Alert:
    (found,) = [alert for alert in gathered(alerts, feed_url=FEED, now=NOW) if alert.kind is AlertKind.BURST]
    return found


def test_the_alerts_of_a_rule_are_kept_in_silence_and_told_in_one() -> None:
    """The rule's channels and priority are those of the one."""
    alerts = gathered([first(number) for number in range(3)], feed_url=FEED, now=NOW)
    assert [(alert.kind, alert.channels) for alert in alerts] == [
        (AlertKind.FIRST, ()),
        (AlertKind.FIRST, ()),
        (AlertKind.FIRST, ()),
        (AlertKind.BURST, ("desk",)),
    ]
    assert alerts[-1].priority is Priority.URGENT
    assert alerts[-1].content.title == "3 new entries match rule ships in The Quay at once"


def test_each_rule_has_its_own_and_a_single_find_is_told_as_always() -> None:
    """Nobody is better served by a list of one."""
    one, alone = first(1), first(9, rule="pilots")
    assert gathered([one, alone, first(2)], feed_url=FEED, now=NOW).count(alone) == 1
    assert gathered([alone], feed_url=FEED, now=NOW) == (alone,)
    assert gathered([], feed_url=FEED, now=NOW) == ()


def test_what_goes_to_other_channels_is_another_burst() -> None:
    """Nobody hears of what was routed elsewhere."""
    alerts = [first(number, channels=("ops",) if number % 2 else ("desk",)) for number in range(5)]
    bursts = [alert for alert in gathered(alerts, feed_url=FEED, now=NOW) if alert.kind is AlertKind.BURST]
    assert [(one.channels, one.content.title[:1]) for one in bursts] == [(("desk",), "3"), (("ops",), "2")]
    assert len({one.public_id for one in bursts}) == 2


def test_the_same_finds_have_the_same_public_id() -> None:
    """Whenever they are found: a restored backup tells under the id that the receiver knows."""
    later = gathered([first(2), first(1)], feed_url=FEED, now=NOW + timedelta(days=1))[-1]
    assert later.public_id == burst([first(1), first(2)]).public_id
    assert later.public_id != burst([first(1), first(3)]).public_id


def test_updates_and_spread_are_told_apart_from_what_is_new() -> None:
    """Each kind in a message of its own; what was silent stays so, and is counted nowhere."""
    firsts = [first(number) for number in range(2)]
    said = firsts[0].content
    updates = [
        replace(
            firsts[0],
            kind=AlertKind.UPDATE,
            dedupe_key=f"u{number}",
            content=replace(said, changes=("killed: 3, now 9",)),
        )
        for number in range(2)
    ]
    carried = replace(said, spread=2, outlets=("The Quay", "The Wharf"))
    spread = [
        replace(firsts[0], kind=AlertKind.SPREAD, dedupe_key=f"s{number}", content=carried) for number in range(2)
    ]
    silent = replace(spread[0], dedupe_key="s9", channels=())
    told = gathered([*firsts, *updates, *spread, silent], feed_url=FEED, now=NOW)
    assert [alert.content.title for alert in told if alert.kind is AlertKind.BURST] == [
        "2 new entries match rule ships in The Quay at once",
        "2 stories that rule ships told have news in The Quay at once",
        "2 stories that rule ships told have spread with The Quay at once",
    ]
    listing = next(alert for alert in told if "have news" in alert.content.title).content.text.summary
    assert listing.startswith("killed: 3, now 9 — Ship number 0 comes in https://")
    assert [alert.dedupe_key for alert in told if not alert.channels].count("s9") == 1
    assert gathered([firsts[0], updates[0], spread[0]], feed_url=FEED, now=NOW) == (firsts[0], updates[0], spread[0])


def test_a_burst_reads_as_a_list_of_titles_with_links() -> None:
    """The first ten, a line each, and how many more."""
    alert = burst([first(number) for number in range(1, 13)])
    message = Message(id=MessageId(1), public_id=alert.public_id, channel="desk", alerts=(alert,), created_at=NOW)
    text = render(message, now=NOW).text.splitlines()
    assert text[0] == "burst: 12 new entries match rule ships in The Quay at once"
    listed = [line for line in text if line.startswith("Ship number")]
    assert listed[0] == "Ship number 1 comes in https://quay.example/1"
    assert len(listed) == 10
    assert "and 2 more" in text
    short = render(replace(message, form=Form.SHORT), now=NOW).text
    assert len(short) <= 400
