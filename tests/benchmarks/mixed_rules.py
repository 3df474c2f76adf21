"""Rules of every kind made up from the words of given stories: the same for the same stories, number and seed."""

import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from monitor.entities.roster import Roster, build_roster
from monitor.model.rules import EntitySpec, RuleName, RuleSpec
from monitor.text.tokens import spans, terms

ENTITIES = 300
_COMMONEST = 200
"""One word in so many is so common that nobody writes a rule for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """What rules are made of."""

    words: tuple[str, ...]
    """every word of three letters or more, the commonest first, without the very commonest"""
    drawn: tuple[str, ...]
    """the same as often as they stand in the stories"""
    pairs: tuple[tuple[str, str], ...]
    """words that stand beside each other, as often as they do"""
    entities: tuple[EntitySpec, ...]
    roster: Roster


def town(titles: Iterable[str], entities: int = ENTITIES) -> Town:
    """Return the words of these stories; two words with capitals beside each other are the name of somebody."""
    counts: Counter[str] = Counter()
    names: Counter[str] = Counter()
    cut: list[list[str]] = []
    for title in titles:
        said = [word for word in terms(title) if word.isalpha() and len(word) >= 3]
        cut.append(said)
        counts.update(said)
        places = spans(title)
        for (start, end), (first, last) in itertools.pairwise(places):
            pair = (title[start:end], title[first:last])
            if title[end:first] == " " and all(word.istitle() and len(word) > 3 for word in pair):
                names[" ".join(pair)] += 1
    ranked = [word for word, _ in counts.most_common()]
    words = tuple(ranked[len(ranked) // _COMMONEST :])
    kept = frozenset(words)
    specs = tuple(
        EntitySpec(id=f"e{number}", type=("person", "organisation", "place")[number % 3], name=name)
        for number, (name, _) in enumerate(names.most_common(entities))
    )
    return Town(
        words=words,
        drawn=tuple(word for title in cut for word in title if word in kept),
        pairs=tuple((one, other) for title in cut for one, other in itertools.pairwise(title) if {one, other} & kept),
        entities=specs,
        roster=build_roster(specs),
    )


def word_rules(town: Town, wanted: int) -> tuple[RuleSpec, ...]:
    """Return rules of one term each: words spread from common to rare, then pairs of words once they run out."""
    step = max(1, len(town.words) // wanted)
    queries = [f'"{word}"' for word in town.words[::step][:wanted]]
    chance = random.Random(1)
    known = set(queries)
    for _ in range(10 * wanted):  # few words make few pairs
        if len(queries) == wanted:
            break
        query = f'"{chance.choice(town.words)} {chance.choice(town.words)}"'
        if query not in known:
            known.add(query)
            queries.append(query)
    return _named(queries)


def mixed_rules(town: Town, wanted: int, seed: int = 1) -> tuple[RuleSpec, ...]:
    """Return rules of every kind, in the shares that `_KINDS` gives."""
    chance = random.Random(seed)
    makers = [make for make, _ in _KINDS]
    weights = [weight for _, weight in _KINDS]
    return _named(make(town, chance) for make in chance.choices(makers, weights, k=wanted))


def _named(queries: Iterable[str]) -> tuple[RuleSpec, ...]:
    return tuple(RuleSpec(name=RuleName(f"rule {number}"), query=query) for number, query in enumerate(queries))


def _any(town: Town, chance: random.Random) -> str:
    """A word: as likely one of the words that are said often as any that is said at all."""
    return chance.choice(town.drawn if chance.random() < 0.5 else town.words)


def _word(town: Town, chance: random.Random) -> str:
    return f'"{chance.choice(town.words)}"'


def _both(town: Town, chance: random.Random) -> str:
    return f'"{_any(town, chance)}" AND "{_any(town, chance)}"'


def _phrase(town: Town, chance: random.Random) -> str:
    return f'"{" ".join(chance.choice(town.pairs))}"'


def _thorough(town: Town, chance: random.Random) -> str:
    words = [f'"{_any(town, chance)}"' for _ in range(5)]
    return f"({words[0]} OR {words[1]} OR title:{words[2]}) AND {words[3]} NOT {words[4]}"


def _near(town: Town, chance: random.Random) -> str:
    return f'"{_any(town, chance)}" {chance.choice(("NEAR", "ONEAR"))}/5 "{_any(town, chance)}"'


def _entity(town: Town, chance: random.Random) -> str:
    return f'entity:{chance.choice(town.entities).id} AND "{_any(town, chance)}"'


def _entity_alone(town: Town, chance: random.Random) -> str:
    return f"entity:{chance.choice(town.entities).id}{chance.choice(('', '?'))}"


def _prefix(town: Town, chance: random.Random) -> str:
    return f'{chance.choice(town.words)[:6]}* AND "{_any(town, chance)}"'


def _prefix_alone(town: Town, chance: random.Random) -> str:
    return f"{chance.choice([word for word in chance.choices(town.words, k=20) if len(word) > 5] or ['harbour'])[:7]}*"


def _count(town: Town, chance: random.Random) -> str:
    return f'count("{_any(town, chance)}") >= {chance.choice((2, 3))}'


def _forms(town: Town, chance: random.Random) -> str:
    return f'forms("{_any(town, chance)}") AND "{_any(town, chance)}"'


def _forms_alone(town: Town, chance: random.Random) -> str:
    return f'forms("{chance.choice(town.words)}")'


def _regex(town: Town, chance: random.Random) -> str:
    one, other = chance.choice(town.pairs)
    return f"/{one}.{{1,9}}{other}/"


_KINDS: tuple[tuple[Callable[[Town, random.Random], str], float], ...] = (
    (_word, 10),
    (_both, 24),
    (_phrase, 20),
    (_thorough, 14),
    (_near, 10),
    (_entity, 8),
    (_entity_alone, 2),
    (_prefix, 4),
    (_prefix_alone, 1),
    (_count, 3),
    (_forms, 2),
    (_forms_alone, 1),
    (_regex, 1),
)
"""kinds with their shares in per cent"""
