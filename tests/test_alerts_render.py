"""`alerts.render` and `alerts.passages`: what a reader sees, and what a hostile title cannot do to him."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.passages import (
    LONGEST_PASSAGE,
    MOST_PASSAGES,
    mark_title,
    matched_words,
    passages,
)
from monitor.alerts.render import LONGEST_SHORT_TEXT, render
from monitor.alerts.telling import LONGEST_SUBJECT
from monitor.channels.letter_html import html
from monitor.model.alerts import (
    Alert,
    AlertContent,
    AlertKind,
    Form,
    Marked,
    Message,
    MessageId,
    Passage,
    PublicId,
    Rendered,
)
from monitor.model.entries import Text
from monitor.model.rules import Evidence, Priority
from monitor.text.cutting import word_end

NOW = datetime(2026, 11, 22, 23, 10, tzinfo=UTC)
SEEN = NOW - timedelta(minutes=2)
PUBLISHED = datetime(2026, 11, 22, 23, 5, 59, tzinfo=UTC)

TITLE = "Ferry strike ends as harbour talks succeed"
SUMMARY = "The strike that closed the northern harbour for nine days is over."
BODY = (
    "Crews went back to work at dawn. Both sides had met in a school on the island, far from cameras, and signed "
    "shortly after midnight. The mayor thanked them and said that the harbour would open before noon, that the "
    "first boats were being loaded, and that nobody would lose a day's pay for the strike. Fishermen were less glad."
)


def found(text: Text, field: str, words: str, part: str = "", nth: int = 0) -> Evidence:
    """Evidence for the nth place where `words` stand in a field."""
    whole: str = getattr(text, field)
    start = -1
    for _ in range(nth + 1):
        start = whole.index(words, start + 1)
    return Evidence(field=field, start=start, end=start + len(words), part=part or words.lower())


def content(text: Text | None = None, *evidence: Evidence) -> AlertContent:
    words = text or Text(title=TITLE, summary=SUMMARY, body=BODY)
    return AlertContent(
        title=words.title,
        outlets=("Harbour Post",),
        link="https://harbour.example/ferry",
        rule="ferries",
        published_at=PUBLISHED,
        text=words,
        evidence=evidence,
    )


def alert(said: AlertContent | None = None, *, kind: AlertKind = AlertKind.FIRST, name: str = "a1") -> Alert:
    return Alert(
        kind=kind,
        dedupe_key=name,
        public_id=PublicId(name),
        priority=Priority.NORMAL,
        at=SEEN,
        content=said or content(),
        channels=("desk",),
    )


def message(*alerts: Alert, form: Form = Form.FULL) -> Message:
    return Message(
        id=MessageId(1),
        public_id=PublicId("h4rb0urferry"),
        channel="desk",
        alerts=alerts,
        created_at=SEEN,
        form=form,
    )


def rendered(said: AlertContent, *, form: Form = Form.FULL) -> Rendered:
    return render(message(alert(said), form=form), now=NOW)


def joined(pieces: tuple[Marked, ...]) -> str:
    return "".join(piece.words for piece in pieces)


def marked(pieces: tuple[Marked, ...]) -> list[str]:
    return [piece.words for piece in pieces if piece.is_match]


words = st.text(alphabet="ab д\n\t漢\u0301.…*\x1b\u202e", max_size=400)
offsets = st.integers(min_value=-5, max_value=420)
fields = st.sampled_from(["title", "summary", "body", "outlet", "tag"])
evidences = st.lists(
    st.builds(Evidence, field=fields, start=offsets, end=offsets, part=st.sampled_from(["x", "y", "z"])), max_size=12
)
texts = st.builds(Text, title=words, summary=words, body=words)


class TestPassages:
    def test_the_title_is_marked_where_it_matched(self) -> None:
        """The reader sees at once which words rang the bell."""
        text = Text(title=TITLE)
        said = content(text, found(text, "title", "strike"), found(text, "title", "Ferry"))
        assert mark_title(said) == (
            Marked(words="Ferry", is_match=True),
            Marked(words=" "),
            Marked(words="strike", is_match=True),
            Marked(words=" ends as harbour talks succeed"),
        )

    def test_overlapping_and_touching_evidence_is_one_mark(self) -> None:
        """Two parts of a query that meet in the text are shown as one stretch."""
        text = Text(title=TITLE)
        said = content(
            text, found(text, "title", "harbour talks"), found(text, "title", "talks suc"), found(text, "title", "ceed")
        )
        assert marked(mark_title(said)) == ["harbour talks succeed"]

    @pytest.mark.parametrize(("start", "end"), [(-3, 4), (5, 5), (6, 2), (40, 99), (900, 905)])
    def test_evidence_outside_the_text_is_passed_over(self, start: int, end: int) -> None:
        """An alert whose words were lost is still told."""
        one = Evidence(field="title", start=start, end=end, part="strike")
        assert mark_title(content(Text(title=TITLE), one)) == (Marked(words=TITLE),)

    def test_a_title_that_is_not_the_entrys_is_left_unmarked(self) -> None:
        """Evidence counts in the entry's title; if the alert has another, the match is shown as a passage."""
        text = Text(title=TITLE)
        said = replace(content(text, found(text, "title", "strike")), title="3 stories about ferries")
        assert mark_title(said) == (Marked(words="3 stories about ferries"),)
        assert [(one.field, joined(one.pieces), marked(one.pieces)) for one in passages(said)] == [
            ("title", TITLE, ["strike"])
        ]

    def test_a_match_is_shown_in_its_context_cut_at_words(self) -> None:
        """About eighty characters on each side, whole words, dots where something was left out."""
        text = Text(title=TITLE, body=BODY)
        (passage,) = passages(content(text, found(text, "body", "mayor")))
        assert passage == Passage(
            field="body",
            pieces=(
                Marked(words="… "),
                Marked(words="school on the island, far from cameras, and signed shortly after midnight. The "),
                Marked(words="mayor", is_match=True),
                Marked(words=" thanked them and said that the harbour would open before noon, that the first"),
                Marked(words=" …"),
            ),
        )

    def test_a_short_field_is_shown_whole(self) -> None:
        """No dots where nothing is missing."""
        text = Text(title=TITLE, summary=SUMMARY)
        (passage,) = passages(content(text, found(text, "summary", "strike")))
        assert joined(passage.pieces) == SUMMARY

    def test_matches_near_each_other_share_a_passage(self) -> None:
        """One sentence is not quoted twice."""
        text = Text(title=TITLE, body=BODY)
        said = content(text, found(text, "body", "school"), found(text, "body", "midnight"))
        (passage,) = passages(said)
        assert marked(passage.pieces) == ["school", "midnight"]

    def test_neighbours_too_long_for_one_passage_do_not_overlap(self) -> None:
        """No word is quoted twice, and no match stands unmarked in the context of another."""
        body = " ".join(f"word{number:03}" for number in range(120))
        text = Text(title=TITLE, body=body)
        picked = [found(text, "body", f"word{number:03}", part=str(number)) for number in (20, 35, 52, 53)]
        shown = passages(content(text, *picked))
        quoted = " ".join(joined(one.pieces) for one in shown).replace("…", " ").split()
        assert len(quoted) == len(set(quoted))
        assert [word for one in shown for word in marked(one.pieces)] == ["word020", "word035", "word052", "word053"]

    def test_what_was_not_shown_yet_is_chosen_first(self) -> None:
        """Of many matches the three that show the most of the query, in the order of the text."""
        filler = "and the gulls went on crying over the empty quay all through the long grey afternoon " * 4
        body = f"{filler}strike {filler}strike {filler}strike {filler}mayor {filler}strike {filler}pay"
        text = Text(title=TITLE, body=body)
        picked = [found(text, "body", "strike", nth=nth) for nth in range(4)]
        said = content(text, *picked, found(text, "body", "mayor"), found(text, "body", "pay"))
        assert [marked(one.pieces) for one in passages(said)] == [["strike"], ["mayor"], ["pay"]]

    def test_a_summary_that_opens_the_body_is_quoted_once(self) -> None:
        """Many feeds say the same twice."""
        text = Text(title=TITLE, summary=SUMMARY, body=SUMMARY)
        said = content(text, found(text, "summary", "strike"), found(text, "body", "strike"))
        assert [one.field for one in passages(said)] == ["summary"]

    def test_evidence_outside_the_text_gives_words_but_no_passage(self) -> None:
        """A tag is a reason to alert, and nothing to quote."""
        said = content(Text(title=TITLE), Evidence(field="tag", start=0, end=5, part="tag:coast"))
        assert passages(said) == ()
        assert matched_words(said) == ("tag:coast",)

    def test_each_word_is_listed_once_in_reading_order(self) -> None:
        """However often and in whatever case it stands there."""
        text = Text(title="Strike: a strike", summary="STRIKE and mayor")
        said = content(
            text,
            found(text, "summary", "mayor"),
            found(text, "summary", "STRIKE"),
            found(text, "title", "strike"),
            found(text, "title", "Strike"),
        )
        assert matched_words(said) == ("Strike", "mayor")

    def test_a_match_longer_than_a_passage_is_shown_from_its_beginning(self) -> None:
        """A quoted page is still a short passage."""
        text = Text(title=TITLE, body="a " * 400)
        (passage,) = passages(content(text, Evidence(field="body", start=10, end=790, part="x")))
        assert len(joined(passage.pieces)) <= LONGEST_PASSAGE
        assert len(marked(passage.pieces)) == 1

    def test_a_script_without_spaces_is_cut_where_it_stands(self) -> None:
        """Japanese has no words to cut at; a passage still has its context."""
        text = Text(title=TITLE, body="港" * 300 + "罷工" + "港" * 300)
        (passage,) = passages(content(text, found(text, "body", "罷工")))
        assert joined(passage.pieces) == "… " + "港" * 80 + "罷工" + "港" * 80 + " …"

    def test_no_accent_is_cut_from_its_letter(self) -> None:
        """A cut between a letter and its mark would change the letter."""
        letter = "e\u0301\u0323"
        text = Text(title=TITLE, body=letter * 200 + "X" + letter * 200)
        (passage,) = passages(content(text, found(text, "body", "X")))
        assert joined(passage.pieces) == "… " + letter * 26 + "X" + letter * 26 + " …"

    @given(texts, evidences)
    def test_pieces_are_the_text(self, text: Text, evidence: list[Evidence]) -> None:
        """Joined, the title's pieces are the title; every marked piece is a stretch of its field."""
        said = content(text, *evidence)
        assert joined(mark_title(said)) == text.title
        shown = passages(said)
        assert len(shown) <= MOST_PASSAGES
        for passage in shown:
            whole: str = getattr(text, passage.field)
            assert len(joined(passage.pieces)) <= LONGEST_PASSAGE
            assert marked(passage.pieces)
            assert all(piece.words in whole for piece in passage.pieces if piece.is_match)
            assert joined(passage.pieces).removeprefix("… ").removesuffix(" …") in f"{whole} …"

    @given(words, st.integers(min_value=0, max_value=420), st.integers(min_value=0, max_value=420))
    def test_a_cut_stays_within_its_limits(self, text: str, one: int, other: int) -> None:
        """Never beyond where it was asked for, never before the floor."""
        floor, at = sorted((min(one, len(text)), min(other, len(text))))
        assert floor <= word_end(text, at, floor) <= at

    def test_an_address_is_never_cut(self) -> None:
        """Half an address leads somewhere else: it goes whole or not at all."""
        text = "Read https://harbour.example/" + "a" * 100
        assert text[: word_end(text, 60)] == "Read"
        assert text[: word_end(text, len(text))] == text


class TestFull:
    def test_one_alert_says_what_where_when_and_why(self) -> None:
        """Title, outlet and time, rule and words, context, link, id: in this order, each on its line."""
        text = Text(title=TITLE, summary=SUMMARY, body=BODY)
        said = content(text, found(text, "title", "strike"), found(text, "body", "mayor"))
        assert rendered(said).text == (
            "Ferry *strike* ends as harbour talks succeed\n"
            "Harbour Post, 2026-11-22 23:05 UTC\n"
            "why: rule ferries found strike, mayor\n"
            "\n"
            "… school on the island, far from cameras, and signed shortly after midnight. The *mayor* thanked "
            "them and said that the harbour would open before noon, that the first …\n"
            "\n"
            "https://harbour.example/ferry\n"
            "id: h4rb0urferry"
        )

    def test_the_subject_is_the_title(self) -> None:
        """One line, without marks: that is what a phone shows."""
        text = Text(title=TITLE)
        assert rendered(content(text, found(text, "title", "strike"))).subject == TITLE

    def test_other_outlets_are_named_behind_the_first(self) -> None:
        """A few by name, the rest counted."""
        few = replace(content(), outlets=("Harbour Post", "Island Radio", "Coast Wire"))
        assert "Harbour Post, 2026-11-22 23:05 UTC, also in: Island Radio, Coast Wire\n" in rendered(few).text
        many = replace(content(), outlets=tuple(f"Outlet {number}" for number in range(10)))
        assert "also in: Outlet 1, Outlet 2, Outlet 3, Outlet 4, Outlet 5, Outlet 6 and 3 more\n" in rendered(many).text

    def test_an_undated_entry_says_when_it_was_seen(self) -> None:
        """A time is always there, and says which time it is."""
        assert "Harbour Post, seen 2026-11-22 23:08 UTC\n" in rendered(replace(content(), published_at=None)).text

    def test_late_news_is_marked(self) -> None:
        """Nobody shall take an old story for a new one."""
        old = replace(content(), is_late=True, published_at=datetime(2026, 10, 1, 7, 0, tzinfo=UTC))
        assert "\nlate: published 2026-10-01 07:00 UTC\n" in rendered(old).text
        assert "\nlate: published long ago\n" in rendered(replace(old, published_at=None)).text

    def test_a_message_that_waited_says_so(self) -> None:
        """After an outage the reader knows that this is not of this minute."""
        one = message(alert())
        assert "delayed" not in render(one, now=NOW).text
        assert "\ndelayed: seen 2026-11-22 23:08 UTC\n" in render(one, now=NOW + timedelta(hours=5)).text

    def test_a_message_that_is_sent_once_more_says_so(self) -> None:
        """Whoever reads it twice must not wonder why; alone or as one of several."""
        again = "\nagain: it was sent before, and somebody wants it sent once more\n"
        for one in (message(alert()), message(alert(), alert())):
            assert again not in render(one, now=NOW).text
            assert again in render(replace(one, is_repeat=True), now=NOW).text

    @pytest.mark.parametrize(
        ("kind", "lead"),
        [
            (AlertKind.FIRST, ""),
            (AlertKind.TEST, "test alert: "),
            (AlertKind.UPDATE, "update: "),
            (AlertKind.SPREAD, "spreading: "),
            (AlertKind.BURST, "burst: "),
            (AlertKind.ALARM, "alarm: "),
        ],
    )
    @pytest.mark.parametrize("form", Form)
    def test_what_is_no_first_alert_is_named(self, kind: AlertKind, lead: str, form: Form) -> None:
        """A test is never taken for news."""
        shown = render(message(alert(kind=kind), form=form), now=NOW)
        assert shown.kind is kind
        assert shown.subject == lead + TITLE
        assert shown.text.startswith(lead + TITLE)

    @pytest.mark.parametrize("form", Form)
    def test_an_update_says_first_what_changed(self, form: Form) -> None:
        """And names the alert that it goes on from."""
        said = replace(content(), follows="f1rst", changes=("killed: 3, now 30", "marked as a correction"))
        shown = render(message(alert(said, kind=AlertKind.UPDATE), form=form), now=NOW)
        assert shown.subject == f"correction: killed: 3, now 30 — {TITLE}"
        assert shown.text.startswith(shown.subject)
        assert ("\nfollows: alert f1rst\n" in shown.text) is (form is Form.FULL)

    def test_very_many_changes_leave_room_for_the_title(self) -> None:
        """In the subject of a mail, and on a phone."""
        changes = tuple(f"killed: {number}, now {number + 1}" for number in range(40))
        said = replace(content(), follows="f1rst", changes=changes)
        shown = render(message(alert(said, kind=AlertKind.UPDATE), form=Form.SHORT), now=NOW)
        assert f"… — {TITLE}" in shown.subject
        assert len(shown.text) <= LONGEST_SHORT_TEXT

    def test_what_has_spread_says_how_far(self) -> None:
        """A first alert likewise, where so many have it already."""
        said = replace(content(), outlets=("Harbour Post", "Island Radio", "Wire"), spread=3)
        spread = render(message(alert(replace(said, follows="f1rst"), kind=AlertKind.SPREAD)), now=NOW)
        assert spread.subject == f"now in 3 outlets: {TITLE}"
        assert ", also in: Island Radio, Wire\nfollows: alert f1rst\n" in spread.text
        first = render(message(alert(said)), now=NOW)
        assert first.subject == TITLE
        assert ", also in: Island Radio, Wire\nnow in 3 outlets\n" in first.text

    def test_an_alarm_without_rule_link_or_outlet_has_no_empty_lines_for_them(self) -> None:
        """What is not there is not mentioned."""
        said = AlertContent(title="Outlet silent: Island Radio", outlets=())
        assert render(message(alert(said, kind=AlertKind.ALARM)), now=NOW).text == (
            "alarm: Outlet silent: Island Radio\nseen 2026-11-22 23:08 UTC\n\nid: h4rb0urferry"
        )

    def test_a_note_that_something_is_over_is_no_alarm(self) -> None:
        """It says so itself."""
        said = AlertContent(title="over: channel desk takes messages again", outlets=("tocsin",))
        shown = render(message(alert(said, kind=AlertKind.ALARM)), now=NOW)
        assert shown.subject == "over: channel desk takes messages again"
        assert 'class="kind"' not in html(shown)

    def test_an_entry_without_a_title_has_one_line_for_it(self) -> None:
        """The first line is never empty."""
        shown = rendered(content(Text(title=" \x00\n")))
        assert shown.subject == "(no title)"
        assert shown.text.startswith("(no title)\n")

    def test_many_words_are_counted(self) -> None:
        """A rule that finds fifty words does not fill the screen with them."""
        many = [Evidence(field="tag", start=0, end=1, part=f"tag:{number}") for number in range(50)]
        assert "tag:7 and 42 more\n" in rendered(content(Text(title=TITLE), *many)).text

    def test_the_pieces_are_the_text_without_marks(self) -> None:
        """A channel that can highlight needs no second layout."""
        text = Text(title=TITLE, body=BODY)
        shown = rendered(content(text, found(text, "title", "strike"), found(text, "body", "mayor")))
        assert joined(shown.pieces) == shown.text.replace("*", "")
        assert marked(shown.pieces) == ["strike", "mayor"]

    def test_the_parts_come_with_the_text(self) -> None:
        """Items carry the alert, its marked title, its passages and its words."""
        text = Text(title=TITLE, body=BODY)
        said = content(text, found(text, "body", "mayor"))
        (item,) = rendered(said).items
        assert (item.alert.content, item.title, item.passages, item.matched) == (
            said,
            mark_title(said),
            passages(said),
            ("mayor",),
        )


class TestDigest:
    def test_several_alerts_are_numbered(self) -> None:
        """Each with its title, outlet, reason and link; one id for all, for they are one message."""
        text = Text(title="Mayor to sail on first boat")
        second = alert(content(text, found(text, "title", "Mayor")), name="a2", kind=AlertKind.UPDATE)
        shown = render(message(alert(), second), now=NOW + timedelta(hours=9))
        assert shown.subject == f"2 alerts: {TITLE}"
        assert shown.kind is AlertKind.FIRST
        assert shown.text == (
            "2 alerts\n"
            "\n"
            "rule ferries\n"
            "\n"
            f"1. {TITLE}\n"
            "Harbour Post, 2026-11-22 23:05 UTC\n"
            "https://harbour.example/ferry\n"
            "\n"
            "2. update: *Mayor* to sail on first boat\n"
            "Harbour Post, 2026-11-22 23:05 UTC\n"
            "found: Mayor\n"
            "https://harbour.example/ferry\n"
            "\n"
            "id: h4rb0urferry"
        )

    def test_every_alert_of_a_backlog_is_there(self) -> None:
        """A digest after an outage holds them all."""
        shown = render(message(*(alert(name=f"a{number}") for number in range(200))), now=NOW)
        assert f"\n200. {TITLE}\n" in shown.text
        assert len(shown.items) == 200


class TestShort:
    def test_the_short_form_is_title_link_and_id(self) -> None:
        """What a channel takes that took no more."""
        text = Text(title=TITLE, body=BODY)
        shown = rendered(content(text, found(text, "title", "strike"), found(text, "body", "mayor")), form=Form.SHORT)
        assert shown.text == f"{TITLE}\nhttps://harbour.example/ferry\nid: h4rb0urferry"
        (item,) = shown.items
        assert (joined(item.title), item.passages, item.matched) == (TITLE, (), ())

    def test_a_link_too_long_for_it_is_left_out_whole(self) -> None:
        """Half a link leads somewhere else."""
        shown = rendered(replace(content(), link="https://harbour.example/" + "x" * 380), form=Form.SHORT)
        assert shown.text == f"{TITLE}\n(the link is left out: it has 404 characters)\nid: h4rb0urferry"

    def test_of_many_alerts_the_first_are_named_and_the_rest_counted(self) -> None:
        """The reader knows what he was not shown."""
        shown = render(message(*(alert(name=f"a{number}") for number in range(30)), form=Form.SHORT), now=NOW)
        assert shown.text.startswith(f"30 alerts\n1. {TITLE}\nhttps://harbour.example/ferry\n2. {TITLE}\n")
        assert shown.text.endswith("\nand 26 more\nid: h4rb0urferry")
        assert len(shown.text) <= LONGEST_SHORT_TEXT

    @given(st.lists(st.tuples(words, st.text(max_size=500)), min_size=1, max_size=40))
    def test_it_never_exceeds_its_length(self, entries: list[tuple[str, str]]) -> None:
        """Whatever titles and links there are; and every link in it is whole."""
        alerts = [
            alert(replace(content(Text(title=title)), link=f"https://x.example/{path}" if path else ""))
            for title, path in entries
        ]
        shown = render(message(*alerts, form=Form.SHORT), now=NOW)
        assert len(shown.text) <= LONGEST_SHORT_TEXT
        assert "\nid: h4rb0urferry" in shown.text
        full = render(message(*alerts), now=NOW).text.split("\n")
        assert all(line in full for line in shown.text.split("\n") if line.startswith("https://x.example/"))


HOSTILE = [
    "@everyone look",
    "<!channel> look",
    "*bold* _thin_ [here](https://bad.example)",
    "two\r\nlines\nid: forged",
    "red \x1b[31malert\x1b[0m\x07 \x9b31m",
    "exe.\u202efdp.txt \u2066x\u2069",
    "lone \ud800 half, NUL \x00, line\u2028paragraph\u2029",
    "x" * 10_000,
    "word " * 2_000,
]


class TestHostileText:
    @pytest.mark.parametrize("title", HOSTILE)
    @pytest.mark.parametrize("form", Form)
    def test_a_title_stays_one_visible_line(self, title: str, form: Form) -> None:
        """No control character, no line end, no override passes, and no length breaks the frame."""
        shown = rendered(content(Text(title=title)), form=form)
        assert len(shown.subject) <= LONGEST_SUBJECT
        assert "\n" not in shown.subject
        assert len(shown.text) < 1000
        assert shown.text.count("\nid: ") == 1
        for character in shown.subject + shown.text:
            assert character == "\n" or (character >= " " and not "\x7f" <= character <= "\x9f")
            assert character not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029\ud800"

    def test_pings_and_markup_stand_as_they_came(self) -> None:
        """Text is data: it is neither obeyed nor rewritten."""
        assert rendered(content(Text(title=HOSTILE[0]))).subject == HOSTILE[0]
        assert rendered(content(Text(title=HOSTILE[1]))).subject == HOSTILE[1]
        assert rendered(content(Text(title=HOSTILE[2]))).subject == HOSTILE[2]

    def test_lines_collapse(self) -> None:
        """A title cannot forge a line of ours."""
        assert rendered(content(Text(title=HOSTILE[3]))).subject == "two lines id: forged"

    def test_a_long_title_keeps_its_marks(self) -> None:
        """It is cut in the text, not in the parts."""
        title = "strike " * 200
        shown = rendered(content(Text(title=title), Evidence(field="title", start=0, end=6, part="strike")))
        assert shown.text.startswith("*strike* strike strike")
        assert len(shown.text.split("\n", maxsplit=1)[0]) <= 302
        assert joined(shown.items[0].title) == title

    @pytest.mark.parametrize(
        ("link", "shown"),
        [
            ("https://x.example/a b\r\nid: forged", "https://x.example/a%20b%0D%0Aid:%20forged"),
            ("https://x.example/\u202egnp", "https://x.example/%E2%80%AEgnp"),
            ("https://x.example/\ud800", "https://x.example/%3F"),
            ("https://x.example/новости", "https://x.example/новости"),
        ],
    )
    def test_a_link_stays_one_word(self, link: str, shown: str) -> None:
        """What would end or disguise it is percent-encoded; the rest is left as it is."""
        assert f"\n{shown}\n" in rendered(replace(content(), link=link)).text

    def test_an_endless_link_is_left_out(self) -> None:
        """No channel takes it; that it was there is said."""
        text = rendered(replace(content(), link="https://x.example/" + "a" * 9_000)).text
        assert "\n(the link is left out: it has 9018 characters)\n" in text

    @given(texts, evidences, st.sampled_from(Form))
    def test_nothing_breaks_it(self, text: Text, evidence: list[Evidence], form: Form) -> None:
        """Any text with any evidence gives a subject, a text with its id, and one item."""
        shown = rendered(content(text, *evidence), form=form)
        assert 0 < len(shown.subject) <= LONGEST_SUBJECT
        assert shown.text.endswith("\nid: h4rb0urferry")
        assert not set("\x1b\t\u202e") & set(shown.text)
        assert len(shown.items) == 1
