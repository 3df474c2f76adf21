"""Names that end in a declared place: whoever declares *МИД Германии* and the place's names means *МИД ФРГ* as well."""

from collections.abc import Iterable, Iterator, Mapping

from monitor.entities.expansion import Shape
from monitor.entities.paradigms import Case
from monitor.text.words import Phrase

MOST_TAILS = 8
"""Other names of one place that are put in."""


def tails_of(places: Iterable[Iterable[Shape]]) -> Mapping[Phrase, tuple[Phrase, ...]]:
    """Return, for every genitive of a name of a place, the genitives of its other names in the same script."""
    found: dict[Phrase, tuple[Phrase, ...]] = {}
    for shapes in places:
        genitives = list(dict.fromkeys(_genitives(shapes)))
        for phrase in genitives:
            others = [one for one in genitives if one != phrase and one[0].isascii() == phrase[0].isascii()]
            found.setdefault(phrase, tuple(others[:MOST_TAILS]))
    return found


def with_other_tails(phrase: Phrase, tails: Mapping[Phrase, tuple[Phrase, ...]]) -> Iterator[tuple[Phrase, Phrase]]:
    """Yield (phrase, its new tail) for every other name of the place that a longer phrase ends in."""
    for length in (2, 1):
        if length < len(phrase) and (others := tails.get(phrase[-length:])):
            yield from ((phrase[:-length] + other, other) for other in others)
            return


def _genitives(shapes: Iterable[Shape]) -> Iterator[Phrase]:
    """Yield a name's genitives, in the order of declaration; what does not change is its own."""
    listed = list(shapes)
    changing = {shape.text for shape in listed if len(shape.how) == 1 and shape.how[0].startswith(Case.GENITIVE)}
    for shape in listed:
        if (not shape.how and shape.text not in changing) or (
            len(shape.how) == 1 and shape.how[0].startswith(Case.GENITIVE)
        ):
            yield shape.phrase
