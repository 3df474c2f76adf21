"""What a sketch keeps of a text, and that it is small, bounded and never fails."""

import os
import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model.entries import Text
from monitor.stories.particulars import day_code, particulars
from monitor.stories.phrases import RATES, kept_at, phrases
from monitor.stories.places import is_elsewhere, places_in
from monitor.stories.sketch import NotASketch, Sketch, pack, sketch, unpack
from monitor.stories.vocabulary import Vocabulary
from tests.sketching import NUMBERS, VOCABULARY, sentences, sketched, sketches, texts

SUMMARY = (
    "The ferry Alma lost her rudder off Norvik on Monday with 214 people on board. Captain Ingrid Lindgren "
    "dropped anchor near the mole, and a tug of the harbour office took the ferry in at 5 pm on 4 March 2024."
)


def number(word: str, language: str = "en") -> int:
    return NUMBERS.of(language)[word]


@settings(deadline=None)
@given(sketches())
def test_a_packed_sketch_unpacks_to_the_same(one: Sketch) -> None:
    """With every table that comparisons look at."""
    back = unpack(pack(one))
    assert back == one
    assert hash(back) == hash(one)
    assert {slot: getattr(back.view, slot) for slot in type(back.view).__slots__} == {
        slot: getattr(one.view, slot) for slot in type(one.view).__slots__
    }
    assert frozenset(back.runs) == back.view.runs


@settings(deadline=None)
@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=300), st.sampled_from(["", "en", "uk", "zz"]))
def test_no_text_makes_it_fail(title: str, summary: str, body: str, language: str) -> None:
    one = sketched(title, summary, body, language=language, names=[title[:5], ""])
    assert unpack(pack(one)) == one


@pytest.mark.parametrize(
    "text",
    [
        "\ud800\udfff \ud800",
        "x" * 100_000,
        "a b " * 25_000,
        "日" * 50_000,
        "1 " * 50_000,
        "1.5, " * 20_000,
        "٣ ٤",
        "Part 7 " * 9_000,
    ],
)
def test_the_worst_texts_cost_little_and_stay_small(text: str) -> None:
    """Only the beginning of a text is looked at, however long it is."""
    began = time.process_time()
    one = sketched(text, text, text)
    assert time.process_time() - began < 1
    assert unpack(pack(one)) == one
    assert len(pack(one)) <= 1_200


def test_of_many_different_words_the_first_are_kept() -> None:
    """Eighty in the lead, and fifty names below it."""
    one = sketched(
        "Ferry",
        sentences(f"word{at}x" for at in range(200)),
        "The " + " and ".join(f"Name{chr(97 + at % 26)}{chr(97 + at // 26)}" for at in range(200)),
    )
    assert len(one.words) == 80
    assert len(one.view.words) == 130
    assert len(pack(one)) <= 1_200


def test_a_bare_headline_takes_a_few_hundred_bytes_at_most() -> None:
    headline = "Ferry Alma loses rudder off Norvik with 214 on board, tug takes her in"
    assert len(pack(sketched(headline))) <= 300
    assert len(pack(sketched(headline, SUMMARY))) <= 700


def test_a_sketch_is_the_same_whoever_makes_it() -> None:
    """What it holds depends on the text and the vocabulary, not on the process."""
    assert sketched("Ferry Alma loses rudder", SUMMARY) == sketched("Ferry Alma loses rudder", SUMMARY)
    assert sketched("Ferry Alma loses rudder") != sketched("Ferry Alma loses anchor")
    assert sketched("Ferry") != "Ferry"


def test_a_sketch_keeps_the_weights_of_its_time() -> None:
    """What is learned later does not change it."""
    known = Vocabulary.starting()
    text = Text(title="Zeppelin lands in Norvik")
    before = sketch(text, language="en", names=(), vocabulary=known, numbers=NUMBERS)
    weight = before.lead[number("zeppelin")]
    for _ in range(1_000):
        known.learn(before.words)
    after = sketch(text, language="en", names=(), vocabulary=known, numbers=NUMBERS)
    assert before.lead[number("zeppelin")] == weight > after.lead[number("zeppelin")]


def test_words_are_stems_without_grammar() -> None:
    one = sketched("The ferries of the harbour are leaving", language="en")
    assert set(one.words) == {number("ferry"), number("harbour"), number("leaving")}
    assert one.length**2 <= sum(weight**2 for weight in one.lead.values())
    forms = sketched("Выборы в гавани", language="ru"), sketched("О выборах и гавани", language="ru")
    assert set(forms[0].words) == set(forms[1].words)


def test_small_numbers_in_words_are_figures() -> None:
    assert number("3") in sketched("Storm kills three", language="en").words
    assert set(sketched("Погибли трое", language="ru").words) == set(sketched("Погибли 3", language="ru").words)


def test_scripts_without_spaces_are_read_in_pairs_of_signs() -> None:
    """A single sign says nothing, two signs are as good as a word."""
    one, other = sketched("渡轮搁浅"), sketched("浅搁轮渡")
    assert len(one.words) == 3
    assert not set(one.words) & set(other.words)
    assert number("ferry") in sketched("渡轮 ferry 搁浅", language="zh").words


def test_a_word_said_often_weighs_more_but_not_as_often() -> None:
    once = sketched("", "ferry sank " + "harbour " * 1)
    often = sketched("", "ferry sank " + "harbour " * 9)
    word = number("harbour")
    assert once.lead[word] < often.lead[word] < 9 * once.lead[word]


def test_the_outlets_own_name_says_nothing() -> None:
    """But the words of its name are words where others use them."""
    plain = sketched("Ferry sinks")
    assert sketched("Ferry sinks - Norvik Times", names=["Norvik Times"]) == plain
    assert number("norvik") in sketched("Ferry sinks off Norvik", names=["Norvik Times"]).words


def test_the_lead_is_the_title_and_the_summary_or_else_the_beginning_of_the_text() -> None:
    long = sentences(f"word{at}" for at in range(200))
    assert number("word150") not in sketched("Ferry", body=long).words
    assert number("word10") in sketched("Ferry", body=long).words
    assert number("word10") not in sketched("Ferry", "Another summary altogether", long).words


def test_a_text_that_repeats_its_summary_is_read_once() -> None:
    """Feeds often put the summary at the head of the full text."""
    once, twice = sketched("Alma adrift", SUMMARY), sketched("Alma adrift", SUMMARY, SUMMARY)
    assert once.lead == twice.lead
    assert once.view.runs == twice.view.runs


def test_names_are_what_has_a_capital_inside_a_sentence() -> None:
    names = sketched("Ferry adrift off Norvik", SUMMARY).view.names
    assert {number("Norvik".lower()), number("lindgren"), number("alma")} <= names.keys()
    assert number("ferry") not in names


def test_capitals_of_a_headline_in_title_case_make_no_names() -> None:
    assert not sketched("Ferry Loses Rudder In Storm Off Norvik").view.names
    assert number("norvik") in sketched("Ferry Loses Rudder In Storm Off Norvik", SUMMARY).view.names


def test_german_nouns_are_no_names() -> None:
    assert not sketched("Die Fähre verliert ihr Ruder vor dem Hafen", language="de").view.names


def test_a_word_with_and_without_a_capital_is_no_name() -> None:
    stated = particulars("", "Turkey rose as turkey prices fell in Norvik", "", "en")
    assert stated.names == {"norvik"}


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("kills 3 and wounds 14", ("3", "14")),
        ("1,000 people, 2.500.000 euros, 12 000 francs", ("1000", "2500000", "12000")),
        ("magnitude 6.4 at 5:30, 7, 8", ("6.4", "5:30", "7", "8")),
        ("in 1987 and 2024", ()),
    ],
)
def test_numbers_are_read_with_and_without_separators(text: str, numbers: tuple[str, ...]) -> None:
    assert particulars(text, "", "", "en").numbers == numbers


def test_years_are_no_numbers() -> None:
    assert particulars("Elected in 1987, again in 2024", "", "", "en").years == (1987, 2024)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("on 4 March 2024", day_code(2024, 3, 4)),
        ("on March 4th, 2024", day_code(2024, 3, 4)),
        ("am 4. März 2024", day_code(2024, 3, 4)),
        ("2024-03-04", day_code(2024, 3, 4)),
        ("04.03.2024", day_code(2024, 3, 4)),
        ("4 марта 2024 года", day_code(2024, 3, 4)),
        ("4 березня 2024 року", day_code(2024, 3, 4)),
        ("on 4 March", day_code(0, 3, 4)),
        ("on 4 March 2999", day_code(0, 3, 4)),
    ],
)
def test_dates_are_read_as_they_are_written(text: str, day: int) -> None:
    assert day in particulars(text, "", "", "en").days


@pytest.mark.parametrize("text", ["on 44 March 2024", "2024-13-04", "4 marbles", "Mark 5", "no figure in March"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert particulars(text, "", "", "en").days == ()


def test_the_issues_of_a_series_are_like_days() -> None:
    assert particulars("Daily brief: Day 5", "", "", "en").days != particulars("Daily brief: day 6", "", "", "en").days
    assert particulars("Сводка, день 5", "", "", "ru").days == particulars("Daily brief: Day 5", "", "", "en").days


def test_every_date_fits_two_bytes() -> None:
    assert day_code(2099, 12, 31) < 56_500
    assert day_code(1850, 1, 1) == day_code(0, 1, 1)


@pytest.mark.parametrize(
    ("text", "language", "days"),
    [
        ("on Monday and Sunday", "en", 0b1000001),
        ("в среду", "ru", 0b100),
        ("у середу", "uk", 0b100),
        ("am Montag", "de", 1),
        ("on Monday", "zz", 0),
    ],
)
def test_weekdays_are_known_in_four_languages(text: str, language: str, days: int) -> None:
    assert particulars(text, "", "", language).weekdays == days


def test_long_texts_keep_the_same_sample_of_runs() -> None:
    """So that a part of a text is found in the whole of it."""
    words = [f"w{at * 7919 % 1000}x{at}" for at in range(400)]
    short, middle, whole = phrases(words[:60]), phrases(words[:180]), phrases(words)
    assert [RATES[some.rate] for some in (short, middle, whole)] == [1, 4, 16]
    for cut, long in ((short, middle), (middle, whole), (short, whole)):
        assert kept_at(frozenset(cut.kept), long.rate) <= frozenset(long.kept) | {long.kept[-1]}
    assert 10 <= len(middle.kept) <= 64
    assert 10 <= len(whole.kept) <= 64


def test_a_text_of_less_than_five_words_has_no_runs() -> None:
    assert phrases(["one", "two", "three", "four"]).kept == ()


def test_places_are_known_in_three_languages() -> None:
    """In any form, as far as stems go."""
    for text, language in (("Bomb in Kabul", "en"), ("Взрыв в Кабуле", "ru"), ("Вибух у Києві", "uk")):
        assert places_in(sketched(text, language=language).words)


@pytest.mark.parametrize(
    ("one", "other", "elsewhere"),
    [
        ("Quake hits Chile", "Quake hits Peru", True),
        ("Bomb kills 3 in Kabul", "Bomb kills 3 in Quetta", True),
        ("Bomb in Kyiv", "Bomb in Kharkiv", True),
        ("Bomb in Kabul", "Bomb in Afghanistan", False),
        ("Bomb in Kabul", "Bomb at a market", False),
        ("Israel strikes Beirut", "Israel strikes Lebanon", False),
        ("Chile helps Peru", "Peru thanks Chile", False),
        ("Chile helps Peru", "Chile is calm", False),
    ],
)
def test_two_texts_are_about_two_places_when_each_has_one_of_its_own(one: str, other: str, elsewhere: bool) -> None:
    places = [places_in(sketched(text, language="en").words) for text in (one, other)]
    assert is_elsewhere(*places) is elsewhere
    assert is_elsewhere(*reversed(places)) is elsewhere


@pytest.mark.parametrize("cut", [0, 5, 12, 30, -1])
def test_bytes_that_are_no_sketch_are_refused(cut: int) -> None:
    with pytest.raises(NotASketch):
        unpack(pack(sketched("Ferry adrift off Norvik", SUMMARY))[:cut])


@pytest.mark.parametrize(("at", "value"), [(0, 9), (1, 3), (3, 255), (7, 255)])
def test_a_header_that_contradicts_itself_is_refused(at: int, value: int) -> None:
    """Version, rate, words of the title, numbers of the lead."""
    data = bytearray(pack(sketched("Ferry adrift off Norvik", SUMMARY)))
    data[at] = value
    with pytest.raises(NotASketch):
        unpack(bytes(data))


@settings(deadline=None)
@given(texts())
def test_what_a_vocabulary_learns_is_what_the_lead_has(text: Text) -> None:
    one = sketch(text, language="", names=(), vocabulary=VOCABULARY, numbers=NUMBERS)
    asked_first = unpack(pack(one))
    assert (asked_first.words, asked_first.length) == (one.words, one.length) == (tuple(one.lead), one.view.length)
    assert all(1 <= weight <= 255 for weight in one.lead.values())
    assert f"{len(pack(one))} bytes" in repr(one)


def test_a_sketch_is_the_same_in_every_process() -> None:
    """Whatever seed Python salts its hashes with: a restart must decide as before."""
    text = f"Alma adrift off Norvik; {SUMMARY} Tuesday, 5 March; Kabul, Chile, 12 and 14"
    code = (
        "from tests.sketching import sketched; from hashlib import sha256; import sys;"
        "print(sha256(sketched('Alma adrift', sys.argv[1], sys.argv[1] * 3).data).hexdigest())"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code, text],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(said) == 1
