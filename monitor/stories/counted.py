"""What figures in news count: the dead, the injured, the missing …, by the words that name them in four languages.

The list is closed on purpose: a figure in front of a word that is not here (*5 things to know*, *day 3*) is no news.
Words are folded. Money is left out: sums move by the minute, and outlets round and convert them as they like.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class Side(StrEnum):
    """On which side of a word its number stands."""

    EITHER = "either"
    """`30 killed`, `killed 30`, `погибли 30`"""
    BEHIND = "behind"
    """`kills 30`: in front of it stands who did it"""
    BEFORE = "before"
    """`30 die`: behind it the word may be another language's"""
    OBJECT = "object"
    """`30 drones`: right before the thing itself"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What a word says that its number counts."""

    thing: str
    """as people are told"""
    side: Side


def use_of(word: str) -> Use | None:
    """What a folded word counts; None: nothing."""
    found = _ANY.fullmatch(word)
    return _USES[found.lastgroup] if found and found.lastgroup else None


KILLED = "killed"

_WORDS = (
    (
        KILLED,
        Side.EITHER,
        (
            r"killed|dead|deaths?|died|fatalit(?:y|ies)|slain|perished|погиб(?!ел)\w*|убит\w*|жертв\w*|умер(?:ли|ло|ших)?"
            r"|скончал\w*|жизни|жизней|загин\w*|загибл\w*|вбит\w*|помер\w*|життя|життів|tote[nrs]?|todesopfern?|getotet\w*"
            r"|gestorben\w*|umgekommen\w*"
        ),
    ),
    (KILLED, Side.BEHIND, r"kills?|killing|убил[аи]?|вбил[аи]"),
    (KILLED, Side.BEFORE, r"die|dies|lives|leben"),
    (
        "injured",
        Side.EITHER,
        (
            r"injured|wounded|hurt|hospitali[sz]ed|injuries|ранен\w*|пострада\w*|госпитализ\w*|поранен\w*|постражда\w*"
            r"|травмован\w*|травмирован\w*|госпіталізован\w*|verletzte?[nrs]?|verwundete?[nrs]?"
        ),
    ),
    ("injured", Side.BEHIND, r"injures?|injuring|wounds|wounding|hurts|hurting|ранил[аи]?|поранил[аи]"),
    ("missing", Side.EITHER, r"missing|unaccounted|пропавш\w*|пропал[аио]?|зникл\w*|vermisste?[nrs]?"),
    (
        "detained",
        Side.EITHER,
        (
            r"arrested|detained|arrests|задержан\w*|арестован\w*|затриман\w*|заарештован\w*|festgenommen\w*"
            r"|verhaftete?[nrs]?"
        ),
    ),
    (
        "detained",
        Side.BEHIND,
        r"arrest|arresting|detains?|detaining|задержал[аи]?|арестовал[аи]?|затримал[аи]",
    ),
    ("evacuated", Side.EITHER, r"evacuated|displaced|эвакуирован\w*|евакуйован\w*|evakuierte?[nrs]?"),
    (
        "evacuated",
        Side.BEHIND,
        r"evacuates?|evacuating|displaces?|displacing|эвакуировал[аи]?|евакуювал[аи]",
    ),
    ("rescued", Side.EITHER, r"rescued|спасен\w*|врятован\w*|gerettete?[nrs]?"),
    ("rescued", Side.BEHIND, r"rescues?|rescuing|спасл[аи]|врятувал[аи]"),
    (
        "infected",
        Side.EITHER,
        r"infected|infections|sickened|cases|заражен\w*|заболевш\w*|инфицирован\w*|інфікован\w*|infizierte?[nrs]?",
    ),
    ("infected", Side.BEHIND, r"infects?|infecting|sickens?"),
    ("hostages", Side.OBJECT, r"hostages?|заложник\w*|заручник\w*|geiseln?"),
    ("prisoners", Side.OBJECT, r"prisoners?|pows?|пленн\w*|военнопленн\w*|полонен\w*|військовополонен\w*"),
    ("drones", Side.OBJECT, r"drones|uavs|дрон(?:ов|а|ами|ів|и)?|беспилотник\w*|бпла|безпілотник\w*|drohnen"),
    ("missiles", Side.OBJECT, r"missiles|rockets|ракет\w?|ракетами|raketen"),
    ("troops", Side.OBJECT, r"troops|soldiers|солдат\w*|военнослужащ\w*|військових|soldaten"),
    ("homes", Side.OBJECT, r"homes|houses|households|домов|будинків|hauser"),
    ("jobs", Side.OBJECT, r"jobs|workers|employees|сотрудников|працівників|stellen|arbeitsplatze"),
    ("flights", Side.OBJECT, r"flights|рейс(?:ов|а|ів)|fluge"),
)
_USES = {f"use{number}": Use(thing=thing, side=side) for number, (thing, side, _) in enumerate(_WORDS)}
_ANY = re.compile("|".join(f"(?P<use{number}>{words})" for number, (_, _, words) in enumerate(_WORDS)))

TOLLS = frozenset({"toll", "todeszahl", "opferzahl"})
"""say by themselves that the dead are counted"""
_NUMBERS_OF = "number количество число числа кількість zahl anzahl"
NUMBERS_OF = frozenset(_NUMBERS_OF.split())
"""*the number of* injured"""
_REACHED = (
    "to at reaches reached hits hit passes passed tops topped exceeds exceeded surpasses surpassed climbs до на"
    " достигло достигла превысило перевищило сягнула сягнуло auf uber"
)
REACHED = frozenset(_REACHED.split())
"""what stands before the number that a toll has come to"""

QUALIFIERS = re.compile(
    r"(?:(?:at least|at most|as many as|no (?:fewer|less) than|(?:not )?(?:more|less|fewer) than|up to|a further"
    r"|a total of|an estimated|over|about|around|nearly|almost|some|another|only|just|already|:"
    r"|не мене?е|как минимум|по меньшей мере|более|больше|свыше|около|почти|до|уже|еще|примерно|порядка|всего|только"
    r"|щонайменше|принаймні|понад|більше|менше|не менше|майже|близько|вже|ще|приблизно|ніж|чем"
    r"|mindestens|mehr als|uber|rund|etwa|fast|bis zu|knapp|bereits|weitere) )*"
)
"""what may stand between a word and its number: words, each with a blank behind it"""

_PEOPLE = (
    "people persons person men man women woman children child civilians civilian soldiers soldier troops police"
    " officers officer workers worker passengers students pupils tourists miners migrants protesters residents others"
    " other kids were was are is have has had been being be feared confirmed reported presumed left found more also now"
    " человек человека люди людей мужчин мужчины женщин женщины детей ребенок ребенка дети мирных жителей жителя"
    " военных были был было быть стали оказались остаются получили числятся считаются"
    " людини осіб особи дітей дитини жінок жінки чоловіків цивільних мешканців були було стало залишаються"
    " menschen personen person kinder frauen manner zivilisten soldaten wurden wurde sind ist worden gelten als"
    " werden ums"
)
PEOPLE = frozenset(_PEOPLE.split())
"""what may stand between a number and the word that says what became of them"""
