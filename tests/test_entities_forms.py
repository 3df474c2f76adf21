"""Forms: inflection, respelling, surnames, and what is left out."""

import pytest

from monitor.entities.expansion import MOST_FORMS, expand, surname_of
from monitor.entities.inflection import inflections
from monitor.entities.paradigms import Case
from monitor.entities.respelling import MOST_SPELLINGS, cyrillic_spellings, latin_spellings
from monitor.entities.roster import Roster, build_roster
from monitor.model.rules import AliasSpec, EntitySpec


def shapes(name: str, type_: str, gender: str = "") -> set[str]:
    return {" ".join(shape.phrase) for shape in expand(name, type_, gender=gender)}


@pytest.mark.parametrize(
    ("name", "type_", "gender", "expected"),
    [
        ("Иван Озеров", "person", "m", ["ивана озерова", "ивану озерову", "иваном озеровым", "озерове"]),
        ("Мария Озерова", "person", "f", ["марии озеровой", "марию озерову", "озеровой"]),
        ("Анна Шульц", "person", "f", ["анны шульц", "анной шульц", "шульц"]),
        ("Петр Крутой", "person", "m", ["петра крутого", "крутым"]),
        ("Павел Донской", "person", "m", ["павла донского"]),
        ("Лев Гуревич", "person", "m", ["льва гуревича"]),
        ("Сергей Коваль", "person", "m", ["сергея коваля", "ковалем"]),
        ("Олександр Гнатенко", "person", "m", ["олександра гнатенка", "гнатенком"]),
        ("Олена Гнатенко", "person", "f", ["олени гнатенко", "олену гнатенко"]),
        ("Андрій Вільський", "person", "m", ["андрія вільського", "вільським"]),
        ("Мария Петровна", "person", "f", ["марии петровны"]),
        ("Жан-Поль Ожье", "person", "m", ["жан поля ожье"]),
        ("Северная Бухта", "place", "", ["северной бухты", "северную бухту"]),
        ("Великие Броды", "place", "", ["великих бродов", "великими бродами"]),
        ("Камень-на-Оби", "place", "", ["камня на оби", "каменя на оби"]),
        ("Рязань", "place", "", ["рязани", "рязанью"]),
        ("Харків", "place", "", ["харкова", "харкові"]),
        ("Київ", "place", "", ["києва", "києві"]),
        ("Прага", "place", "", ["праги", "прагу"]),
        ("Об'єднана затока", "place", "", ["об єднаної затоки"]),
        ("Портовый суд Приморья", "organisation", "", ["портового суда приморья", "портовом суде приморья"]),
        ("Рада безпеки", "organisation", "", ["ради безпеки", "раді безпеки"]),
        ("МИД", "organisation", "", ["мида", "мидом"]),
        ("Европейский союз", "organisation", "", ["европейского союза", "евросоюз", "евросоюзом"]),
        ("Балтийское море", "place", "", ["балтийского моря", "балтийском море"]),
        ("Ruritania", "place", "", ["ruritanias"]),
    ],
)  # fmt: skip
def test_a_name_in_its_cases(name: str, type_: str, gender: str, expected: list[str]) -> None:
    """Every word changes as its kind does, and agrees where it must."""
    found = shapes(name, type_, gender)
    if name == "Камень-на-Оби":
        assert found & set(expected)
    else:
        assert set(expected) <= found


@pytest.mark.parametrize(
    ("name", "type_", "expected"),
    [
        ("Aster Air", "organisation", True),
        ("Aster.air", "product", True),
        ("Aster Air", "place", False),
        ("ASTER Air", "organisation", False),
        ("Aster Sea Air", "organisation", False),
    ],
)
def test_a_latin_name_of_two_words_is_found_in_one(name: str, type_: str, expected: bool) -> None:
    """As hashtags and hasty editors write it; acronyms and places are left as they are."""
    assert ("asterair" in shapes(name, type_)) is expected


def test_a_made_form_gives_way_to_a_declared_name_in_any_case() -> None:
    """Who declares *Євроліга* owns *Євроліги* too, although another's name leads there."""
    roster = build_roster(
        [
            EntitySpec(id="council", type="organisation", name="Європейська ліга"),
            EntitySpec(id="games", type="organisation", name="Ігри", aliases=("Євроліга",)),
        ]
    )
    assert {form.name.entity for phrase in (("євроліга",), ("євроліги",)) for form in roster.forms[phrase]} == {"games"}
    assert any("names games too" in note.what for note in roster.notes)


@pytest.mark.parametrize(("name", "type_"), [("ООН", "organisation"), ("NATO", "organisation"), ("Ana Roe", "other")])
def test_what_does_not_change_has_no_other_form(name: str, type_: str) -> None:
    """Acronyms that cannot be spoken, and scripts without tables."""
    assert list(inflections(name, type_)) == []


def test_every_form_says_where_it_comes_from() -> None:
    """The steps from the declared name, in order."""
    found = {" ".join(shape.phrase): shape.how for shape in expand("Иван Озеров", "person", gender="m")}
    assert found["иван озеров"] == ()
    assert found["озеров"] == ("surname",)
    assert found["ивана озерова"][0].startswith(Case.GENITIVE)
    assert found["ivan ozerov"][0].startswith("Ivan Ozerov: ")


def test_a_name_is_respelt_by_schools_both_ways() -> None:
    """One declared spelling finds the others."""
    assert {"Zelinskiy", "Zelinsky", "Zelinskii", "Zelinskij", "Selinskij"} <= {
        one.text for one in latin_spellings("Зелинский", is_ukrainian=False)
    }
    assert {"Zhyvotko", "Zhivotko"} & {one.text for one in latin_spellings("Животко", is_ukrainian=True)}
    assert {"Дмитрий Озеров", "Дмитро Озеров"} <= {one.text for one in cyrillic_spellings("Dmitry Ozerov")}
    assert {"dmitry ozerov", "озерова", "dmitriy ozerov"} <= shapes("Dmitry Ozerov", "person", "m")


@pytest.mark.parametrize("name", ["Boris Johnson", "Zzyx Ozerov", "Harbour", ""])
def test_only_slavic_names_with_known_given_names_go_back_to_cyrillic(name: str) -> None:
    """A guess would name somebody else."""
    assert list(cyrillic_spellings(name)) == []


def test_expansion_is_bounded() -> None:
    """Whatever the name."""
    long = " ".join(["Щедринская-Живаго"] * 30)
    assert len(list(expand(long, "person"))) <= MOST_FORMS
    assert len(list(latin_spellings(long, is_ukrainian=True))) <= MOST_SPELLINGS


@pytest.mark.parametrize(
    ("name", "surname"),
    [("Ana Roe", "Roe"), ("Roe", ""), ("Мария Петровна", ""), ("Benedict XVI", ""), ("Ana roe", ""), ("Jan Peter", "")],
)
def test_the_surname_is_the_last_word_unless_it_is_none(name: str, surname: str) -> None:
    """Father's names, numbers and given names are no surnames."""
    assert surname_of(name) == surname


def forms(roster: Roster, entity: str) -> set[str]:
    return {" ".join(form.phrase) for form in roster.forms_of(entity)}


def test_a_surname_that_two_people_share_is_left_out_with_a_note() -> None:
    """Neither is found by it alone; who declares it as an alias keeps it."""
    two = build_roster(
        [EntitySpec(id="a", type="person", name="Ana Roe"), EntitySpec(id="b", type="person", name="Bob Roe")]
    )
    assert "roe" not in forms(two, "a") | forms(two, "b")
    assert any("'roe'" in note.what and note.entity == "a" for note in two.notes)
    one = build_roster(
        [
            EntitySpec(id="a", type="person", name="Ana Roe"),
            EntitySpec(id="b", type="person", name="Bob Roe", aliases=("Roe",)),
        ]
    )
    assert "roe" not in forms(one, "a")
    assert "roe" in forms(one, "b")


def test_forms_can_be_turned_off() -> None:
    """For the entity or for one alias; a surname by itself too."""
    specs = [
        EntitySpec(id="a", type="place", name="Москва", forms=False),
        EntitySpec(id="b", type="place", name="Рязань", aliases=(AliasSpec(name="Тверь", forms=False),)),
        EntitySpec(id="c", type="person", name="Ana Poe", surname=False),
    ]
    roster = build_roster(specs)
    assert forms(roster, "a") == {"москва"}
    assert {"рязани", "тверь"} <= forms(roster, "b")
    assert "твери" not in forms(roster, "b")
    assert "poe" not in forms(roster, "c")


def test_an_organisation_of_a_declared_place_goes_by_the_places_other_names() -> None:
    """МИД Германии is МИД ФРГ."""
    roster = build_roster(
        [
            EntitySpec(id="de", type="place", name="Германия", aliases=("ФРГ",)),
            EntitySpec(id="mfa", type="organisation", name="МИД Германии"),
        ]
    )
    assert {"мид германии", "мид фрг", "мида фрг"} <= forms(roster, "mfa")


def test_filing_terms_cover_every_form() -> None:
    """A text that mentions the entity has one of them, so the presearcher misses nothing."""
    roster = build_roster([EntitySpec(id="a", type="person", name="Иван Озеров", aliases=("Ivan Ozerov", "Ozerov"))])
    terms = roster.filing_terms("a")
    assert all(not terms.isdisjoint(phrase) for phrase in roster.phrases["a"])
