"""What a rule is limited to beside its query."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.config.load import load
from monitor.entities.roster import Roster
from monitor.model.entries import Text
from monitor.model.rules import OncePer, RuleName, RuleSpec, Updates, View
from monitor.rules.ruleset import Ruleset, compile_ruleset

NAME = RuleName("watch")
EXPECTED = "expected a day such as 2026-12-31, or a moment with its zone such as 2026-12-31T18:00+02:00"
END = datetime(2026, 12, 31, 18, tzinfo=UTC)
VIEW = View(text=Text(title="Truce holds"), outlets=("Gazette", "Wire"), tags=("coast",), language="en-GB")


def ruleset(spec: RuleSpec) -> Ruleset:
    compiled = compile_ruleset((spec,), Roster())
    assert isinstance(compiled, Ruleset)
    return compiled


@pytest.mark.parametrize(
    ("spec", "failed"),
    [
        (RuleSpec(name=NAME, query="truce", outlets=("Wire", "Other")), ""),
        (
            RuleSpec(name=NAME, query="truce", outlets=("Other", "More")),
            "rule is for outlets: Other, More; this stands in Gazette, Wire",
        ),
        (RuleSpec(name=NAME, query="truce", tags=("coast",)), ""),
        (RuleSpec(name=NAME, query="truce", tags=("inland",)), "rule is for tags: inland; this outlet has coast"),
        (RuleSpec(name=NAME, query="truce", languages=("ru", "en")), ""),
        (RuleSpec(name=NAME, query="truce", languages=("ru",)), "rule is for languages: ru; this is in en-GB"),
        (
            RuleSpec(name=NAME, query="truce", outlets=("Wire",), tags=("inland",)),
            "rule is for tags: inland; this outlet has coast",
        ),
    ],
)
def test_a_rule_looks_only_where_it_shall(spec: RuleSpec, failed: str) -> None:
    """Any of the names is enough, of every kind that is given; the verdict names the limit."""
    rules = ruleset(spec)
    assert bool(rules.match(VIEW)) is (failed == "")
    assert rules.verdict(NAME, VIEW).failed == failed


@pytest.mark.parametrize(
    ("spec", "failed"),
    [
        (RuleSpec(name=NAME, query="truce", outlets=("Wire",)), "rule is for outlets: Wire; no outlet carries this"),
        (RuleSpec(name=NAME, query="truce", tags=("russia",)), "rule is for tags: russia; this outlet has none"),
        (
            RuleSpec(name=NAME, query="truce", languages=("en",)),
            "rule is for languages: en; the language of this is unknown",
        ),
    ],
)
def test_a_view_that_states_nothing_is_outside_of_every_limit(spec: RuleSpec, failed: str) -> None:
    """And the verdict says so."""
    bare = View(text=Text(title="Truce holds"))
    rules = ruleset(spec)
    assert not rules.match(bare)
    assert rules.verdict(NAME, bare).failed == failed


def test_an_expired_rule_matches_nothing() -> None:
    """From its moment on; who does not say what time it is gets every rule."""
    rules = ruleset(RuleSpec(name=NAME, query="truce", expires=END))
    assert rules.match(VIEW, END - timedelta(seconds=1))
    assert not rules.match(VIEW, END)
    assert rules.match(VIEW)
    assert rules.verdict(NAME, VIEW, END).failed == "expired on 2026-12-31 18:00 UTC"


def test_limits_are_part_of_what_a_rule_means() -> None:
    """A rule that looks elsewhere is another rule; one that ends or is limited in another order is not."""
    plain = RuleSpec(name=NAME, query="truce")
    one, two = RuleSpec(name=NAME, query="truce", tags=("a", "b")), RuleSpec(name=NAME, query="truce", tags=("b", "a"))
    hashes = [ruleset(spec).rule_hash(NAME) for spec in (plain, one, two)]
    assert hashes[0] != hashes[1] == hashes[2]
    assert ruleset(RuleSpec(name=NAME, query="truce", expires=END)).rule_hash(NAME) == hashes[0]


def _loaded(folder: Path, more: str) -> tuple[RuleSpec | None, list[str]]:
    (folder / "tocsin.yaml").write_text(
        "outlets: [{name: Gazette, tags: [coast], feeds: [{url: 'https://a.example/feed'}]}]\n"
        f"rules: [{{name: watch, query: truce, {more}}}]\n",
        encoding="utf-8",
    )
    loaded = load(folder, {})
    said = [str(mistake).partition(" ")[2] for mistake in loaded.mistakes]
    return (loaded.settings.rules[0] if loaded.settings else None), said


def test_a_configuration_says_the_limits(tmp_path: Path) -> None:
    """A day lasts until its end in UTC, a moment names its zone."""
    spec, said = _loaded(
        tmp_path, "outlets: [Gazette], tags: [coast], languages: [en], once_per: entry, expires: 2026-12-31"
    )
    assert said == []
    assert spec is not None
    assert (spec.outlets, spec.tags, spec.languages) == (("Gazette",), ("coast",), ("en",))
    assert (spec.once_per, spec.expires) == (OncePer.ENTRY, datetime(2027, 1, 1, tzinfo=UTC))
    spec, said = _loaded(tmp_path, "expires: '2026-12-31 20:00+02:00'")
    assert spec is not None
    assert (said, spec.expires) == ([], END)


@pytest.mark.parametrize("written", ["off", "'off'", "false", "off   # as if it were not there"])
def test_updates_are_off_however_that_is_written(tmp_path: Path, written: str) -> None:
    """A text in YAML 1.2, false to whoever knows YAML 1.1; and by default."""
    for more in (f"updates: {written}\n", "priority: low"):
        spec, said = _loaded(tmp_path, more)
        assert spec is not None
        assert (said, spec.updates, spec.spread, spec.once_per) == ([], Updates.OFF, 0, OncePer.STORY)


def test_what_is_told_beyond_the_first_alert(tmp_path: Path) -> None:
    """Updates in a thread, and how far the story has spread."""
    spec, said = _loaded(tmp_path, "updates: thread, spread: 5, once_per: text")
    assert spec is not None
    assert (said, spec.updates, spec.spread, spec.once_per) == ([], Updates.THREAD, 5, OncePer.TEXT)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("updates: thred", "rules.1.updates: unknown value 'thred', did you mean 'thread'?"),
        ("updates: true", "rules.1.updates: expected off or thread"),
        ("updates: 0", "rules.1.updates: expected off or thread"),
        ("update: thread", "rules.1.update: unknown key, did you mean updates?"),
        ("spread: 1", "rules.1.spread: expected at least 2"),
        ("spread: 2.5", "rules.1.spread: expected a whole number"),
        ("spread: many", "rules.1.spread: expected a whole number"),
        ("spread: true", "rules.1.spread: expected a whole number"),
        ("outlets: [Gazete]", "rules.1.outlets.1: unknown outlet 'Gazete', did you mean 'Gazette'?"),
        ("tags: [coastal]", "rules.1.tags.1: unknown tag 'coastal', did you mean 'coast'?"),
        ("languages: [english]", "rules.1.languages.1: expected a language such as en, ru or uk"),
        ("once_per: stori", "rules.1.once_per: unknown value 'stori', did you mean 'story'?"),
        ("expires: tomorrow", f"rules.1.expires: {EXPECTED}"),
        ("expires: '2026-12-31T18:00'", f"rules.1.expires: {EXPECTED}"),
        ("expires: 2026-02-31", f"rules.1.expires: {EXPECTED}"),
        ("expires: [1]", f"rules.1.expires: {EXPECTED}"),
    ],
)  # fmt: skip
def test_limits_that_mean_nothing_are_mistakes(tmp_path: Path, more: str, said: str) -> None:
    """With the nearest name that the configuration has."""
    assert _loaded(tmp_path, more)[1] == [said]
