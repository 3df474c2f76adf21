"""Words of headlines that contradict one another: talks that begin are other news than talks that falter.

Each line is one question that has two answers, in English, Russian, Ukrainian and German; the forms of a word count as
the word. Only what headlines say of events is listed, and only pairs of which one story hardly ever has both: a truce
is agreed and broken within a day, and that is two pieces of news. Nobody wins a match that nobody loses, and what
somebody confirms somebody else denies: such words tell one story from two sides, and are left out.
"""

from collections.abc import Collection, Mapping
from functools import cache
from types import MappingProxyType

from monitor.stories.vocabulary import word_number
from monitor.text.folding import fold
from monitor.text.stems import Stems

_LANGUAGES = ("en", "ru", "uk", "de")
_LINES = """
begin begins start starts open opens resume resumes / falter falters stall stalls collapse collapses fail fails
raise raises raised hike hikes increase increases / cut cuts lower lowers slash slashes reduce reduces
rise rises climb climbs surge surges soar soars / fall falls drop drops slump slumps plunge plunges
accept accepts approve approves back backs pass passes / reject rejects refuse refuses veto vetoes
arrest arrests detain detains / release releases free frees acquit acquits
impose imposes / lift lifts
reach reaches sign signs / break breaks scrap scraps
начались начинаются начать открылись возобновились / сорвались провалились прекращены зашли
повысил повысила повышает поднял подняла / снизил снизила снижает понизил
вырос выросла выросли растёт / упал упала упали падает
одобрил одобрила принял приняла поддержал / отклонил отклонила отверг отвергла
задержан задержали арестован / освобождён отпустили оправдан
почалися розпочалися відновилися / зірвалися провалилися припинені
підвищив підвищила підвищує / знизив знизила знижує
зріс зросла зросли зростає / впав впала впали падає
схвалив схвалила ухвалив ухвалила підтримав підтримала / відхилив відхилила відхилили
затримали заарештували / звільнили виправдали
beginnen starten / scheitern stocken platzen
erhöht anhebt / senkt kürzt
steigt steigen / fällt fallen sinkt
billigt annimmt / ablehnt verwirft
"""


@cache
def _answers() -> Mapping[int, tuple[int, int]]:
    """Word number → (question, answer)."""
    stems = Stems()
    found: dict[int, tuple[int, int]] = {}
    for question, line in enumerate(_LINES.strip().splitlines()):
        for answer, words in enumerate(line.split("/")):
            for word in words.split():
                for language in _LANGUAGES:
                    found.setdefault(word_number(stems.stem(fold(word), language)), (question, answer))
    return MappingProxyType(found)


def is_contrary(one: Collection[int], others: Collection[int]) -> bool:
    """Whether the words of a headline answer a question the other way than those of others, which agree on it."""
    answers = _answers()
    told = [answers[word] for word in one if word in answers]
    if not told:
        return False
    known = {answers[word] for word in others if word in answers}
    return any(
        (question, 1 - answer) in known and (question, answer) not in known and (question, 1 - answer) not in told
        for question, answer in told
    )
