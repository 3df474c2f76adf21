"""Why a match raised no alert, and what today's rules say."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.app.inquest import find_out
from monitor.cadence.interval import Pace
from monitor.entities.roster import build_roster
from monitor.flow.watch import FeedWatch, Watch
from monitor.model.alerts import Alert, AlertContent, AlertKind, PublicId
from monitor.model.entries import Text
from monitor.model.rules import EntitySpec, Evidence, Match, OncePer, RuleName, RuleSpec, Updates, View
from monitor.model.views import AlertRow, History, Sighting
from monitor.rules.ruleset import Ruleset, compile_ruleset

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LINK = "https://a.example/1"
FEED = "https://a.example/feed"
TRUCE = Match(rule=RuleName("truce"), evidence=(Evidence(field="title", start=0, end=5, part="truce"),))


def sighting(*titles: str, matches: tuple[tuple[int, Match], ...] = (), is_baseline: bool = False) -> Sighting:
    """An entry that had these titles, one after the other."""
    revisions = tuple(
        (number, NOW, View(text=Text(title=title), outlets=("Gazette",), link=LINK))
        for number, title in enumerate(titles, 1)
    )
    return Sighting(
        feed_url=FEED,
        outlets=("Gazette",),
        story_key="link:a.example/1",
        level="new",
        reason="nothing known is like it",
        is_baseline=is_baseline,
        first_seen_at=NOW,
        last_seen_at=NOW,
        revisions=revisions,
        matches=matches,
    )


def alerted(link: str, public_id: str = "abc") -> AlertRow:
    """The alert of rule truce on an entry with this link."""
    alert = Alert(
        kind=AlertKind.FIRST,
        dedupe_key="first|truce|x",
        public_id=PublicId(public_id),
        at=NOW,
        content=AlertContent(title="Truce", outlets=("Wire",), link=link, rule="truce"),
        channels=("screen",),
    )
    return AlertRow(alert=alert, states=(("screen", "sent"),))


def watching(*specs: tuple[str, str]) -> Watch:
    """Today's rules, over a feed whose outlet is tagged."""
    pace = Pace(every=timedelta(minutes=15), shortest=timedelta(minutes=5), longest=timedelta(hours=24))
    rules = compile_ruleset(
        tuple(RuleSpec(name=RuleName(name), query=query) for name, query in specs), build_roster(())
    )
    assert isinstance(rules, Ruleset)
    feed = FeedWatch(url=FEED, outlets=("Gazette",), tags=("coast",), language="en", pace=pace)
    return Watch(feeds={FEED: feed}, ruleset=rules, channels=("screen",))


def test_a_match_in_a_baseline_alerts_nobody() -> None:
    """Also where the story was alerted later by another entry."""
    seen = sighting("Truce", matches=((1, TRUCE),), is_baseline=True)
    for history in (History(link=LINK), History(link=LINK, alerts=(alerted("https://b.example/"),))):
        (quiet,) = find_out(seen, history, None).quiet
        assert "baseline" in quiet.reason


def test_what_would_have_matched_in_a_baseline_is_judged_by_todays_rules() -> None:
    """No rule was tried on it then; which of them it concerns is said all the same, and why none alerted."""
    watch = watching(("truce", "truce"), ("strike", "strike"))
    (quiet,) = find_out(sighting("Truce", is_baseline=True), History(link=LINK), watch).quiet
    assert (quiet.rule, "baseline" in quiet.reason) == ("truce", True)


def test_words_of_a_baseline_that_a_revision_repeats_alert_nobody_either() -> None:
    """The rule is found in the revision, and would have been before."""
    seen = sighting("Truce", "Truce holds", matches=((2, TRUCE),), is_baseline=True)
    (quiet,) = find_out(seen, History(link=LINK), None).quiet
    assert "baseline" in quiet.reason


def test_a_revision_of_a_baseline_entry_alerts_like_any_other() -> None:
    """It was there before, but did not say so."""
    seen = sighting("Calm", "Truce", matches=((2, TRUCE),), is_baseline=True)
    assert find_out(seen, History(link=LINK, alerts=(alerted(LINK),)), None).quiet == ()


def test_a_story_that_was_alerted_before_names_that_alert() -> None:
    """One alert a rule and story."""
    seen = sighting("Truce", matches=((1, TRUCE),))
    (quiet,) = find_out(seen, History(link=LINK, alerts=(alerted("https://b.example/"),)), None).quiet
    assert (quiet.rule, "abc" in quiet.reason) == ("truce", True)


def rules(*specs: RuleSpec) -> Watch:
    """Today's rules."""
    made = compile_ruleset(specs, build_roster(()))
    assert isinstance(made, Ruleset)
    return replace(watching(), ruleset=made)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (
            {},
            "a rule alerts once for a story, and this one did with alert abc at 2026-03-02 12:00 UTC, by what",
        ),
        ({"once_per": OncePer.TEXT}, "a rule alerts once for a text, and this one did"),
        ({}, "this entry was given to the story, for nothing known is like it (0.41); its updates are off"),
        (
            {"updates": Updates.THREAD},
            "; updates tell what changed in the news, and these words changed nothing",
        ),
    ],
)
def test_a_rule_that_spoke_before_says_by_whom_and_why_this_is_the_same(changes: dict[str, Any], reason: str) -> None:
    """And what it does about changes of the news."""
    spec = replace(RuleSpec(name=RuleName("truce"), query="truce"), **changes)
    seen = replace(sighting("Truce", matches=((1, TRUCE),)), level="same_story", score=0.412)
    history = History(link=LINK, alerts=(alerted("https://b.example/"), alerted("https://c.example/", "def")))
    (quiet,) = find_out(seen, history, rules(spec)).quiet
    assert reason in quiet.reason
    assert "def" not in quiet.reason


def test_the_founder_of_a_story_that_matches_later_is_named_as_such() -> None:
    """Another entry was told of before."""
    seen = sighting("Calm", "Truce", matches=((2, TRUCE),))
    (quiet,) = find_out(seen, History(link=LINK, alerts=(alerted("https://b.example/"),)), None).quiet
    assert quiet.reason.endswith("by what stood in Wire; this entry founded the story")


def test_an_entry_that_gave_an_update_is_not_quiet() -> None:
    """The update is what the rule said of it."""
    first = alerted("https://b.example/")
    content = replace(first.alert.content, link=LINK, follows="abc", changes=("killed: 3, now 30",))
    update = replace(first, alert=replace(first.alert, kind=AlertKind.UPDATE, content=content))
    seen = sighting("Truce", matches=((1, TRUCE),))
    assert find_out(seen, History(link=LINK, alerts=(first, update)), None).quiet == ()


def test_an_alert_that_was_pruned_is_said_to_be_gone() -> None:
    """Alerts are kept for a year, words longer than that in some feeds."""
    seen = sighting("Truce", matches=((1, TRUCE),))
    (quiet,) = find_out(seen, History(link=LINK), None).quiet
    assert "not kept any more" in quiet.reason


def test_todays_verdicts_know_tags_and_language_of_the_outlet() -> None:
    """What matched then needs no verdict; what did not is judged as the daemon would."""
    watch = watching(("truce", "truce"), ("coast", "tag:coast AND lang:en"), ("inland", "tag:inland"))
    finding = find_out(sighting("Truce", matches=((1, TRUCE),)), History(link=LINK), watch)
    (revision,) = finding.revisions
    assert revision.matches == (TRUCE,)
    verdicts = {rule: verdict.matched for rule, verdict in revision.verdicts}
    assert verdicts == {"coast": True, "inland": False}


def test_a_feed_that_is_watched_no_more_is_judged_by_its_words() -> None:
    """Its outlet's tags are not known any more."""
    seen = replace(sighting("Truce"), feed_url="https://gone.example/")
    ((_, verdict),) = find_out(seen, History(link=LINK), watching(("coast", "tag:coast"))).revisions[0].verdicts
    assert not verdict.matched


SHAPES = (
    ("slop", '"peace talks"~1', 'needs "peace talks"~1'),
    ("near", "peace NEAR/2 talks", "peace and talks stand 6 words apart, needs 2"),
    ("prefix", "negoti*", "needs negoti*"),
    ("exact", "=Peace", "needs =Peace"),
    ("forms", "forms(treaty)", "needs forms(treaty)"),
    ("regex", "/cease.?fire/", "needs /cease.?fire/"),
    ("count", "count(peace) >= 2", "peace is there 1 times, needs 2"),
    (
        "possible",
        "entity:roe",
        "needs entity:roe ('Roe' in the title is possible: without any of its context (minister))",
    ),
    ("rejected", "entity:gull", "needs entity:gull ('Gull' in the title is rejected: not with 'harbour' in the story)"),
)


@pytest.mark.parametrize(("name", "query", "failed"), SHAPES, ids=[name for name, _, _ in SHAPES])
def test_every_kind_of_part_that_failed_is_named(name: str, query: str, failed: str) -> None:
    """Also how a name that stands there was not believed, and why."""
    roster = build_roster(
        (
            EntitySpec(id="roe", name="Roe", context=("minister",)),
            EntitySpec(id="gull", name="Gull", unless=("harbour",)),
        )
    )
    rules = compile_ruleset((RuleSpec(name=RuleName(name), query=query),), roster)
    assert isinstance(rules, Ruleset)
    watch = replace(watching(), ruleset=rules)
    title = "peace and four other words for talks of Roe and Gull at the harbour"
    ((_, verdict),) = find_out(sighting(title), History(link=LINK), watch).revisions[0].verdicts
    assert (verdict.matched, verdict.failed) == (False, failed)


def test_a_rule_that_is_over_or_meant_for_others_says_so() -> None:
    """The limit of a rule comes before its words."""
    specs = (
        RuleSpec(name=RuleName("russian"), query="truce", tags=("russia",)),
        RuleSpec(name=RuleName("over"), query="truce", expires=NOW),
    )
    rules = compile_ruleset(specs, build_roster(()))
    assert isinstance(rules, Ruleset)
    watch = watching()
    watch = replace(watch, ruleset=rules, feeds={FEED: replace(watch.feeds[FEED], tags=())})
    (revision,) = find_out(sighting("Truce"), History(link=LINK), watch).revisions
    assert [verdict.failed for _, verdict in revision.verdicts] == [
        "rule is for tags: russia; this outlet has none",
        "expired on 2026-03-02 12:00 UTC",
    ]
