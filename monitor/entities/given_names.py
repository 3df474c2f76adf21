"""Given names: which are the same in other languages, whose they are, and so who is not meant by a surname.

A line holds the names of one person as languages have them; `m:` or `f:` says whose they are. It is a list of common
names, not of all: what it lacks is no given name for certain, and then nothing follows from it.
"""

from functools import cache

from monitor.entities.paradigms import Kind
from monitor.entities.russian import RUSSIAN
from monitor.entities.ukrainian import UKRAINIAN

_LINES = """
m: alexander aleksandr oleksandr alexandre alejandro aliaksandr александр олександр аляксандр sasha саша
m: alexei alexey aleksei aleksey oleksiy oleksii алексей олексій
m: andrei andrey andriy andrii andrew andre andreas андрей андрій эндрю андре андреас ендрю
m: anton antony anthony antonio антон энтони антонио ентоні антоніо антоніу
m: anatoly anatoliy anatolii анатолий анатолій
m: arseniy arsenii arseny арсений арсеній
m: artem artyom артем
m: arthur артур artur
m: boris borys борис
m: charles carlos karl carl шарль карл чарльз карлос
m: daniel daniil danylo данил даниил данило дэниел даниэль деніел даніель даніїл danila данила
m: david dawid davyd дэвид давид девид девід
m: denis denys денис
m: dmitry dmitri dmitriy dmitrii dmytro дмитрий дмитро
m: donald дональд
m: edward eduard эдуард едуард эдвард едвард
m: evgeny yevgeny evgeniy yevhen yevgeniy eugene евгений євген юджин
m: francis francois frank françois франсуа франциск фрэнк франц
m: george georgy georgiy heorhiy yuri yuriy yurii iurii yury jerzy georges jorge георгий георгій юрий юрій джордж жорж
m: grigory hryhoriy gregory григорий григорій грегори
m: hans johannes ганс ханс
m: heiko хайко гайко
m: helmut гельмут
m: igor ihor игорь ігор
m: ilya illia илья ілля
m: ivan john johann jan juan jean ioann иван іван джон ян жан хуан
m: jack джек
m: james jim джеймс
m: jeremy джереми джеремі
m: josep joseph josé jose иосиф йосип жозеп джозеф хосеп
m: konstantin kostiantyn константин костянтин
m: leonid леонид леонід
m: lev leo leon lew лев лео леон
m: luis louis луи луис
m: maxim maksim maksym maxime максим
m: mark marc marcus marco марк марко маркус
m: martin мартин
m: michael mike mikhail mykhailo mikhailo michel mikhaylo miguel mikael михаил михайло майкл майк мишель микаэль мішель
m: nigel найджел
m: nikita mykyta никита микита
m: nikolai nikolay mykola nicholas nicolas николай микола николас ніколас
m: oleg oleh олег
m: paul pavel pavlo pablo павел павло пол поль
m: peter petr pyotr petro pedro pierre петр петро питер пьер пітер
m: philip filipp philippe филипп філіп филип
m: richard ричард річард
m: robert bob роберт боб
m: roman роман
m: ronald ron рональд
m: ruslan руслан
m: sergei sergey serhiy serhii serge сергей сергій серж
m: simon семен саймон symon
m: stanislav станислав станіслав
m: stephen steven stefan stepan степан стефан стивен стівен
m: thomas tom томас том
m: timothy tim тимофей тім тим
m: vadim vadym вадим
m: valentin valentyn валентин
m: valery valeriy valerii валерий валерій
m: vasily vasyl василий василь
m: viktor victor виктор віктор
m: vitaly vitaliy vitalii виталий віталій
m: vladimir volodymyr uladzimir владимир володимир
m: vladislav vladyslav владислав
m: vyacheslav viacheslav вячеслав
m: william bill guillaume wilhelm уильям вильям вільям билл білл
m: yaroslav jaroslav ярослав
m: kirill kyrylo кирилл кирило
m: taras тарас
m: bohdan bogdan богдан
m: ali али алі
m: ahmed ahmad ахмед ахмад
m: mohammed muhammad mohammad mohamed мухаммед мухаммад мохаммед
m: hassan hasan хасан
m: ramzan рамзан
m: recep реджеп
m: emmanuel emanuel эммануэль еммануель
m: justin джастин джастін
m: keir кир кір
m: marcos маркос
m: kevin кевин
m: brian брайан
m: ryan райан
m: scott скотт
m: gary гэри
m: kenneth ken кеннет
m: eric erik эрик ерік
m: olaf олаф
m: joe joseph джо
m: barack барак
m: benjamin binyamin биньямин беньямін біньямін
m: xi си
f: alexandra aleksandra oleksandra александра олександра
f: angela ангела
f: anna ann anne hanna анна ганна энн анн
f: anastasia анастасия анастасія
f: catherine ekaterina kateryna yekaterina kate екатерина катерина кэтрин
f: christine kristina krystyna кристина крістіна кристин
f: diana диана діана
f: elena olena helen yelena елена олена хелен алена
f: elizabeth elizaveta yelizaveta елизавета єлизавета элизабет
f: emily эмили
f: eva eve ева єва
f: galina halyna галина
f: irina iryna irene ирина ірина
f: julia yulia yuliya iuliia юлия юлія джулия
f: kaja кая
f: asia асия азия азія асія
f: ksenia kseniya ксения ксенія
f: larisa лариса
f: laura лора лаура
f: lyudmila liudmyla людмила
f: lyubov liubov любовь любов
f: margaret margarita маргарита маргарет
f: maria mary marie mariya мария марія мэри мари мері
f: marina maryna марина
f: michelle мишель
f: nadezhda nadiya надежда надія
f: natalia natalya nataliya наталья наталия наталя наталія
f: nancy нэнси
f: nina нина ніна
f: oksana оксана
f: olga olha ольга
f: polina полина поліна
f: sarah sara сара
f: sofia sophia софия софія
f: susan сьюзан
f: svetlana svitlana светлана світлана
f: tatiana tatyana tetiana татьяна тетяна
f: theresa teresa тереза
f: ursula урсула
f: valentina valentyna валентина
f: valeria валерия валерія
f: vera вера віра
f: victoria viktoria viktoriya виктория вікторія
f: zinaida зинаида
f: jacinda джасинда
f: giorgia джорджа джорджия
f: hillary хиллари
f: melania мелания меланія
f: kamala камала
"""


@cache
def _table() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Folded name → whose it is, and every name that is the same."""
    table: dict[str, tuple[str, tuple[str, ...]]] = {}
    for line in _LINES.split("\n"):
        whose, _, names = line.partition(": ")
        same = tuple(names.split())
        for name in same:
            before = table.get(name)
            gender = whose if before is None or before[0] == whose else ""
            table[name] = (gender, tuple(dict.fromkeys((*(before[1] if before else ()), *same))))
    return table


def same_names(name: str) -> tuple[str, ...]:
    """Return the folded names that are this one in some language, itself included; empty for no known given name.

    Of the Cyrillic ones Russian comes first and Ukrainian second.
    """
    return _table().get(name, ("", ()))[1]


def given_forms(name: str) -> tuple[str, ...]:
    """Return a folded given name in all cases, the nominative first."""
    shapes = {name: None}
    for language in (RUSSIAN, UKRAINIAN):
        for _, cases in language.inflected(name, Kind.GIVEN, gender_of(name)):
            shapes |= dict.fromkeys(shape for each in cases.values() for shape in each)
    return tuple(shapes)


@cache
def all_given_forms() -> frozenset[str]:
    """Return every form of every given name that the table has: what stands before a surname and says whose it is."""
    return frozenset(form for name in _table() if len(name) > _AMBIGUOUS for form in given_forms(name))


_AMBIGUOUS = 2
"""Letters of given names that are too many other things besides."""


def gender_of(name: str) -> str:
    """Return `m`, `f`, or empty where a folded given name does not say."""
    known = _table().get(name)
    if known is not None:
        return known[0]
    if name.endswith(("ович", "евич", "йович")):
        return "m"
    if name.endswith(("ровна", "овна", "евна", "івна", "ївна", "инична")):
        return "f"
    return "f" if name[-1:] in ("а", "я") and name not in _MEN_IN_A else ""


_MEN_IN_A = frozenset(
    {"лука", "фома", "кузьма", "савва", "данила", "никола", "микола", "илья", "ілля", "мустафа", "иса"}
)


def is_patronymic(name: str) -> bool:
    """Whether a folded word is a father's name, which stands between given name and surname."""
    return name.endswith(_PATRONYMIC) and len(name) > _SHORTEST_PATRONYMIC


_PATRONYMIC = (
    "ович",
    "евич",
    "йович",
    "овна",
    "евна",
    "івна",
    "ївна",
    "ovich",
    "evich",
    "ovna",
    "evna",
    "ovych",
    "ivna",
)
_SHORTEST_PATRONYMIC = 6
