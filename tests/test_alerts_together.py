"""Messages of several alerts: what a digest and a roll-up show, in which order, and what shorter forms leave out."""

import re
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alerts.lines import starred
from monitor.alerts.render import LONGEST_SHORT_TEXT, render
from monitor.alerts.telling import LONGEST_SUBJECT
from monitor.alerts.together import SHOWN_OF_ROLL_UP
from monitor.model.alerts import Alert, AlertContent, AlertKind, Form, Hold, Message, Rendered
from monitor.model.entries import Text
from monitor.model.rules import Priority
from tests.test_alerts_render import HOSTILE, NOW, SEEN, alert, content, joined, message

DIGEST = "Digest of 29 March, 07:00 Europe/Berlin: 4 alerts"
TITLES = [*HOSTILE, "Fire"]


def told(
    title: str,
    *,
    rule: str = "ferries",
    story: str = "",
    kind: AlertKind = AlertKind.FIRST,
    minutes: int = 0,
    **more: object,
) -> Alert:
    """An alert on a story of its own, unless another is named."""
    said = replace(content(Text(title=title)), rule=rule, link=f"https://harbour.example/{len(title)}")
    one = alert(replace(said, **more), kind=kind, name=f"{rule} {title} {kind} {minutes}")  # type: ignore[arg-type]
    return replace(one, story_key=story or title, at=SEEN + timedelta(minutes=minutes))


def digest(*alerts: Alert, title: str = DIGEST, hold: Hold = Hold.DIGEST, form: Form = Form.FULL) -> Rendered:
    return render(replace(message(*alerts, form=form), title=title, hold=hold), now=NOW + timedelta(hours=9))


def titles(shown: Rendered) -> list[str]:
    """What stands in the list, with its number."""
    return [line for line in shown.text.split("\n") if re.match(r"\d+\. ", line)]


class TestDigest:
    def test_it_reads_by_rule_and_story_with_outlets_and_times(self) -> None:
        """What happened to one story while people slept is read in one place."""
        fire = told("Fire in the valley kills 3", rule="fires", story="fire", outlets=("Valley News", "Island Radio"))
        grown = told(
            "Fire in the valley kills 30",
            rule="fires",
            story="fire",
            kind=AlertKind.UPDATE,
            minutes=40,
            follows="f1re",
            changes=("killed: 3, now 30",),
        )
        shown = digest(
            told("Ferries run again"), fire, grown, told("Strike is over", also_in=("Coast Wire", "Gazette", "Isle FM"))
        )
        assert shown.subject == DIGEST
        assert shown.kind is AlertKind.DIGEST
        assert shown.text == (
            f"{DIGEST}\n"
            "\n"
            "rule ferries\n"
            "\n"
            "1. Strike is over\n"
            "Harbour Post, 2026-11-22 23:05 UTC, also in: Coast Wire, Gazette, Isle FM\n"
            "https://harbour.example/14\n"
            "\n"
            "2. Ferries run again\n"
            "Harbour Post, 2026-11-22 23:05 UTC\n"
            "https://harbour.example/17\n"
            "\n"
            "rule fires\n"
            "\n"
            "3. Fire in the valley kills 3\n"
            "Valley News, 2026-11-22 23:05 UTC, also in: Island Radio\n"
            "https://harbour.example/26\n"
            "update: killed: 3, now 30 — Fire in the valley kills 30 (2026-11-22 23:05 UTC)\n"
            "https://harbour.example/27\n"
            "\n"
            "id: h4rb0urferry"
        )

    def test_the_best_stand_first(self) -> None:
        """Urgent ones, then what many outlets carry, then what is newest: of rules as of stories."""
        urgent = replace(told("Quake", rule="quakes"), priority=Priority.URGENT)
        wide = told("Wide", outlets=("A", "B", "C"))
        shown = digest(told("Old"), told("New", minutes=5), wide, urgent)
        assert titles(shown) == ["1. Quake", "2. Wide", "3. New", "4. Old"]
        assert [one.alert.content.title for one in shown.items] == ["Quake", "Wide", "New", "Old"]

    def test_a_story_that_two_rules_found_is_told_once(self) -> None:
        """The other rule says where."""
        shown = digest(told("Fire on a ferry", story="fire"), told("Fire on a ferry", rule="fires", story="fire"))
        assert shown.text.count("https://") == 1
        assert "rule fires\n\n2. Fire on a ferry\ntold above: 1\n" in shown.text

    def test_a_title_that_has_not_changed_is_not_repeated(self) -> None:
        """Spread and update say only what is new."""
        first = told("Fire", story="fire")
        spread = told("Fire", story="fire", kind=AlertKind.SPREAD, minutes=9, spread=5, follows="f1re")
        assert "\nnow in 5 outlets (2026-11-22 23:05 UTC)\n" in digest(first, spread).text

    def test_a_digest_of_one_alert_is_a_digest(self) -> None:
        """Whoever waits for it at seven knows it by its headline."""
        shown = digest(told("Fire"), title="Digest of 29 March, 07:00 Europe/Berlin: 1 alert")
        assert shown.text.startswith("Digest of 29 March, 07:00 Europe/Berlin: 1 alert\n\nrule ferries\n\n1. Fire\n")

    def test_an_empty_digest_says_that_there_was_nothing(self) -> None:
        """Silence that says so can be trusted."""
        title = "Digest of 29 March, 07:00 Europe/Berlin: no alerts"
        nothing = alert(AlertContent(title=title, outlets=()), kind=AlertKind.DIGEST)
        assert digest(nothing, title="").text == (
            f"{title}\nNothing has come for this digest since the last one.\n\nid: h4rb0urferry"
        )

    def test_alarms_need_no_rule_to_stand_under(self) -> None:
        """After an outage they are told with the rest, and alone without any heading."""
        alarm = alert(AlertContent(title="Outlet silent", outlets=()), kind=AlertKind.ALARM)
        assert "about tocsin itself\n\n2. alarm: Outlet silent\n" in digest(told("Fire"), alarm).text
        assert "about" not in digest(alarm, alarm).text

    def test_the_groups_are_there_for_channels_with_a_layout(self) -> None:
        """Rule, number and items; all items, in the order of the groups."""
        first, then = told("Fire", story="f"), told("Fire!", story="f", kind=AlertKind.UPDATE, minutes=3)
        shown = digest(then, first, told("Strike"))
        assert [(one.number, one.rule, len(one.items)) for one in shown.groups] == [
            (1, "ferries", 2),
            (2, "ferries", 1),
        ]
        assert [one.alert.content.title for one in shown.groups[0].items] == ["Fire", "Fire!"]
        assert tuple(one for group in shown.groups for one in group.items) == shown.items


class TestRollUp:
    def test_it_counts_shows_five_and_says_where_the_rest_is(self) -> None:
        """Two hundred titles at once tell nobody anything; programs get them all."""
        alerts = [told(f"Match {number}", rule="a" if number % 4 else "b", minutes=number) for number in range(200)]
        shown = digest(*alerts, title="200 alerts, told together", hold=Hold.THROTTLE)
        assert shown.text.startswith("200 alerts, told together\na: 150, b: 50\n\nrule a\n\n1. Match 199\n")
        assert len(titles(shown)) == len(shown.groups) == SHOWN_OF_ROLL_UP
        assert shown.text.endswith("\n\nand 195 more: tocsin alerts list\n\nid: h4rb0urferry")
        assert len(shown.items) == 200
        assert shown.more == 195


class TestShorter:
    def test_the_first_of_them_names_everything_in_brief(self) -> None:
        """Title and link, and nothing is missing yet."""
        shown = digest(told("Fire"), told("Strike"))
        assert starred(shown.shorter[0]) == (
            f"{DIGEST}\n\n1. Fire\nhttps://harbour.example/4\n2. Strike\nhttps://harbour.example/6\n\nid: h4rb0urferry"
        )

    @settings(deadline=None)
    @given(st.lists(st.sampled_from(range(len(TITLES))), min_size=2, max_size=40))
    def test_each_is_shorter_and_says_how_much_is_missing(self, picked: list[int]) -> None:
        """Whatever the titles are: down to one entry, and each with its headline, whole links and id."""
        shown = digest(*(told(TITLES[one], story=str(place)) for place, one in enumerate(picked)))
        lengths = [len(shown.text), *(len(joined(form)) for form in shown.shorter)]
        assert lengths == sorted(lengths, reverse=True)
        links = {one.alert.content.link for one in shown.items}
        for form in shown.shorter:
            lines = joined(form).split("\n")
            assert (lines[0], lines[-1]) == (DIGEST, "id: h4rb0urferry")
            kept = sum(line.startswith("https://") for line in lines)
            assert {line for line in lines if line.startswith("https://")} <= links
            assert (f"and {len(picked) - kept:,} more: tocsin alerts list" in lines) == (kept < len(picked))
        assert len(joined(shown.shorter[-1])) < 1_000

    def test_the_short_form_of_a_digest_keeps_its_headline(self) -> None:
        """For a channel that refused more."""
        shown = digest(*(told(f"Match {number}") for number in range(30)), form=Form.SHORT)
        assert shown.text.startswith(f"{DIGEST}\n1. Match 0\n")
        assert len(shown.text) <= LONGEST_SHORT_TEXT


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(range(len(TITLES))), min_size=1, max_size=8), st.sampled_from(Hold), st.sampled_from(Form)
)
def test_no_title_breaks_a_digest(picked: list[int], hold: Hold, form: Form) -> None:
    """No control character, no forged line, and no length breaks the frame; nor does a title of the digest's own."""
    alerts = [told(TITLES[one], story=str(place)) for place, one in enumerate(picked)]
    shown = digest(*alerts, title=TITLES[picked[0]], hold=hold, form=form)
    assert len(shown.subject) <= LONGEST_SUBJECT
    assert "\n" not in shown.subject
    assert shown.text.count("\nid: ") == 1
    for character in shown.subject + shown.text:
        assert character == "\n" or (character >= " " and not "\x7f" <= character <= "\x9f")
        assert character not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029\ud800"


def test_a_message_of_many_holds_every_one_of_them() -> None:
    """After an outage: R10 wants them all in one message."""
    one: Message = message(*(told(f"Match {number}") for number in range(200)))
    shown = render(one, now=NOW)
    assert len(titles(shown)) == 200
    assert shown.subject == "200 alerts: Match 0"
