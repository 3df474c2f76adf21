"""From a match to an alert."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.plan import content, first_alert, first_key, public_id
from monitor.model.alerts import AlertKind
from monitor.model.entries import Text
from monitor.model.rules import Evidence, Match, Priority, RuleName, RuleSpec, View
from tests.plain_values import NOW

RULE = RuleSpec(name=RuleName("ferries"), query="ferry", priority=Priority.URGENT)
MATCH = Match(rule=RULE.name, evidence=(Evidence(field="title", start=0, end=5, part="ferry"),))
VIEW = View(text=Text(title="Ferry leaves early"), outlets=("The Harbour",), link="https://harbour.example/1")


def test_an_alert_is_known_by_rule_and_story_for_ever() -> None:
    """The same key gives the same public id, in any database."""
    one = first_alert(rule=RULE, match=MATCH, view=VIEW, story_key="link:h/1", channels=("screen",), now=NOW)
    again = first_alert(
        rule=RULE, match=MATCH, view=VIEW, story_key="link:h/1", channels=(), now=NOW + timedelta(days=9)
    )
    assert one.kind is AlertKind.FIRST
    assert one.dedupe_key == again.dedupe_key == first_key("ferries", "link:h/1")
    assert one.public_id == again.public_id == public_id(one.dedupe_key)
    assert one.story_key == "link:h/1"


def test_a_rule_without_channels_uses_every_one() -> None:
    """And one that names its own uses these."""
    own = RuleSpec(name=RULE.name, query="ferry", channels=("desk",))
    named = first_alert(rule=own, match=MATCH, view=VIEW, story_key="s", channels=("screen", "desk"), now=NOW)
    every = first_alert(rule=RULE, match=MATCH, view=VIEW, story_key="s", channels=("screen", "desk"), now=NOW)
    assert (named.channels, every.channels) == (("desk",), ("screen", "desk"))


def test_news_of_last_week_is_marked_late() -> None:
    """Sent all the same."""
    old = View(text=VIEW.text, published_at=NOW - timedelta(days=8))
    fresh = View(text=VIEW.text, published_at=NOW - timedelta(days=6))
    assert content(match=MATCH, view=old, now=NOW).is_late
    assert not content(match=MATCH, view=fresh, now=NOW).is_late
    assert not content(match=MATCH, view=VIEW, now=NOW).is_late


def test_an_alert_keeps_the_words_around_its_evidence_and_not_the_whole_body() -> None:
    """Offsets still count in what is kept."""
    body = "x " * 1000 + "ferry" + " y" * 40_000
    match = Match(rule=RULE.name, evidence=(Evidence(field="body", start=2000, end=2005, part="ferry"),))
    kept = content(match=match, view=View(text=Text(title="T", summary="s" * 5000, body=body)), now=NOW).text
    assert kept.body[2000:2005] == "ferry"
    assert len(kept.body) < 2400
    assert len(kept.summary) == 600
    assert content(match=MATCH, view=View(text=Text(title="T", body=body)), now=NOW).text.body == ""


@given(st.text())
def test_a_public_id_is_twelve_plain_characters(key: str) -> None:
    """Safe in a header, an address and a chat."""
    made = public_id(key)
    assert len(made) == 12
    assert set(made) <= set("0123456789abcdefghjkmnpqrstvwxyz")
