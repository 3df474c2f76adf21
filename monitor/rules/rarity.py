"""How often a word is expected in the news: a rule is filed where it is looked at least.

A guess is enough, for it changes cost and never a verdict. Counts of the stories seen would follow every fashion and
make the same configuration behave otherwise on each machine; a table of the words that all news is made of, in the
languages of most of our users, comes close to them (tests/benchmarks/matching.py prints how close). What stands in no
table is judged by its length: long words are rare.
"""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

Rarity = Callable[[str], float]
"""Term → share of stories that it is expected in, roughly."""

_IN_MOST = """
the of to in a and for on is with at as by from after over it be that says said new will has are his was not how what
who why its he they this but up out more about than you an your we i have had were their been which into or can she her
could would if when there all one no so do
и в на с по не о за к из для от у что как до после при а это но его их он она они мы был была было были будет все из-за
под об так или во со том который которые также еще уже более чем год года
і й в у на з по не про за до із для від що як після при та це але його їх він вона вони ми був була було були буде всі
під об так або зі який які також ще вже більше ніж рік року
"""

_IN_MANY = """
first two three year years day days week month time today people man men woman women world state states country
government president minister prime police court law war peace attack attacks killed dead death deaths kill kills dies
die military army forces troops russia russian ukraine ukrainian china chinese us usa uk america american americans
europe european eu israel israeli iran gaza india trump biden putin white house party election elections vote leader
leaders deal talks talk plan plans report reports news live update updates latest top big best old back down off now
just still may might must make makes made take takes get gets got give go goes come comes say see sees show shows set
sets call calls face faces hit hits lead leads end ends open opens close closes win wins won lose lost help helps ask
asks find finds found put puts run runs turn turns warn warns seek seeks hold holds keep keeps amid against between
under before during while since until near last next high low long part home city town area school family children
child life health hospital money million billion business company companies market markets price prices oil energy
economy economic tax trade bank budget cut cuts rise rises fall falls growth cost costs security national international
public global local official officials former case judge trial charges charged arrested accused guilty prison crime
fire storm flood crash climate weather game games season team football cup league star film music media social video
photos analysis opinion question questions issue crisis power group groups support work workers strike north south east
west
рф россии россия российский российские россиян сша украины украина украине украинский европы ес китая китай москве
москва москвы путин путина трамп трампа зеленский президент президента глава главы заявил заявила сообщил сообщили
сообщает рассказал назвал стало известно новый новые новых первый время день дня дней лет стран страны страну
правительство министр суд суда закон власти полиция войны война армии военные удар атака погибли человек людей
тысяч млн млрд рублей долларов рынок цены нефти газа банк компании компания область области города город против
между через будут может могут стал стали начал над без только
росії росія російський російські рф сша україни україна україні український українські європи єс китаю китай києві
київ києва путін путіна трамп трампа зеленський зеленського президент президента голова заявив заявила повідомив
повідомили розповів назвав стало відомо новий нові нових перший час день дня днів років країн країни країну уряд
міністр суд суду закон влада поліція війни війна зсу військові удар атака загинули людина людей тисяч млн млрд гривень
доларів ринок ціни нафти газу банк компанії компанія область області міста місто проти між через будуть може можуть
став стали почав над без тільки
"""


def _expected() -> Iterator[tuple[str, float]]:
    for words, share in ((_IN_MANY, 0.02), (_IN_MOST, 0.2)):
        yield from ((word, share) for word in words.split())


_EXPECTED = MappingProxyType(dict(_expected()))
_UNLISTED = 2.0**-4


def rarity_by(frequencies: Mapping[str, float]) -> Rarity:
    """Return a rarity by `frequencies`, shares of stories; else by common knowledge, else by length."""

    def rarity(term: str) -> float:
        return frequencies.get(term) or _EXPECTED.get(term, 0.0) + _UNLISTED * 2.0 ** -len(term)

    return rarity
