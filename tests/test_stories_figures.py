"""Which number of a headline counts what, and which count nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.entries import Text
from monitor.stories.figures import FigureReader, Figures
from monitor.stories.numerals import pieces


def stated(text: Text) -> Figures:
    return FigureReader().stated(text)


def mentioned(text: Text) -> Figures:
    return FigureReader().mentioned(text)


COUNTED = (
    ("Strike on Kharkiv kills 30", {"killed": "30"}),
    ("3 dead in blast at fireworks factory", {"killed": "3"}),
    ("At least 30 people were killed in the blast", {"killed": "30"}),
    ("Blast kills at least thirty-two", {"killed": "32"}),
    ("30 Palestinians killed in Gaza", {"killed": "30"}),
    ("3 killed 40 injured in blast", {"killed": "3", "injured": "40"}),
    ("Bus crash kills 3 and injures 40", {"killed": "3", "injured": "40"}),
    ("Death toll in valley floods rises from 20 to 95", {"killed": "95"}),
    ("Death toll: 30", {"killed": "30"}),
    ("Number of injured in Kyiv attack climbs to 41", {"injured": "41"}),
    ("Dozens hurt as stand collapses", {"injured": "dozens"}),
    ("Flood displaces 1.2 million", {"evacuated": "1,200,000"}),
    ("1,200 homes destroyed by fire", {"homes": "1,200"}),
    ("1 200 человек эвакуированы из города", {"evacuated": "1,200"}),
    ("Police arrest 83 over riots", {"detained": "83"}),
    ("Magnitude 6.1 quake hits coast", {"magnitude": "6.1"}),
    ("6.3-magnitude quake hits coast", {"magnitude": "6.3"}),
    ("Землетрясение магнитудой 5,4 произошло в Турции", {"magnitude": "5.4"}),
    ("Turnout reaches 12 % at noon", {"percent": "12"}),
    ("Turnout reaches 12 per cent at noon", {"percent": "12"}),
    ("Russia launches 140 drones overnight", {"drones": "140"}),
    ("Число погибших при ударе по Харькову выросло до 30", {"killed": "30"}),
    ("При ударе погибли трое, ранены 12 человек", {"killed": "3", "injured": "12"}),
    ("Погибли не менее двадцати двух человек", {"killed": "22"}),
    ("Троє людей загинули, дев'ять поранено", {"killed": "3", "injured": "9"}),
    ("Кількість загиблих зросла до 12", {"killed": "12"}),
    ("Mindestens 30 Tote bei Anschlag", {"killed": "30"}),
    ("Zwölf Menschen verletzt", {"injured": "12"}),
)


@pytest.mark.parametrize(("title", "figures"), COUNTED, ids=[title for title, _ in COUNTED])
def test_a_number_counts_what_stands_by_it(title: str, figures: dict[str, str]) -> None:
    """Before or behind, in figures or in words, in four languages."""
    found = {
        thing: " ".join(amount.words for amount in amounts) for thing, amounts in stated(Text(title=title)).items()
    }
    assert found == figures


NOTHING = (
    "Attack of 3 March remembered by the dead's families",
    "Crash on 12 May: pilot killed",
    "Explosion at 10:30 killed nobody",
    "3-year-old killed by falling tree",
    "Man, 45, killed in crash",
    "Mayor aged 45 killed",
    "Boeing 737 crash: pilot killed",
    "Home side wins 3-1, striker hurt",
    "$30 million killed the deal",
    "Euro falls 3 cents, exporters hurt",
    "5 things to know about the strike",
    "Top 10 injured players of the season",
    "Day 45: dead are counted",
    "The 2nd killed this week",
    "Missing for 3 days",
    "Wounded 12 km from the border",
    "No one hurt in fire",
    "One of the dead was a child",
    "Killed in 2014",
    "Two-thirds killed",
    "Die 30 besten Tipps für den Garten",
    "30 years after attack that killed 45, city remembers",
    "Storm that killed 45 last year returns in memory",
    "На 3 марта назначены похороны погибших",
    "Убит 45-летний мужчина",
)


@pytest.mark.parametrize("title", NOTHING)
def test_dates_times_ages_scores_sums_and_lists_count_nothing(title: str) -> None:
    """Nor does what looks back at another event."""
    assert stated(Text(title=title)) == {}


def test_the_headline_counts_before_the_first_sentence_and_that_before_nothing() -> None:
    """Further below stands what happened before; a percentage counts in the headline alone."""
    lead = "At least 30 people were killed, 40 wounded. It follows an attack that killed 99 in a market."
    assert {thing: one[0].low for thing, one in stated(Text(title="Blast in market", summary=lead)).items()} == {
        "killed": 30,
        "injured": 40,
    }
    both = stated(Text(title="Blast kills 31", summary=lead))
    assert [amount.low for amount in both["killed"]] == [31]
    assert stated(Text(title="Turnout is low", summary="Some 12 % had voted by noon.")) == {}


def test_what_was_mentioned_is_every_figure_there_is() -> None:
    """Also what looks back: it was said."""
    lead = "At least 30 people were killed. It follows an attack that killed 99 last year."
    figures = mentioned(Text(title="Blast kills 31", summary=lead))
    assert {amount.low for amount in figures["killed"]} == {31, 30, 99}


@given(st.text())
def test_whatever_is_read_gives_pieces_and_figures(text: str) -> None:
    """No sentence is too strange."""
    pieces(text)
    assert all(amount.low > 0 for amounts in mentioned(Text(title=text)).values() for amount in amounts)
