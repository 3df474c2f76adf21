"""Words of grammar and of every newsroom, which say nothing about what a text tells, and small numbers spelt out."""

from collections.abc import Mapping
from types import MappingProxyType

_ENGLISH = """
a about above after again against ago all also although am amid among an and another any are aren as at away back be
became because become been before began behind being below between both but by can cannot could couldn despite d did
didn do does doesn doing don done down during each either else even ever every few first for from further gave get gets
getting give given go goes going gone got had hadn has hasn have haven having he her here hers herself him himself his
how however i if in including into is isn it its itself just ll last later least less let like likely ll m made make
makes making many may me might mine more most mr mrs ms much must my myself near never new next no nor not now of off
often on once one only onto or other others our ours out over own per put re s said same saw say saying says see seen
set several shall she should shouldn since so some still such t take taken tell tells than that the their theirs them
themselves then there these they this those though through thus to told too took toward towards under until
up upon us use used ve very via was wasn we well went were weren what when where whether which while who whom whose why
will with within without won would wouldn yet you your yours
am pm est edt gmt utc posted updated published reported reports according story news live video photo photos watch
"""
_GERMAN = """
ab aber alle allem allen aller alles als also am an andere anderen anderer anderes auch auf aus bei beim bereits bin bis
bist da dabei dadurch daher damit danach dann darauf darf das dass dazu dein dem den denen denn der deren des dessen
deshalb die dies diese diesem diesen dieser dieses doch dort du durch ein eine einem einen einer eines er erst es etwa
etwas euch fur gegen gegenuber gibt ging habe haben hat hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre ihrem
ihren ihrer im immer in indem ins ist ja jede jedem jeden jeder jedes jedoch jetzt kann kein keine keinem keinen keiner
konnen konnte konnten laut mal man mehr mein mich mir mit muss mussen musste nach nachdem neue neuen neuer nicht nichts
noch nun nur ob oder ohne seien sein seine seinem seinen seiner seit sei selbst sehr sich sie sind so sogar soll sollen
sollte sollten sondern sowie uber um und uns unser unter viel viele vom von vor wahrend war waren warum was wegen weil
weiter weitere welche welchem welchen welcher wenn wer werde werden wie wieder will wir wird wo wollen wollte wurde
wurden zu zum zur zwar zwischen sagte sagt uhr teilte mitteilte bild news live video
"""
_RUSSIAN = """
а без более больше будет будто будут бы был была были было быть в вам вас ваш вдруг ведь весь во вот впрочем все всего
всем всех вы где да даже для до другой других его ее ей ему если есть еще же за здесь и из из-за или им именно ими
иногда их к как какая какой когда конечно которая которого которое которой котором которому которую которые который
которых кто куда ли либо лишь между меня мне много может можно мой моя мы на над надо нам нами нас наш не него нее ней
некоторые нет нибудь ни них ничего но ну о об один одна однако он она они оно опять от отметил отметила очень перед по
под пока после потом потому почти при про раз разве с сам самая само самый сама свое свои своих свой свою себе себя
сегодня сейчас сказал сказала сказали со согласно сообщает сообщают сообщил сообщила сообщили сообщило стал стала стали
также так такая такие такого такое такой там твой те тебя тем теперь то тогда того тоже той только том тот тут ты у
уж уже хотя хоть хотели через чего чей чем через что чтоб чтобы чуть эти этих это этого этой этом этому этот эту я
заявил заявила заявили рассказал рассказала передает пишет новости видео фото года году год ранее слова словам отмечает
"""
_UKRAINIAN = """
 а аби або адже але б без більш більше буде будуть бути був була були було в вам вас ваш ваша весь вже ви від він вона
вони воно все всі всіх втім да де для до дуже є ж за завжди з зі зараз зокрема й його йому їй їм їх її і із інша
інші інших інший коли кого крім куди лише мене мені між ми може можна мою моя на над нам нами нас наш не нам немає ні
ним ним них ніж но ну о об однак один одна ось перед під пише по поки після потім при про проти разом раніше сам сама
саме самий свого своє свої своїх свою себе сказав сказала сказали сьогодні та так така такий також там те теж ти тим
тих тільки то тоді того той тому ту тут у увесь хоча хто це цей ці цих цього цьому цю ця чи через чого чому ще що
щоб щодо як яка які яких якого якої якому якщо який яку я повідомив повідомила повідомили повідомляє повідомляють
повідомило заявив заявила заявили розповів розповіла передає новини відео фото року рік роки словами зазначив
зазначила відомо
"""
_FRENCH = """
a au aux avec c ce ces cet cette dans de des du elle elles en entre est et etait etaient ete etre eu fait il ils j je l
la le les leur leurs lors mais me meme mes moi mon n ne nos notre nous on ont ou par pas plus pour qu quand que qui sa
sans se selon ses si son sont sous sur ta te tes toi ton tu un une vers vos votre vous y apres avant aussi comme contre
deux depuis dont encore dit
"""
_SPANISH = """
a al algo ante antes asi con como contra cual cuando de del desde donde dos e el ella ellas ellos en entre era es esa
ese eso esta este esto estos estas fue fueron ha han hasta hay la las le les lo los mas me mi mientras muy ni no nos o
otra otro para pero por porque que quien se segun ser si sin sobre son su sus tambien tras un una uno unos y ya
"""

STOPWORDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "en": frozenset(_ENGLISH.split()),
        "de": frozenset(_GERMAN.split()),
        "ru": frozenset(_RUSSIAN.split()),
        "uk": frozenset(_UKRAINIAN.split()),
        "fr": frozenset(_FRENCH.split()),
        "es": frozenset(_SPANISH.split()),
    }
)
"""Language → its words, in the folded shape that `terms` gives; a language that is not here has none."""

_SPELT = {
    "en": "two three four five six seven eight nine ten eleven twelve",
    "de": "zwei drei vier funf sechs sieben acht neun zehn elf zwolf",
    "ru": "два,двое,двоих,двух три,трое,троих,трех четыре,четверо,четырех пять,пятеро,пяти шесть,шести семь,семи "
    "восемь девять десять одиннадцать двенадцать",
    "uk": "два,двоє,двох три,троє,трьох чотири,четверо,чотирьох пʼять,пятеро,пяти шість,шести сім,семи вісім девять "
    "десять одинадцять дванадцять",
}
NUMERALS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        language: MappingProxyType(
            {
                spelling: str(number)
                for number, spellings in enumerate(words.split(), 2)
                for spelling in spellings.split(",")
            }
        )
        for language, words in _SPELT.items()
    }
)
"""Language → its small numbers in words → in figures."""
