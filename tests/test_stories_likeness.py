"""Which entries tell one story, and which only look alike."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.stories.evidence import containment
from monitor.stories.likeness import RELATED, SAME_STORY, SAME_TEXT, Likeness, compare
from monitor.stories.profile import Profile
from monitor.stories.sketch import Sketch
from tests.sketching import headlines_told, sentences, sketched, sketches

ADRIFT = (
    "Ferry Alma adrift off Norvik with 214 on board",
    (
        "The ferry Alma lost her rudder off Norvik in the storm on Monday with 214 people on board. Captain Ingrid "
        "Lindgren dropped anchor near the northern mole, the harbour office said, and two tugs are on their way."
    ),
)
ADRIFT_TOO = (
    "Storm leaves 214 people stuck on ferry near Norvik",
    (
        "Two tugs are on their way to the Alma, a ferry that has dropped anchor close to the northern mole of Norvik "
        "after losing her rudder. None of the 214 on board is hurt, Captain Lindgren told the harbour office."
    ),
)
AGROUND = (
    "Ferry Selma runs aground off Port Brannock",
    (
        "The ferry Selma ran aground off Port Brannock in fog on Thursday with 87 people on board. Captain Tarrant "
        "called for help near the southern light, the coast guard said, and a helicopter is on its way."
    ),
)


def liken(one: Sketch, *story: Sketch) -> Likeness:
    return compare(one, Profile(story))


def headline(text: str) -> Sketch:
    return sketched(text)


def test_two_reports_of_one_event_are_one_story() -> None:
    """Other words, same names, same numbers."""
    verdict = liken(sketched(*ADRIFT), sketched(*ADRIFT_TOO))
    assert verdict.score >= SAME_STORY
    assert not verdict.is_same_text
    assert verdict.reason.startswith("wording 0.")
    assert "numbers agree" in verdict.reason


def test_two_events_of_one_kind_are_two_stories() -> None:
    """Same words, other names, other numbers, another day."""
    verdict = liken(sketched(*AGROUND), sketched(*ADRIFT), sketched(*ADRIFT_TOO))
    assert verdict.score < RELATED
    assert "other numbers" in verdict.reason
    assert "other weekdays" in verdict.reason


def test_a_story_is_recognised_by_any_of_its_entries() -> None:
    story = [sketched(*ADRIFT), sketched(*ADRIFT_TOO)]
    third = sketched(
        "Tugs reach the Alma",
        "Two tugs have reached the ferry Alma off Norvik; Captain Lindgren and 214 people are safe.",
    )
    assert liken(third, *story).score >= SAME_STORY


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Quake hits Chile", "Quake hits Peru"),
        ("Bomb kills 3 in Kabul", "Bomb kills 3 in Quetta"),
        ("Explosions heard in Baghdad", "Explosions heard in Dubai"),
        ("Embassy in Beirut closed until further notice", "Embassy in Kuwait closed until further notice"),
        ("Землетрясение в Чили: погибли трое", "Землетрясение в Перу: погибли трое"),
        ("Вибух у Києві, є поранені", "Вибух у Харкові, є поранені"),
        ("Evening brief, 5 March 2024", "Evening brief, 6 March 2024"),
        ("Siege of Norvik: what happened on day 5", "Siege of Norvik: what happened on day 6"),
        ("Here is the latest", "Here is the latest"),
        ("Mayor of Norvik resigns over ferry inquiry", "Harbour office of Norvik opens terminal"),
    ],
)
def test_headlines_that_differ_in_what_matters_are_two_stories(one: str, other: str) -> None:
    """Place, day, issue; or they share nothing that means anything."""
    assert liken(headline(one), headline(other)).score < SAME_STORY
    assert liken(headline(other), headline(one)).score < SAME_STORY


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bomb kills 3 in Kabul", "Bomb kills 30 in Kabul"),
        ("Bomb kills 3 in Kabul", "Bomb kills three in Kabul"),
        ("Norvik ferry loses rudder in storm", "Ferry loses her rudder in storm off Norvik"),
        ("Взрыв в Кабуле: погибли 3 человека", "При взрыве в Кабуле погибли 30 человек"),
        ("Паром сел на мель у Норвика", "У Норвика сел на мель паром"),
        ("У Норвіку на мілину сів пором Альма", "Пором Альма сів на мілину у Норвіку"),
        ("渡轮阿尔玛号在诺维克港口附近搁浅", "渡轮阿尔玛号在诺维克附近搁浅"),
    ],
)
def test_headlines_of_one_event_are_one_story(one: str, other: str) -> None:
    """Other numbers of one place are an update, not another event."""
    assert liken(headline(one), headline(other)).score >= SAME_STORY
    assert liken(headline(other), headline(one)).score >= SAME_STORY


def test_a_bare_headline_finds_the_story_that_others_tell_at_length() -> None:
    """It is compared with their headlines, since any long text has most of its words."""
    story = sketched(*ADRIFT), sketched(*ADRIFT_TOO)
    assert liken(headline("Ferry Alma adrift off Norvik, 214 on board"), *story).score >= SAME_STORY
    assert liken(headline("Storm: ferry with 214 people stuck near Norvik"), story[1]).score >= SAME_STORY
    assert liken(headline("Captain dropped anchor near mole"), *story).score < SAME_STORY


def test_an_entry_without_a_headline_is_compared_by_what_it_has() -> None:
    short = sketched("", "Ferry Alma adrift off Norvik, 214 on board")
    assert liken(short, sketched("Ferry Alma adrift off Norvik with 214 on board")).score >= SAME_STORY


def test_a_wire_story_cut_down_is_the_same_text() -> None:
    told = [f"wire{at * 37 % 501}" for at in range(160)]
    whole = sketched("Alma adrift", sentences(told[:40]), sentences(told))
    cut = sketched("Ferry trouble", sentences(told[:30]))
    verdict = liken(cut, whole)
    assert verdict.is_same_text
    assert "of the shorter text" in verdict.reason
    assert not liken(sketched("Ferry trouble", sentences(f"own{at}" for at in range(60))), whole).is_same_text


def test_a_quotation_in_two_short_texts_makes_them_no_same_text() -> None:
    """Though it is a fifth of each."""
    quoted = "we shall not leave the ferry before the last passenger has left"
    one = sketched(
        "Captain speaks", f"Lindgren said on the northern mole that {quoted}, and turned to the crew of Alma again."
    )
    other = sketched(
        "Ferry owner replies", f"Asked why the captain had said {quoted}, the owner of the line had no answer today."
    )
    verdict = liken(one, other)
    assert containment(one.view, Profile([other]).sums)[0] >= SAME_TEXT
    assert not verdict.is_same_text


def test_what_an_outlet_writes_under_everything_is_no_shared_text() -> None:
    """Runs of words that are known to say nothing are not looked at."""
    footer = sentences(f"subscribe{at}" for at in range(30))
    one = sketched("Alma adrift", f"{ADRIFT[1]} {footer}")
    other = sketched("Mayor resigns", f"The mayor of Port Brannock resigned today over the price of a bridge. {footer}")
    boilerplate = frozenset(one.view.runs & other.view.runs)
    assert liken(one, other).is_same_text
    assert not compare(one, Profile([other]), boilerplate).is_same_text
    assert compare(one, Profile([other]), boilerplate).score < liken(one, other).score


@pytest.mark.parametrize("words", [60, 150, 400])
def test_a_text_contains_itself_however_long_it_is(words: int) -> None:
    one = sketched("Alma adrift", sentences(f"w{at * 7919 % 1009}" for at in range(words)))
    assert liken(one, one).is_same_text
    assert liken(one, one).score > 0.9


def test_of_one_publisher_more_is_asked() -> None:
    """It seldom tells one piece of news in two entries."""
    one, story = sketched(*ADRIFT), Profile([sketched(*ADRIFT_TOO)])
    assert compare(one, story, is_own=True).score < compare(one, story).score
    bare, headlines = headline("Bomb kills 3 in Kabul"), Profile([headline("Bomb kills 30 in Kabul")])
    assert compare(bare, headlines, is_own=True).score < compare(bare, headlines).score


def test_years_apart_are_two_stories() -> None:
    """The same cup, the same teams, another year."""
    report = "Norvik beat Brannock by two goals in the final of the Harbour Cup, which Lindgren received on 4 May {}."
    one, same, other = (sketched("Norvik win Harbour Cup", report.format(year)) for year in (2019, 2019, 2024))
    assert liken(one, other).score < liken(one, same).score
    assert "other years" in liken(one, other).reason
    assert "dates agree" in liken(one, same).reason


def test_ten_look_alikes_are_ten_stories() -> None:
    """However alike their headlines are, each has a place of its own."""
    cities = (
        "Lima",
        "Quito",
        "Bogota",
        "Caracas",
        "Santiago",
        "Montevideo",
        "Havana",
        "Kingston",
        "Managua",
        "Guatemala",
    )
    told = [headline(f"Fire in {city} market kills 7, dozens hurt") for city in cities]
    alike = [(one, other) for one, other in permutations(told, 2) if liken(one, other).score >= SAME_STORY]
    assert not alike


def test_empty_texts_are_no_story() -> None:
    empty = sketched("")
    assert liken(empty, empty).score < SAME_STORY
    assert not liken(empty, empty).is_same_text


@settings(deadline=None)
@given(sketches(), st.lists(sketches(), min_size=1, max_size=5))
def test_a_score_is_a_chance_and_comes_with_a_reason(one: Sketch, story: list[Sketch]) -> None:
    verdict = liken(one, *story)
    assert 0 <= verdict.score <= 1
    assert verdict.reason
    assert "\n" not in verdict.reason
    assert verdict == liken(one, *story)


@settings(deadline=None)
@given(headlines_told(), headlines_told())
def test_headlines_are_alike_both_ways(one: Sketch, other: Sketch) -> None:
    """Whichever came first: what differs is rounding."""
    forth, back = liken(one, other), liken(other, one)
    assert forth.score == pytest.approx(back.score, abs=0.02)
    assert forth.reason.split(", ")[1:] == back.reason.split(", ")[1:]
