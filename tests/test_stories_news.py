"""What new words of a story change: figures, corrections, withdrawals; and everything else that changes nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.entries import Text
from monitor.stories.marks import Mark, marks_of
from monitor.stories.news import changes


def said(*titles: str) -> list[Text]:
    return [Text(title=title) for title in titles]


def news(*titles: str, revises: str = "") -> list[str]:
    """What the last headline changes, after the others."""
    previous = Text(title=revises) if revises else None
    return [change.words for change in changes(said(*titles[:-1]), Text(title=titles[-1]), previous)]


GROWN = (
    ("Strike kills 3", "Strike kills 30", "killed: 3, now 30"),
    ("3 dead in blast", "At least 30 killed in blast", "killed: 3, now 30"),
    ("Три человека погибли", "Погибли 30 человек", "killed: 3, now 30"),
    ("Троє загинули", "Кількість загиблих зросла до 12", "killed: 3, now 12"),
    ("Drei Tote bei Brand", "Mindestens 30 Tote bei Brand", "killed: 3, now 30"),
    ("3 killed", "Dozens killed", "killed: 3, now dozens"),
    ("Dozens killed", "Hundreds killed", "killed: dozens, now hundreds"),
    ("Dozens killed", "120 killed", "killed: dozens, now 120"),
    ("Fire: 900 displaced, 1,200 homes burnt", "Fire burns 4,000 homes", "homes: 1,200, now 4,000"),
    ("Magnitude 6.1 quake hits coast", "Magnitude 6.3 quake hits coast", "magnitude: 6.1, now 6.3"),
    ("Turnout reaches 10 percent at noon", "Turnout reaches 12 % at noon", "figure: 10 %, now 12 %"),
    ("Duties of 25% on steel announced", "Duties of 15% on steel announced", "figure: 25 %, now 15 %"),
)


@pytest.mark.parametrize(("before", "after", "words"), GROWN, ids=[after for _, after, _ in GROWN])
def test_a_figure_that_grew_is_news(before: str, after: str, words: str) -> None:
    """In whatever words and language; both figures are told."""
    assert news(before, after) == [words]


def test_figures_of_one_hour_differ_by_one_and_are_no_news_until_it_is_enough() -> None:
    """By a quarter, and by two at least; steps that were too small add up."""
    assert news("3 dead", "4 dead") == []
    assert news("3 dead", "4 dead", "5 dead") == ["killed: 3, now 5"]
    assert news("40 dead", "49 dead") == []
    assert news("40 dead", "49 dead", "50 dead") == ["killed: 40, now 50"]
    assert news("Magnitude 6.1 quake", "Magnitude 6.2 quake") == []
    assert news("Turnout reaches 10 %", "Turnout reaches 10.5 %") == []


def test_a_figure_that_was_said_is_never_news_again() -> None:
    """Whoever says it; nor is an older one that comes late."""
    assert news("3 dead", "30 dead", "30 killed in blast") == []
    assert news("3 dead", "30 dead", "Death toll at 12") == []
    assert news("Dozens killed", "30 killed") == []
    lead = Text(title="Blast", summary="Some hours passed. Officials spoke of 30 dead and 3 missing.")
    assert changes([*said("3 dead"), lead], Text(title="Blast kills 30")) == ()


def test_the_first_figure_of_a_thing_is_no_change() -> None:
    """It tells more, but nothing else than before."""
    assert news("Blast in market", "Blast in market kills 30") == []
    assert news("Blast kills 3", "Blast kills 3, injures 40") == []
    assert news("Turnout reaches 10 %", "Bank keeps rate at 4 % after vote") == []


def test_a_figure_goes_down_where_its_publisher_takes_it_back() -> None:
    """In a revision of like words, or in a correction by however little; another outlet's smaller figure is old."""
    before, after = "More than 60 dead after bus crash", "More than 40 dead after bus crash"
    assert news(before, after) == []
    assert news(before, after, revises=before) == ["killed: 60, now 40"]
    assert news(before, "59 dead after bus crash", revises=before) == []
    assert news(before, "Correction: 59 dead after bus crash") == ["marked as a correction", "killed: 60, now 59"]
    elsewhere = "Typhoon reaches next country, killing 2"
    assert news("Typhoon leaves 114 dead", elsewhere, revises="Typhoon leaves 114 dead") == []


NO_NEWS = (
    ("Summit of 3 March ends", "Summit of 4 March ends"),
    ("Talks resume at 10:30", "Talks resume at 11:30"),
    ("Strike kills 3", "Kills 3: strike"),
    ("Strike kills 3", "Three killed in strike"),
    ("Home side leads 1-0", "Home side leads 3-0"),
    ("5 things to know about the storm", "12 things to know about the storm"),
    ("Budget of $3 million passes", "Budget of $30 million passes"),
    ("Man, 30, killed", "Man, 45, killed"),
    ("Storm nears coast", "Storm nears coast, thousands watch"),
)


@pytest.mark.parametrize(("before", "after"), NO_NEWS, ids=[after for _, after in NO_NEWS])
def test_dates_order_scores_and_other_words_are_no_news(before: str, after: str) -> None:
    """Also as a revision."""
    assert news(before, after) == []
    assert news(before, after, revises=before) == []


CORRECTIONS = (
    "Correction: Ferry sinks off coast",
    "CORRECTED-Ferry sinks off coast",
    "UPDATE 2-CORRECTED-Ferry sinks off coast",
    "Ferry sinks off coast (corrected)",
    "[Clarification] Ferry sinks off coast",
    "Исправление: паром затонул",
    "Паром затонул (уточнение)",
    "Виправлення: пором затонув",
    "Korrektur: Fähre gesunken",
)
CORRECTED_LEADS = (
    "(Corrects paragraph 3 to say that it was a ferry) A ferry sank.",
    "A ferry sank. Correction: An earlier version misnamed the port.",
    "A ferry sank. This story has been corrected to name the port.",
    "A ferry sank. An earlier version of this article was corrected.",
    "Паром затонул. В текст внесены исправления.",
    "Die Fähre sank. Dieser Artikel wurde korrigiert.",
)
WITHDRAWALS = (
    "RETRACTED: Ferry sinks off coast",
    "WITHDRAWN - Ferry sinks off coast",
    "KILL: Ferry sinks off coast",
    "MANDATORY KILL: Ferry",
    "ADVISORY: The story on the ferry is withdrawn",
    "Ferry sinks off coast [retracted]",
    "Отозвано: паром затонул",
    "Відкликано: пором затонув",
)
WITHDRAWN_LEADS = (
    "This story has been withdrawn.",
    "The article was retracted after an inquiry.",
    "STORY WITHDRAWN: the source was false.",
    "Сообщение отозвано редакцией.",
    "Die Meldung wurde zurückgezogen.",
)
NO_MARKS = (
    "Government announces correction of budget figures",
    "Markets brace for a correction",
    "Correction officers strike in Ohio",
    "Court seeks clarification of rules",
    "Bill withdrawn after protests",
    "Senator retracts remark",
    "Kill: a thriller from Jakarta",
    "Kill the lights: power cuts in Kyiv",
    "Troops withdrawn from border",
    "Advisory: heavy rain expected",
    "Правительство внесло исправления в бюджет",
)


def test_a_piece_that_is_marked_as_corrected_is_told_so() -> None:
    """By a label of the headline or a note below it."""
    for title in CORRECTIONS:
        assert marks_of(Text(title=title)) == {Mark.CORRECTION}, title
    for lead in CORRECTED_LEADS:
        assert marks_of(Text(title="Ferry", summary=lead)) == {Mark.CORRECTION}, lead
    assert news("Ferry sinks", "Correction: Ferry sinks") == ["marked as a correction"]


def test_a_piece_that_is_withdrawn_is_told_so() -> None:
    """Wires call it a kill."""
    for title in WITHDRAWALS:
        assert marks_of(Text(title=title)) == {Mark.WITHDRAWAL}, title
    for lead in WITHDRAWN_LEADS:
        assert marks_of(Text(title="Ferry", summary=lead)) == {Mark.WITHDRAWAL}, lead
    assert news("Ferry sinks", "KILL: Ferry sinks") == ["marked as withdrawn"]


def test_news_of_corrections_and_withdrawals_bears_no_mark() -> None:
    """It is about somebody else."""
    for title in NO_MARKS:
        assert marks_of(Text(title=title, summary=title)) == frozenset(), title


def test_a_mark_counts_once_for_a_story() -> None:
    """Those who copy a corrected piece copy its mark; a withdrawal is another matter."""
    assert news("Ferry sinks", "Correction: Ferry sinks", "Ferry sinks (corrected)") == []
    assert news("Correction: Ferry sinks", "RETRACTED: Ferry sinks") == ["marked as withdrawn"]


WORDS = (
    "kills 3 30 dead injured three dozens of in Kharkiv strike Monday 5 % 10:30 2014 погибли 12 missing - , correction:"
)
HEADLINES = st.lists(st.sampled_from(WORDS.split()), max_size=8).map(" ".join)


@given(st.lists(HEADLINES, max_size=5), HEADLINES)
def test_what_was_told_once_is_never_told_again(titles: list[str], title: str) -> None:
    """Neither by the same words nor by these in another outlet later on."""
    told = changes(said(*titles), Text(title=title))
    assert len({change.key for change in told}) == len(told)
    assert changes(said(*titles, title), Text(title=title)) == ()
    assert changes(said(*titles, title, *titles), Text(title=title)) == ()


@given(st.lists(HEADLINES, max_size=5), HEADLINES, st.integers(1, 28), st.integers(1, 28))
def test_a_date_that_moved_is_nothing(titles: list[str], title: str, day: int, other: int) -> None:
    """Whatever stands before it."""
    before, after = f"{title}, {day} March 2026", f"{title}, {other} March 2026"
    assert changes(said(*titles, before), Text(title=after), Text(title=before)) == ()


@given(st.lists(st.text(), max_size=4), st.text(), st.text())
def test_whatever_is_said_is_compared(titles: list[str], title: str, summary: str) -> None:
    """And a change has a key and words."""
    for change in changes(said(*titles), Text(title=title, summary=summary), Text(title=summary)):
        assert change.key
        assert change.words


@pytest.mark.parametrize(
    "words", ["9" * 10_000, "1 000" * 5_000, "3 " * 20_000, "(corrected" * 20_000, "٣ killed", "vor a " * 9_000]
)
def test_whatever_a_feed_makes_up_costs_little(words: str) -> None:
    """Only the beginning is looked at; numbers without end are numbers."""
    for before in (words, "3 killed, 5 % of all"):
        assert len(changes(said(*[before] * 40), Text(title=f"{words} killed", summary=words))) <= 1
