"""Every form of every declared name, with what it takes to believe a find of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from monitor.entities.clues import Clue, read_clue
from monitor.entities.expansion import Shape, expand, gender_in
from monitor.entities.inflection import parts_of
from monitor.entities.ordinary import ORDINARY
from monitor.entities.tails import tails_of, with_other_tails
from monitor.model.rules import AliasSpec, EntitySpec
from monitor.text.tokens import Token, terms
from monitor.text.words import Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A declared name of an entity, and what it takes to be sure that a find means this entity."""

    entity: str
    text: str
    is_first: bool
    """whether it is the entity's own `name`, not an alias"""
    is_acronym: bool
    """whether it is made of the initials of another of the entity's names"""
    case: str
    context: tuple[Clue, ...]
    unless: tuple[Clue, ...]
    spellings: tuple[str, ...]
    """the name as declared, and what else the entity declares that differs from it in capitals alone"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A shape of a name as it is looked for."""

    name: Name
    phrase: Phrase
    how: tuple[str, ...]
    """the steps from the name as declared; empty: as declared"""
    capitals: tuple[bool, ...]
    """of each word: whether it must be written with a capital"""
    is_shouted: bool
    """whether it is a short acronym, which must be written in capitals"""
    is_surname: bool
    doubt: str = ""
    """why a find is only possible, whatever surrounds it but a sure mention; empty where there is no such reason"""


def forms_in(specs: Iterable[EntitySpec]) -> Iterator[Form]:
    expanded = [(spec, _expanded_names(spec)) for spec in specs]
    tails = tails_of(
        [shape for _, shapes in named for shape in shapes] for spec, named in expanded if spec.type == "place"
    )
    for spec, named in expanded:
        seen: set[Phrase] = set()
        # The shortest way first: a form that is also declared, or a case of another name, is told as that.
        for steps in range(1 + max((len(shape.how) for _, shapes in named for shape in shapes), default=0)):
            for name, shapes in named:
                for shape in shapes:
                    if len(shape.how) == steps and shape.phrase not in seen:
                        seen.add(shape.phrase)
                        yield _form(spec, name, shape)
        if spec.type == "organisation":
            yield from _with_tails(spec, named, tails, seen)


def _expanded_names(spec: EntitySpec) -> list[tuple[Name, list[Shape]]]:
    aliases = [alias if isinstance(alias, AliasSpec) else AliasSpec(name=alias) for alias in spec.aliases]
    names = (AliasSpec(name=spec.name), *aliases)
    gender = gender_in(tuple(each.name for each in names)) if spec.type == "person" else ""
    return [(_name(spec, each, at == 0, names), list(_expanded(spec, each, gender))) for at, each in enumerate(names)]


def _with_tails(
    spec: EntitySpec,
    expanded: list[tuple[Name, list[Shape]]],
    tails: Mapping[Phrase, tuple[Phrase, ...]],
    seen: set[Phrase],
) -> Iterator[Form]:
    for name, shapes in expanded:
        for shape in shapes:
            for phrase, tail in with_other_tails(shape.phrase, tails):
                if phrase not in seen and len(shapes) > 1:
                    seen.add(phrase)
                    how = (*shape.how, f"with {' '.join(tail)}")
                    yield _form(spec, name, Shape(phrase=phrase, text=shape.text, how=how), size=len(phrase))


def _expanded(spec: EntitySpec, alias: AliasSpec, gender: str) -> Iterator[Shape]:
    is_wanted = spec.forms and alias.forms and alias.case != "exact"
    return expand(alias.name, spec.type, gender=gender, forms=is_wanted, surname=spec.surname)


def _name(spec: EntitySpec, alias: AliasSpec, is_first: bool, names: tuple[AliasSpec, ...]) -> Name:
    is_single = len(terms(alias.name)) == 1
    return Name(
        entity=spec.id,
        text=alias.name,
        is_first=is_first,
        is_acronym=is_single and any(_initials(other.name) == terms(alias.name)[0] for other in names),
        case=alias.case or (spec.case if is_single else ""),
        context=_clues(alias.context or (spec.context if is_single else ())),
        unless=_clues((*alias.unless, *(spec.unless if is_single else ()))),
        spellings=tuple(other.name for other in names if other.name.casefold() == alias.name.casefold()),
    )


def _initials(name: str) -> str:
    words = [words[0] for word in name.split() if (words := terms(word))]
    return "".join(word[0] for word in words) if len(words) > 1 else ""


def _clues(texts: Iterable[str]) -> tuple[Clue, ...]:
    return tuple(clue for text in dict.fromkeys(texts) if (clue := read_clue(text)))


def _form(spec: EntitySpec, name: Name, shape: Shape, *, size: int = 0) -> Form:
    """The form of a shape; `size`: how many words it has, where these are more or fewer than its nominative's."""
    tokens = [part.token for part in parts_of(shape.text)][: size or None]
    is_caseless = name.case == "any"
    is_shouted = len(tokens) == 1 and tokens[0].exact.isupper() and _is_short(tokens[0])
    has_capital = [token.exact[:1].isupper() for token in tokens]
    if spec.type != "person" and len(tokens) > 1:
        # A name of several common nouns (Верховный суд) is written with a small letter as often as not.
        is_open = spec.type == "organisation" and not shape.text.isascii()
        has_capital = [each and at == 0 and not is_open for at, each in enumerate(has_capital)]
    doubt = ""
    if shape.how and len(shape.phrase) == 1 and shape.phrase[0] in ORDINARY and not name.context:
        doubt = f"{shape.phrase[0]!r} is an ordinary word"
    return Form(
        name=name,
        phrase=shape.phrase,
        how=shape.how,
        capitals=() if is_caseless else tuple(has_capital),
        is_shouted=is_shouted and not is_caseless,
        is_surname=shape.is_surname,
        doubt=doubt,
    )


_SHORT = 3


def _is_short(token: Token) -> bool:
    """Whether an acronym must be in capitals: WHO, US, МИД; NATO and TUI are written Nato and Tui too."""
    length = len(token.exact)
    return length == _SHORT - 1 or (length == _SHORT and (token.term in ORDINARY or not token.term.isascii()))
