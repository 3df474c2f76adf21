"""What follows a first alert, as alerts."""

from dataclasses import replace
from datetime import timedelta

from monitor.alerts.follow_ups import as_spread, spread_alert, update_alert
from monitor.alerts.plan import first_alert, once_for, public_id
from monitor.model.alerts import Alert, AlertKind, PublicId
from monitor.model.entries import Text
from monitor.model.rules import Evidence, Match, OncePer, Priority, RuleName, RuleSpec, View
from monitor.model.stories import Level, Sifted
from tests.plain_values import NOW, entry

RULE = RuleSpec(name=RuleName("ferries"), query="ferry", priority=Priority.URGENT, spread=3)
MATCH = Match(rule=RULE.name, evidence=(Evidence(field="title", start=0, end=5, part="ferry"),))
VIEW = View(text=Text(title="Ferry fire kills 30"), outlets=("The Wire",), link="https://wire.example/1")
FIRST = PublicId("f1rst")
KILLED, HURT = {"killed=30": "killed: 3, now 30"}, {"injured=9": "injured: 2, now 9"}


def update(changes: dict[str, str], *, match: Match | None = None, days: int = 0) -> Alert:
    now = NOW + timedelta(days=days)
    return update_alert(
        rule=RULE, match=match, view=VIEW, story_key="s", follows=FIRST, changes=changes, channels=("desk",), now=now
    )


def test_an_update_is_known_by_rule_story_and_what_changed() -> None:
    """Whoever says so and when, in whatever order: the same public id, in any database."""
    one = update({**KILLED, **HURT})
    assert one.dedupe_key == update({**HURT, **KILLED}, days=3).dedupe_key == "update|ferries|s|injured=9 killed=30"
    assert one.public_id == public_id(one.dedupe_key)
    assert one.dedupe_key != update(KILLED).dedupe_key
    assert (one.kind, one.priority, one.channels, one.story_key) == (AlertKind.UPDATE, Priority.URGENT, ("desk",), "s")
    assert (one.content.follows, one.content.changes) == ("f1rst", ("killed: 3, now 30", "injured: 2, now 9"))


def test_an_update_marks_what_the_rule_finds_in_its_words_if_it_does() -> None:
    """It need not match by itself."""
    assert update(KILLED).content.evidence == ()
    assert update(KILLED).content.rule == "ferries"
    assert update(KILLED, match=MATCH).content.evidence == MATCH.evidence


def spread(*carriers: str) -> Alert:
    return spread_alert(
        rule=RULE, match=MATCH, view=VIEW, story_key="s", follows=FIRST, carriers=carriers, channels=("desk",), now=NOW
    )


def test_spread_is_told_once_for_a_story_and_a_number() -> None:
    """Who asks for another number later is told of that."""
    alert = spread("The Wire", "A", "B", "C")
    assert (alert.kind, alert.dedupe_key) == (AlertKind.SPREAD, "spread|ferries|s|3")
    assert (alert.content.spread, alert.content.outlets) == (4, ("The Wire", "A", "B", "C"))
    assert alert.content.follows == "f1rst"


def test_a_first_alert_that_says_so_itself_silences_the_other() -> None:
    """Whose row keeps it from being told later."""
    first = first_alert(rule=RULE, match=MATCH, view=VIEW, story_key="s", channels=("desk",), now=NOW)
    said, silent = as_spread(first, spread("The Wire", "A", "B"))
    assert (said.content.spread, said.content.outlets, said.public_id) == (3, ("The Wire", "A", "B"), first.public_id)
    assert (silent.channels, silent.dedupe_key) == ((), "spread|ferries|s|3")


def test_what_a_rule_alerts_once_for_has_a_name_that_stays() -> None:
    """Never a row: a text or entry that founded the story is named as that is, where a link founded it."""
    feed = "https://wire.example/rss"
    one = Sifted(
        entry=entry(1),
        entry_key="id:1",
        story_key="link:w/1",
        text_key="link:w/2",
        keys=("id:1",),
        fingerprint="f",
        level=Level.NEW,
        reason="new",
        revision=1,
    )
    assert once_for(OncePer.STORY, one, feed) == "link:w/1"
    assert once_for(OncePer.TEXT, one, feed) == "link:w/2"
    assert once_for(OncePer.ENTRY, one, feed) == "id:1 of https://wire.example/rss"
    nameless = replace(one, text_key="")
    assert once_for(OncePer.TEXT, nameless, feed) == once_for(OncePer.ENTRY, one, feed)
