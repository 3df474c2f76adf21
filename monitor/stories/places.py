"""Which words of a text are places, and in which country: two like events in two places are two events.

Countries, and the cities that world news speaks of most, in English, Russian and Ukrainian: enough to tell an
earthquake in Chile from one in Peru. A line is a country with places in it, the country first, names of one place
joined by a stroke. A place that is not listed is a word like others. Only words that hardly mean anything else are
listed: no Georgia, no Jordan, no Chad.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from monitor.stories.vocabulary import word_number
from monitor.text.folding import fold
from monitor.text.stems import Stems


class Place(NamedTuple):
    """A country, or a city or region in it, whatever it is called."""

    country: str
    name: str
    is_country: bool


_LINES = """
afghanistan kabul kandahar herat jalalabad | афганистан кабул кандагар герат | афганістан
albania tirana | албания тирана | албанія
algeria algiers | алжир
angola luanda | ангола
argentina | аргентина буэнос | аргентина
armenia yerevan | армения ереван | вірменія єреван
australia sydney melbourne brisbane perth adelaide canberra queensland | австралия сидней мельбурн | австралія сідней
austria vienna salzburg graz | австрия вена | австрія відень
azerbaijan baku nakhchivan | азербайджан баку
bahrain manama | бахрейн
bangladesh dhaka chittagong | бангладеш дакка | дакка
belarus minsk gomel | беларусь/белоруссия белоруссия минск гомель | білорусь мінськ
belgium brussels antwerp | бельгия брюссель | бельгія
bolivia | боливия | болівія
bosnia sarajevo | босния сараево | боснія сараєво
botswana | ботсвана
brazil brasilia janeiro | бразилия | бразилія
bulgaria sofia varna | болгария софия варна | болгарія софія
burkina ouagadougou | буркина | буркіна
burundi | бурунди | бурунді
cambodia | камбоджа
cameroon | камерун
canada toronto montreal ottawa vancouver alberta ontario quebec | канада торонто монреаль оттава | оттава
chile santiago valparaiso | чили сантьяго | чилі
china beijing shanghai shenzhen guangzhou wuhan xinjiang sichuan | китай пекин шанхай ухань | китай пекін
colombia bogota medellin | колумбия богота | колумбія
congo kinshasa goma | конго киншаса | кіншаса
croatia zagreb | хорватия загреб | хорватія
cuba havana | куба гавана
cyprus nicosia limassol larnaca | кипр никосия | кіпр
czechia prague brno | чехия прага | чехія
denmark copenhagen | дания копенгаген | данія
ecuador quito guayaquil | эквадор кито | еквадор
egypt cairo alexandria sinai | египет каир синай | єгипет каїр
eritrea asmara | эритрея | еритрея
estonia tallinn narva tartu | эстония таллин нарва | естонія таллінн
ethiopia tigray | эфиопия аддис | ефіопія
finland helsinki | финляндия хельсинки | фінляндія гельсінкі
france paris marseille lyon toulouse strasbourg bordeaux | франция париж марсель страсбург | франція
gaza rafah jenin nablus ramallah hebron | газа рафах | рафах
germany berlin munich hamburg frankfurt cologne | германия берлин мюнхен | німеччина берлін
germany dresden leipzig stuttgart dusseldorf | германия гамбург франкфурт | німеччина гамбург
ghana accra | гана
greece athens thessaloniki crete | греция афины салоники | греція афіни
greenland nuuk | гренландия | гренландія
guatemala | гватемала
haiti | гаити | гаїті
honduras | гондурас
hungary budapest | венгрия будапешт | угорщина
iceland reykjavik | исландия | ісландія
india delhi mumbai kolkata chennai bengaluru/bangalore | индия дели | індія делі
india bangalore hyderabad gujarat kashmir punjab | индия мумбаи | індія мумбаї
indonesia jakarta bali sumatra sulawesi lombok | индонезия джакарта | індонезія
iran tehran isfahan shiraz tabriz mashhad natanz | иран тегеран исфахан | іран
iraq baghdad basra mosul erbil kirkuk | ирак багдад мосул | ірак
ireland dublin | ирландия дублин | ірландія дублін
israel jerusalem haifa tel | израиль иерусалим хайфа | ізраїль єрусалим
italy rome milan naples turin venice sicily genoa | италия рим милан неаполь турин венеция | італія мілан
japan tokyo osaka kyoto fukushima hiroshima okinawa | япония токио осака | японія токіо
kazakhstan astana almaty | казахстан астана алматы | алмати
kenya nairobi mombasa | кения найроби | кенія найробі
kosovo pristina | косово приштина
kuwait | кувейт
kyrgyzstan bishkek | киргизия/кыргызстан кыргызстан бишкек | киргизстан бішкек
laos vientiane | лаос
latvia riga | латвия рига | латвія
lebanon beirut tripoli sidon | ливан бейрут | ліван
libya benghazi misrata | ливия бенгази триполи | лівія
lithuania vilnius kaunas | литва вильнюс | вільнюс
luxembourg | люксембург
madagascar | мадагаскар
malawi | малави | малаві
malaysia penang | малайзия | малайзія
mali bamako | мали | малі
malta valletta | мальта
mauritania | мавритания | мавританія
mexico tijuana guadalajara acapulco oaxaca sinaloa | мексика мехико | мехіко
moldova chisinau transnistria | молдова/молдавия молдавия кишинев приднестровье | кишинів
mongolia ulaanbaatar | монголия | монголія
montenegro podgorica | черногория подгорица | чорногорія
morocco rabat casablanca marrakech/marrakesh marrakesh | марокко рабат
mozambique maputo | мозамбик | мозамбік
myanmar yangon mandalay | мьянма
namibia | намибия | намібія
nepal kathmandu | непал катманду
netherlands amsterdam rotterdam hague | нидерланды амстердам гаага роттердам | нідерланди
nicaragua managua | никарагуа | нікарагуа
niger niamey | нигер | нігер
nigeria lagos abuja kano kaduna borno maiduguri | нигерия лагос | нігерія
norway oslo | норвегия осло | норвегія
oman muscat | оман маскат
pakistan islamabad karachi lahore peshawar quetta balochistan rawalpindi | пакистан исламабад карачи лахор | ісламабад
panama | панама
paraguay asuncion | парагвай
peru lima cusco | перу лима | ліма
philippines manila mindanao luzon cebu davao | филиппины манила | філіппіни маніла
poland warsaw krakow gdansk lublin rzeszow | польша варшава краков гданьск | польща краків
portugal lisbon | португалия лиссабон | португалія лісабон
qatar doha | катар доха
romania bucharest | румыния бухарест | румунія
russia moscow petersburg kazan novosibirsk rostov | россия москва петербург казань новосибирск ростов | росія бєлгород
russia belgorod kursk bryansk samara | россия белгород курск брянск самара | росія
russia saratov krasnodar voronezh | россия саратов краснодар воронеж | росія брянськ
russia yekaterinburg sochi | россия екатеринбург сочи | росія
russia dagestan chechnya bashkortostan tatarstan | россия дагестан чечня башкирия татарстан | росія
rwanda kigali | руанда кигали
saudi riyadh jeddah mecca | саудовская | саудівська
senegal dakar | сенегал дакар
serbia belgrade | сербия белград | сербія белград
singapore | сингапур | сінгапур
slovakia bratislava | словакия братислава | словаччина
slovenia ljubljana | словения любляна | словенія
somalia mogadishu | сомали могадишо | сомалі
spain madrid barcelona valencia seville catalonia | испания мадрид барселона валенсия | іспанія
lanka colombo | ланка коломбо
sudan khartoum darfur | судан хартум дарфур
sweden stockholm gothenburg malmo | швеция стокгольм | швеція
switzerland zurich geneva bern davos | швейцария цюрих женева | швейцарія
syria damascus aleppo idlib homs latakia | сирия дамаск алеппо идлиб | сирія
taiwan taipei hualien | тайвань тайбэй
tajikistan dushanbe | таджикистан душанбе
tanzania dodoma zanzibar | танзания | танзанія
thailand bangkok phuket pattaya | таиланд бангкок пхукет | таїланд
togo |
tunisia tunis | тунис | туніс
turkey/turkiye turkiye ankara istanbul izmir antalya | турция анкара стамбул измир анталья | туреччина
turkmenistan ashgabat | туркмения/туркменистан туркменистан ашхабад
uganda kampala | уганда кампала
uae/emirates emirates dubai sharjah | оаэ дубай | оае
ukraine kyiv/kiev kiev kharkiv/kharkov | украина киев харьков одесса | україна київ/києва харків/харкова
ukraine kharkov odesa/odessa odessa | украина львов днепр | україна одеса львів/львова
ukraine lviv dnipro zaporizhzhia | украина запорожье херсон | україна дніпро запоріжжя
ukraine kherson mykolaiv | украина николаев сумы | україна миколаїв/миколаєва/миколаєві
ukraine sumy chernihiv poltava | украина чернигов полтава | україна чернігів/чернігова/чернігові донецьк
ukraine donetsk luhansk | украина донецк луганск | україна луганськ крим
ukraine crimea mariupol bakhmut | украина крым мариуполь | україна маріуполь покровськ
ukraine pokrovsk kramatorsk | украина покровск краматорск | україна краматорськ
uk/britain britain england scotland wales | британия лондон манчестер | британія шотландія
uk/britain london manchester birmingham | британия ливерпуль | британія
uk/britain liverpool glasgow edinburgh leeds belfast cardiff bristol | британия шотландия эдинбург | британія
uruguay montevideo | уругвай
uzbekistan tashkent samarkand | узбекистан ташкент самарканд
vatican | ватикан
venezuela caracas | венесуэла каракас | венесуела
vietnam hanoi saigon | вьетнам ханой | вʼєтнам
yemen sanaa aden hodeidah | йемен сана аден | ємен
zambia lusaka | замбия | замбія
zimbabwe harare | зимбабве
texas houston dallas austin | техас хьюстон даллас
california angeles sacramento oakland | калифорния анджелес | каліфорнія
florida miami orlando tampa jacksonville | флорида майами | маямі
york brooklyn manhattan bronx | бруклин манхэттен
chicago illinois | чикаго иллинойс | чікаго
pennsylvania philadelphia pittsburgh | пенсильвания филадельфия | пенсільванія
ohio cleveland cincinnati | огайо кливленд
michigan detroit | мичиган детройт
minnesota minneapolis | миннесота миннеаполис
colorado denver | колорадо денвер
arizona tucson | аризона
nevada vegas | невада вегас
oregon portland | орегон портленд
seattle | сиэтл
louisiana orleans | луизиана орлеан
tennessee nashville memphis | теннесси нэшвилл мемфис
kentucky louisville | кентукки
alabama | алабама
mississippi | миссисипи
missouri kansas | миссури канзас
oklahoma tulsa | оклахома
utah | юта
hawaii honolulu maui | гавайи гонолулу | гаваї
alaska anchorage | аляска
massachusetts boston | массачусетс бостон
connecticut | коннектикут
maryland baltimore | мэриленд балтимор
wisconsin milwaukee | висконсин милуоки
indiana indianapolis | индиана
iowa | айова
nebraska omaha | небраска
zealand auckland wellington christchurch | зеландия окленд | зеландія
fiji | фиджи | фіджі
samoa | самоа
tonga | тонга
papua | папуа
vanuatu | вануату
pyongyang | пхеньян | пхеньян
seoul busan | сеул пусан
tbilisi batumi | тбилиси батуми | тбілісі батумі
amman | амман
kong | гонконг
"""


@cache
def atlas() -> Mapping[int, Place]:
    """Word number → place; made when it is first needed, which takes some 50 ms."""
    stems = Stems()
    found: dict[int, Place] = {}
    for line in _LINES.strip().splitlines():
        country = line.split()[0]
        for language, places in zip(("en", "ru", "uk"), line.split("|"), strict=False):
            for at, names in enumerate(places.split()):
                place = Place(country=country, name=country if at == 0 else names, is_country=at == 0)
                for name in names.split("/"):
                    found.setdefault(word_number(stems.stem(fold(name), language)), place)
    return MappingProxyType(found)


def places_in(words: Iterable[int]) -> dict[int, Place]:
    """Those of the words that are places."""
    known = atlas()
    found = known.keys() & words
    return {word: known[word] for word in found} if found else {}


def is_elsewhere(some: Mapping[int, Place], others: Mapping[int, Place]) -> bool:
    """Whether both texts speak of a place that the other does not: Kabul and Quetta, but not Kabul and Afghanistan."""
    return _lacks(some, others) and _lacks(others, some)


def _lacks(some: Mapping[int, Place], others: Mapping[int, Place]) -> bool:
    return any(not any(_is_within(place, other) for other in others.values()) for place in some.values())


def _is_within(one: Place, other: Place) -> bool:
    """Whether they are one place, or one of them is the country of the other."""
    return one.name == other.name or (one.country == other.country and (one.is_country or other.is_country))
