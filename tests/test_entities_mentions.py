"""Mentions: what is found, how surely, and why."""

import pytest

from monitor.entities.mentions import NOTHING, Certainty, Mentions, find_mentions
from monitor.entities.roster import build_roster
from monitor.model.rules import AliasSpec, EntitySpec
from monitor.text.words import Words

KYIV = EntitySpec(id="kyiv", type="place", name="Kyiv", aliases=("Kiev", "Київ", "Киев"))
POST = EntitySpec(id="post", type="organisation", name="Kyiv Post")
OZEROV = EntitySpec(id="ozerov", type="person", name="Dmitry Ozerov", aliases=("Дмитрий Озеров",))
GEORGIA = EntitySpec(
    id="georgia",
    type="place",
    name="Georgia",
    context=("Tbilisi", "entity:kyiv", "tag:caucasus", "lang:ka"),
    unless=("Georgia Tech", "Atlanta"),
)
MAY = EntitySpec(id="may", type="person", name="Theresa May", aliases=(AliasSpec(name="May", case="exact"),))


def seen(
    *specs: EntitySpec, title: str = "", body: str = "", language: str = "", tags: tuple[str, ...] = ()
) -> Mentions:
    texts = {name: Words(text) for name, text in (("title", title), ("body", body)) if text}
    return find_mentions(build_roster(specs), texts, language=language, tags=tags)


def verdicts(mentions: Mentions, entity: str) -> list[str]:
    every = (*mentions.found.get(entity, ()), *mentions.rejected.get(entity, ()))
    return [str(each.certainty) for each in every]


def test_a_form_in_any_case_and_script_is_a_sure_mention() -> None:
    """With the words it covers and the steps that lead to them."""
    mentions = seen(OZEROV, title="Встреча с Дмитрием Озеровым отложена")
    (one,) = mentions.of("ozerov")
    assert (one.field, one.first, one.end, one.certainty) == ("title", 2, 4, Certainty.SURE)
    assert one.how.startswith("instrumental")
    assert mentions.sure == ("ozerov",)


def test_a_longer_name_is_not_the_shorter_one_within_it() -> None:
    """Unless that asks for it; and none is lost beside it."""
    title = "Kyiv Post: a quiet night in Kyiv"
    assert [each.first for each in seen(KYIV, POST, title=title).of("kyiv")] == [6]
    inside = EntitySpec(id="kyiv", type="place", name="Kyiv", inside=True)
    assert [each.first for each in seen(inside, POST, title=title).of("kyiv")] == [0, 6]
    assert verdicts(seen(KYIV, POST, title="Kyiv Post prints again"), "kyiv") == []


def test_signs_between_words_part_a_name() -> None:
    """A list of two is no name of two words."""
    assert seen(POST, title="News from Kyiv, Post office closed").sure == ()
    assert seen(POST, title="The Kyiv-Post tram").sure == ("post",)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Dmitry Ozerov resigns", ["sure"]),
        ("Ozerov resigns", ["sure"]),
        ("D. Ozerov resigns", ["sure"]),
        ("Minister Ozerov resigns", ["sure"]),
        ("Daniil Ozerov wins in Paris", ["rejected"]),
        ("V. Ozerov wins in Paris", ["rejected"]),
        ("Дмитрий Сергеевич Озеров подал в отставку", ["sure"]),
        ("Анна Озерова выиграла", ["rejected"]),
        ("ozerov lake", ["rejected"]),
    ],
)
def test_the_word_before_a_surname_says_whose_it_is(title: str, expected: list[str]) -> None:
    """Another given name or initial is another person."""
    assert verdicts(seen(OZEROV, title=title), "ozerov") == expected


def test_a_given_name_extends_the_mention() -> None:
    """Dmytro is Dmitry."""
    (one,) = seen(OZEROV, title="Adviser Dmytro Ozerov spoke").of("ozerov")
    assert (one.first, one.end) == (1, 3)


@pytest.mark.parametrize(
    ("title", "body", "tags", "language", "expected"),
    [
        ("Georgia votes on Sunday", "", (), "", "possible"),
        ("Georgia votes on Sunday", "Queues in Tbilisi.", (), "", "sure"),
        ("Georgia thanks Kyiv", "", (), "", "sure"),
        ("Georgia votes on Sunday", "", ("Caucasus",), "", "sure"),
        ("Georgia votes on Sunday", "", (), "ka", "sure"),
        ("Georgia votes", "A recount in Atlanta; Tbilisi is far.", (), "", "rejected"),
    ],
)
def test_context_decides_about_an_ambiguous_name(
    title: str, body: str, tags: tuple[str, ...], language: str, expected: str
) -> None:
    """Words of the story, other entities, the outlet's tags, its language; what speaks against it comes first."""
    mentions = seen(GEORGIA, KYIV, title=title, body=body, tags=tags, language=language)
    assert verdicts(mentions, "georgia") == [expected]
    assert bool(mentions.of("georgia")) is (expected == "sure")
    assert bool(mentions.of("georgia", is_possible=True)) is (expected != "rejected")


def test_a_longer_name_in_not_is_passed_over() -> None:
    """Only that place of it, and only as a whole."""
    mentions = seen(GEORGIA, title="Georgia Tech opens a lab in Tbilisi")
    assert mentions.of("georgia", is_possible=True) == ()


def test_names_that_are_words_want_their_capitals() -> None:
    """Where every word has one, that proves nothing, unless the story names the person in full."""
    assert verdicts(seen(MAY, title="Ministers may resign"), "may") == ["rejected"]
    assert verdicts(seen(MAY, title="The day when May resigned"), "may") == ["sure"]
    assert verdicts(seen(MAY, title="Interest Rates May Fall Sooner Than Expected"), "may") == ["possible"]
    assert seen(MAY, title="Why May Could Resign Before The Summer", body="Theresa May said no.").sure == ("may",)
    assert verdicts(seen(MAY, title="MINISTERS MAY RESIGN"), "may") == ["possible"]


def test_short_acronyms_want_capitals_and_long_ones_do_not() -> None:
    """WHO is no who; NATO is written Nato too."""
    health = EntitySpec(id="who", type="organisation", name="WHO")
    alliance = EntitySpec(id="nato", type="organisation", name="NATO")
    assert seen(health, alliance, title="Who knows what Nato wants").sure == ("nato",)
    assert seen(health, alliance, title="Vaccines arrive, WHO says").sure == ("who",)
    assert verdicts(seen(health, title="WHO WINS THE CUP"), "who") == ["possible"]


def test_a_name_of_two_entities_is_possible_until_the_story_decides() -> None:
    """By a word beside it, by who is named otherwise, by a word of the other names."""
    north = EntitySpec(id="north", type="organisation", name="Ministry of the North", aliases=("Harbour Office",))
    south = EntitySpec(id="south", type="organisation", name="Ministry of the South", aliases=("Harbour Office",))
    both = seen(north, south, title="Harbour Office closed")
    assert both.sure == ()
    assert verdicts(both, "north") == verdicts(both, "south") == ["possible"]
    told = seen(north, south, title="Harbour Office closed", body="The Ministry of the South regrets.")
    assert told.sure == ("south",)
    assert "is meant" in told.rejected["north"][0].reason
    assert build_roster([north, south]).notes


def test_the_own_name_of_one_outweighs_the_alias_of_another() -> None:
    """England is England, although Britain goes by it."""
    england = EntitySpec(id="england", type="place", name="England")
    britain = EntitySpec(id="britain", type="place", name="Britain", aliases=("England",))
    told = seen(england, britain, title="England expects")
    assert told.sure == ("england",)
    assert verdicts(told, "britain") == ["possible"]
    assert "england is likelier" in told.found["britain"][0].reason


def test_a_ministry_of_another_country_is_not_the_declared_one() -> None:
    """A place behind the name that is in none of its names."""
    ministry = EntitySpec(id="mfa", type="organisation", name="МИД Латвии", aliases=("МИД",))
    places = (EntitySpec(id="lv", type="place", name="Латвия"), EntitySpec(id="pl", type="place", name="Польша"))
    assert seen(ministry, *places, title="В МИД Польши ответили").sure == ("pl",)
    assert seen(ministry, *places, title="В МИД ответили").sure == ("mfa",)


def test_a_place_after_a_given_name_is_a_person() -> None:
    """Jack London wrote no telegrams from the Thames."""
    london = EntitySpec(id="london", type="place", name="London")
    assert seen(london, title="A novel by Jack London found").sure == ()
    assert seen(london, title="A novel found in London").sure == ("london",)


def test_a_story_without_a_name_costs_nothing_and_finds_nothing() -> None:
    """The one answer that is shared."""
    assert seen(KYIV, title="Trams late again") is NOTHING
    assert find_mentions(build_roster([]), {"title": Words("Kyiv")}) is NOTHING
