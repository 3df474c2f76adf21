"""Ordinary words: what an alias written in lower case cannot be, and what a generated form must not turn into."""

from monitor.text.folding import fold

_ENGLISH = """
a about above abuse across act after again against age ago air all also am an and any are area arm army art as ask at
attack away back bad bank bar base be bear because been before best better big bill bird black blue board body bond book
born both box boy branch bread brown bus bush but buy by call camp can car card care case cash cat change child church
city class clay club coal coast cold come company cook cook could country court cross cup cut dark day dead deal death
did die do dog door down dry each earth east egg eight else end ever every eye face fact fall family far farm fast
father few field fight fire first fish five flag food fool foot for force ford forest four fox free from front full
game garden gas get girl give go gold good grace grant great green ground group guard gun had hall hand hard has hat
have he head health heart help hen her here high hill him his hit hold home hope horse hot hour house how hunt i ice
if in is it its job joy just keep key kid king knife know lake land last law lead leader left less let life light like
line lion list little live long lord lose love low made main make man many march mark market may me mean media men
might milk mill mine minister money month moon more most mother mount mouse much must my near new next nice night nine
no nor north not now of off office oil old on once one only open or order other our out over own page paper park part
party past pay peace people place plan play police poor pope port post power president press price prime prince queen
rain read red rest rice rich right river road rock rose round rule run said salt same sand say school sea see sell
send set seven shall share she ship shop short show side silver six sky small snow so some son soon south stand star
state stay steel still stone stop store storm street strong such sugar sun take talk tank tax team tell ten than that
the their them then there these they thing think this those three time to today together told too top town trade tree
true two under union up us use very view village war was water way we week well went were west what when where which
while white who why wife will wind wine winter wolf woman wood word work world would year yes you young your
monday tuesday wednesday thursday friday saturday sunday january february april june july august september october
november december summer spring autumn government ministry council parliament court
"""
_RUSSIAN = """
а без бой брат бы был была в вас весь вид вода война время все всех вы где глава год город да два день для до дом
друг его ее если есть еще же за здесь земля и из или им их как кто ли лишь люди мать мир мне мы на над нас наш не нет
но ну о об она они он от пока по под после потом право при про раб рад раз рот рука с сам свет свой себя со суд так
там те то только тот тут ты у уже хотя час чем что чтобы эта эти это этот я президент министр правительство компания
партия банк мэр депутат лев роман вера надежда любовь рак дума совет страна область район края край мая май марта март
"""
_UKRAINIAN = """
або але був була в вже ви він війна все всі втім де до для є за закон земля з зі і із його її їх ще щоб як яка який
люди ми на не ні ну по при про рік світ себе суд та так там те ти то тут у уряд це цей час чи чого що я президент
міністр партія банк мер депутат віра надія любов рада країна область район день
"""
_OTHERS = """
aber als auch auf aus bei bin das dass dem den der des die du ein eine er es für haben hat ich ihr im in ist ja kein
man mit nach nicht noch nur oder präsident regierung sein sich sie sind so über um und uns unter vom von vor war was
weil wenn wer wie wir zu zum zur au aux avec ce cette ces comme dans de des du elle en est et il ils je la le les leur
mais ne nous on ou par pas plus pour qui que sa se ses son sur un une vous président gouvernement con del el ella en
entre es este ha hay la las lo los más muy no o para pero por que se si sin su sus un una y ya e di il per che non una
"""


ORDINARY = frozenset(fold(f"{_ENGLISH} {_RUSSIAN} {_UKRAINIAN} {_OTHERS}").split())
"""Folded. A list of common words, not of all: it only makes notes and doubts, never a find."""
