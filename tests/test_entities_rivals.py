"""Names that several may have: which of them is meant, and when it is nobody who is declared."""

import pytest

from monitor.entities.mentions import Mentions, find_mentions
from monitor.entities.roster import build_roster
from monitor.model.rules import AliasSpec, EntitySpec
from monitor.text.words import Words

UKRAINE = EntitySpec(id="ua", type="place", name="Україна")
LATVIA = EntitySpec(id="lv", type="place", name="Латвія")
NEW_LAND = EntitySpec(id="nl", type="place", name="Нова Земля")
PLACES = (UKRAINE, LATVIA, NEW_LAND)
HERE = EntitySpec(id="here", type="organisation", name="МВП", aliases=("Міністерство водних портів",))
THERE = EntitySpec(id="there", type="organisation", name="МВП")


def seen(*specs: EntitySpec, title: str) -> Mentions:
    return find_mentions(build_roster(specs), {"title": Words(title)})


def verdict(mentions: Mentions, entity: str) -> str:
    every = (*mentions.found.get(entity, ()), *mentions.rejected.get(entity, ()))
    return every[0].certainty.value if every else ""


def test_an_entity_that_is_declared_twice_is_found_under_both_ids_and_noted() -> None:
    """A rule on either hears of it: one of them silent could not be told from no news."""
    roster = build_roster(
        [
            EntitySpec(id="one", type="person", name="Марта Озерна", aliases=("Марта О.",)),
            EntitySpec(id="two", type="person", name="Марта  Озерна"),
        ]
    )
    mentions = find_mentions(roster, {"title": Words("Розмова з Мартою Озерною")})
    assert mentions.sure == ("one", "two")
    assert find_mentions(roster, {"title": Words("Озерна мовчить")}).sure == ("one", "two")
    notes = [(note.entity, note.what) for note in roster.notes if "declared twice" in note.what]
    assert [entity for entity, _ in notes] == ["one", "two"]
    assert "as 'two' too" in notes[0][1]
    assert not any("only possible" in note.what for note in roster.notes)


@pytest.mark.parametrize(
    "others",
    [
        (EntitySpec(id="two", type="organisation", name="Озерна"),),
        (EntitySpec(id="two", type="place", name="Озерна", context=("порт",)),),
        (EntitySpec(id="two", type="place", name="Озерна", aliases=(AliasSpec(name="О.", context=("порт",)),)),),
        (
            EntitySpec(id="two", type="place", name="Озерна"),
            EntitySpec(id="three", type="place", name="Озерна"),
        ),
    ],
    ids=["another type", "a context", "an alias that says more", "three of them"],
)
def test_what_is_more_than_a_slip_is_not_declared_twice(others: tuple[EntitySpec, ...]) -> None:
    """Something could tell them apart, or the name is one that many have."""
    roster = build_roster([EntitySpec(id="one", type="place", name="Озерна"), *others])
    assert roster.twins == {}
    assert find_mentions(roster, {"title": Words("Дощ в Озерній")}).sure == ()


def test_other_names_on_both_sides_tell_namesakes_apart() -> None:
    """A singer and a judge of one name are two people."""
    singer = EntitySpec(id="singer", type="person", name="Марта Озерна", aliases=("Зірка",))
    judge = EntitySpec(id="judge", type="person", name="Марта Озерна", aliases=("Суддя Озерна",))
    assert build_roster([singer, judge]).twins == {}
    assert seen(singer, judge, title="Марта Озерна прибула").sure == ()


def test_an_acronym_means_the_one_that_is_declared_in_full() -> None:
    """Every country has such a ministry, so the same acronym twice is no slip; the other stays possible."""
    mentions = seen(HERE, THERE, title="У МВП назвали дату")
    assert mentions.sure == ("here",)
    assert verdict(mentions, "there") == "possible"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Так заявило Міністерство водних портів", "sure"),
        ("Так заявило Міністерство водних портів України", "sure"),
        ("Так заявило Міністерство водних портів Латвії", "rejected"),
        ("Так заявило міністерство водних портів Нової Землі", "rejected"),
        ("У латвійському міністерстві водних портів мовчать", "rejected"),
        ("В українському міністерстві водних портів мовчать", "sure"),
        ("Міністерство водних портів. Латвія чекає", "sure"),
        ("Міністерство водних портів Латвію не чує", "sure"),
        ("У МВП Латвії мовчать", "rejected"),
        ("У великому міністерстві водних портів мовчать", "sure"),
    ],
)
def test_an_office_that_others_have_too_is_its_countrys(title: str, expected: str) -> None:
    """In Ukrainian, whose country it is goes without saying; another country says so behind the name or before it."""
    assert verdict(seen(HERE, THERE, *PLACES, title=title), "here") == expected


def test_an_office_that_nobody_shares_is_found_beside_any_country() -> None:
    """A user who watches one foreign ministry, and names no country, misses nothing."""
    assert "here" in seen(HERE, *PLACES, title="Міністерство водних портів Латвії мовчить").sure


def test_a_demonym_tells_whose_ministry_it_is() -> None:
    """By the declared place that the adjective is made of."""
    ours = EntitySpec(id="ours", type="organisation", name="МИД Литвы", aliases=("МИД",))
    theirs = EntitySpec(id="theirs", type="organisation", name="МИД Латвии", aliases=("МИД",))
    places = (EntitySpec(id="lt", type="place", name="Литва"), EntitySpec(id="lv", type="place", name="Латвия"))
    assert seen(ours, theirs, *places, title="В латвийском МИД ответили").sure == ("theirs",)
    assert verdict(seen(ours, *places, title="В латвийском МИД ответили"), "ours") == "rejected"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("«Струмінь» зупинено", "sure"),
        ("«Струмінь-4» зупинено", "sure"),
        ("«Струмінь-5» зупинено", "rejected"),
        ("«Струмінь» 5 липня зупинено", "sure"),
        ("Струмінь 5 липня зупинять", "sure"),
    ],
)
def test_another_number_is_another_thing(title: str, expected: str) -> None:
    """If its own is declared; a date behind a name is no number of it."""
    pipeline = EntitySpec(id="p", type="organisation", name="Струмінь", aliases=("Струмінь-4",))
    assert verdict(seen(pipeline, title=title), "p") == expected
    alone = EntitySpec(id="p", type="organisation", name="Струмінь")
    assert "p" in seen(alone, title=title).sure


@pytest.mark.parametrize(
    ("name", "title", "expected"),
    [
        ("Павло", "Лист апостола: Павло писав із Рима", "sure"),
        ("Павло", "Так вважає лікар Павло Озерний", "rejected"),
        ("Ian Martin", "A court heard that Martin Olsen lied", "rejected"),
        ("Ian Martin", "A court heard that Ian Martin Olsen lied", "sure"),
        ("Ian Martin", "Why Martin Says Nothing About The Harbour", "sure"),
    ],
)
def test_a_surname_that_is_a_given_name_belongs_to_the_surname_behind_it(name: str, title: str, expected: str) -> None:
    """But not where every word has a capital."""
    person = EntitySpec(id="p", type="person", name=name, aliases=tuple(name.split()[1:]))
    assert verdict(seen(person, title=title), "p") == expected


def test_letters_of_another_alphabet_hide_no_name() -> None:
    """Latin I and a in a Ukrainian name, as typed by hand."""
    agency = EntitySpec(id="agency", type="organisation", name="Інфопорт-Україна")
    assert seen(agency, UKRAINE, title="Про це пише Iнфопорт-Укрaїна").sure == ("agency",)


COUNCIL = EntitySpec(id="council", type="organisation", name="Портова Рада")
ASSEMBLY = EntitySpec(id="assembly", type="organisation", name="Асамблея портів", aliases=("Портова рада",))


@pytest.mark.parametrize(
    ("title", "council", "assembly"),
    [
        ("Голова Портової Ради вийшов", "sure", "possible"),
        ("Голова Портової ради вийшов", "possible", "sure"),
        ("Голова портової ради вийшов", "sure", "possible"),
        ("Портова рада мовчить", "possible", "sure"),
        ("ГОЛОВА ПОРТОВОЇ РАДИ ВИЙШОВ", "sure", "possible"),
        ("Голова Портової Ради Вийшов До Моря Вранці", "sure", "possible"),
    ],
    ids=["the one's", "the other's", "nobody's", "a sentence begins", "all are capitals", "each word has one"],
)
def test_of_two_names_alike_but_for_capitals_the_one_that_stands_so_is_meant(
    title: str, council: str, assembly: str
) -> None:
    """In any case; where capitals say nothing, it is the one whose own name it is. Neither is lost."""
    mentions = seen(COUNCIL, ASSEMBLY, title=title)
    assert (verdict(mentions, "council"), verdict(mentions, "assembly")) == (council, assembly)


def test_capitals_say_nothing_against_one_that_declares_them_both_ways() -> None:
    """Which of the two is meant, its own name decides."""
    both = EntitySpec(id="both", type="organisation", name="Портова рада", aliases=("Портова Рада", "Рада портів"))
    other = EntitySpec(id="other", type="organisation", name="Асамблея", aliases=("Портова Рада",))
    for title in ("Голова Портової Ради вийшов", "Голова Портової ради вийшов"):
        assert seen(both, other, title=title).sure == ("both",)


def test_a_headline_in_which_every_word_has_a_capital_says_nothing_of_capitals() -> None:
    """It would speak for whoever declares them, against the one whose own name it is."""
    own = EntitySpec(id="own", type="organisation", name="Портова рада", aliases=("Рада портів",))
    other = EntitySpec(id="other", type="organisation", name="Асамблея", aliases=("Портова Рада",))
    assert seen(own, other, title="Голова Портової Ради вийшов до моря вранці").sure == ("other",)
    assert seen(own, other, title="Голова Портової Ради Вийшов До Моря Вранці").sure == ("own",)


def test_capitals_tell_a_word_from_an_acronym() -> None:
    """Of one word too; what is declared with a small letter has a capital where a sentence begins."""
    ship = EntitySpec(id="ship", type="product", name="Nerva", aliases=("Old Lady",))
    fund = EntitySpec(id="fund", type="organisation", name="Harbour Fund", aliases=("NERVA",))
    assert seen(ship, fund, title="The tow of Nerva begins").sure == ("ship",)
    assert seen(ship, fund, title="The money of NERVA is late").sure == ("fund",)
    site = EntitySpec(id="site", type="organisation", name="nerva", aliases=("Harbour Site",))
    boat = EntitySpec(id="boat", type="product", name="Old Lady", aliases=("Nerva",))
    assert seen(boat, site, title="It stood on nerva first").sure == ("site",)
    assert seen(boat, site, title="Nerva is late again").sure == ("site",)


def test_the_ending_of_an_acronym_is_no_other_spelling() -> None:
    """*МОРа* is a case of *МОР* as much as what is declared so."""
    one = EntitySpec(id="one", type="organisation", name="МОР")
    other = EntitySpec(id="other", type="organisation", name="МОР Латвии", aliases=("МОР", "МОРа"))
    assert seen(one, other, title="В здании МОРа тихо").sure == ("one",)


def test_what_surrounds_a_name_says_more_than_its_capitals() -> None:
    """A word of its other names right beside it comes first."""
    assert seen(COUNCIL, ASSEMBLY, title="Асамблея, тобто Портова Рада, мовчить").sure == ("assembly",)


def test_a_declared_name_is_nearer_than_one_that_a_spelling_leads_to() -> None:
    """A pack's alias that stands in the text as declared; the user's own entity, which may be meant, stays possible."""
    lent = EntitySpec(id="lent", type="organisation", name="Harbour Office", aliases=("Ozerne",), origin="news")
    own = EntitySpec(id="own", type="place", name="Озерне")
    mentions = seen(lent, own, title="The tow from Ozerne begins")
    assert (verdict(mentions, "lent"), verdict(mentions, "own")) == ("sure", "possible")
