"""Which declared entities a story speaks of, how surely, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from monitor.entities.clues import Surroundings, vocabulary_of
from monitor.entities.meaning import AS_DECLARED, IN_FULL, OWN_NAME, meant
from monitor.entities.naming import Form
from monitor.entities.neighbours import whose
from monitor.entities.roster import Roster
from monitor.entities.scanning import Find, Lettering, lettering, scan
from monitor.text.words import Words


class Certainty(StrEnum):
    """How far a find can be believed."""

    SURE = "sure"
    POSSIBLE = "possible"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A name of an entity in a field of a story: words from `first` up to, not including, `end`."""

    entity: str
    field: str
    first: int
    end: int
    certainty: Certainty
    alias: str
    """the name as declared"""
    how: str
    """how the form found comes from it; empty: as declared"""
    reason: str = ""
    """why it is not sure, or what made it sure; empty: nothing spoke against it"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentions:
    """What was found of every entity, in reading order."""

    found: Mapping[str, tuple[Mention, ...]] = field(default_factory=dict)
    """entity id → its sure and possible mentions; none overlap unless it is named inside longer names"""
    rejected: Mapping[str, tuple[Mention, ...]] = field(default_factory=dict)

    def of(self, entity: str, *, is_possible: bool = False) -> tuple[Mention, ...]:
        """Return the sure mentions of an entity; with `is_possible` the possible ones as well."""
        every = self.found.get(entity, ())
        return every if is_possible else tuple(each for each in every if each.certainty is Certainty.SURE)

    @property
    def sure(self) -> tuple[str, ...]:
        """The ids of the entities that are certainly mentioned, in order of the alphabet."""
        return tuple(sorted(entity for entity in self.found if self.of(entity)))


NOTHING = Mentions()


def find_mentions(
    roster: Roster, texts: Mapping[str, Words], *, language: str = "", tags: Iterable[str] = ()
) -> Mentions:
    """Return the mentions of all entities in the fields of one story, given in reading order.

    `language` and `tags` are the feed's; they count as context where a name asks for it.
    """
    if all(roster.lengths.keys().isdisjoint(words.terms) for words in texts.values()):
        return NOTHING
    finds = [find for name, words in texts.items() for find in scan(roster, name, words)]
    if not finds:
        return NOTHING
    story = Surroundings(
        texts=texts,
        vocabulary=vocabulary_of(texts.values()),
        tags=frozenset(tag.casefold() for tag in tags),
        language=language,
        entities=frozenset(),
    )
    return _settled(roster, finds, story)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verdict:
    find: Find
    form: Form
    certainty: Certainty
    reason: str
    extent: tuple[int, int]

    def mention(self) -> Mention:
        return Mention(
            entity=self.form.name.entity,
            field=self.find.field,
            first=self.extent[0],
            end=self.extent[1],
            certainty=self.certainty,
            alias=self.form.name.text,
            how="; ".join(self.form.how),
            reason=self.reason,
        )


def _settled(roster: Roster, finds: list[Find], story: Surroundings) -> Mentions:
    """Judge in rounds: what is certain by itself decides about the rest, whatever the order of declaration."""
    written = {name: lettering(words.text) for name, words in story.texts.items()}
    sure: frozenset[str] = frozenset()
    for _ in range(_ROUNDS):
        around = Surroundings(
            texts=story.texts, vocabulary=story.vocabulary, tags=story.tags, language=story.language, entities=sure
        )
        verdicts = [one for find in finds for one in _judged(roster, find, around, written[find.field])]
        now = frozenset(one.form.name.entity for one in verdicts if one.certainty is Certainty.SURE)
        if now == sure:
            break
        sure = now
    return _gathered(verdicts)


_ROUNDS = 3
"""A sure mention may make another sure, and that one a third; longer chains do not occur in a story."""


def _judged(roster: Roster, find: Find, story: Surroundings, written: Lettering) -> list[_Verdict]:
    words = story.texts[find.field]
    verdicts = [
        _Verdict(find=find, form=form, certainty=Certainty.REJECTED, reason=why, extent=(find.first, find.end))
        for form, why in find.refused
    ]
    open_: list[_Verdict] = []
    for form in find.forms:
        extent, certainty, reason = (find.first, find.end), Certainty.SURE, ""
        unless = next((clue for clue in form.name.unless if story.show(clue)), None)
        neighbour = whose(roster, form, words, find.first, find.end)
        if unless is not None:
            certainty, reason = Certainty.REJECTED, f"not with {unless.text!r} in the story"
        elif neighbour.is_other:
            certainty, reason = Certainty.REJECTED, neighbour.reason
        else:
            extent = (neighbour.first, neighbour.end)
            if not neighbour.is_own:
                certainty, reason = _by_context(form, story, written)
        one = _Verdict(find=find, form=form, certainty=certainty, reason=reason, extent=extent)
        (verdicts if certainty is Certainty.REJECTED else open_).append(one)
    if len(open_) > 1:
        own = [one for one in open_ if one.extent != (find.first, find.end)]
        open_ = own or open_
    if len({one.form.name.entity for one in open_}) > 1:
        return verdicts + _between(roster, open_, story, written)
    return verdicts + open_


def _by_context(form: Form, story: Surroundings, written: Lettering) -> tuple[Certainty, str]:
    """What the name itself asks for."""
    name = form.name
    if name.context:
        shown = next((clue for clue in name.context if story.show(clue)), None)
        if shown is not None:
            return Certainty.SURE, f"with {shown.text!r} in the story"
        return Certainty.POSSIBLE, f"without any of its context ({', '.join(clue.text for clue in name.context)})"
    doubt = form.doubt
    if name.case == "exact" and written.proves_nothing and len(form.phrase) == 1:
        doubt = "capitals prove nothing in this headline"
    elif form.is_shouted and written.is_upper:
        doubt = "everything is in capitals here"
    return (Certainty.POSSIBLE, doubt) if doubt and name.entity not in story.entities else (Certainty.SURE, "")


def _between(roster: Roster, rivals: list[_Verdict], story: Surroundings, written: Lettering) -> list[_Verdict]:
    """One name, several entities: the story decides, or all of them stay possible."""
    forms = tuple(one.form for one in rivals)
    find = rivals[0].find
    chosen, reason = meant(roster, forms, story, find, written)
    chosen |= {form.name.entity for form in forms if roster.twins.get(form.name.entity) in chosen}
    is_one = all(chosen <= {one, roster.twins.get(one)} for one in chosen)
    verdicts: list[_Verdict] = []
    for one in rivals:
        certainty, why = one.certainty, reason
        if one.form.name.entity not in chosen and reason in (AS_DECLARED, OWN_NAME, IN_FULL):
            certainty, why = Certainty.POSSIBLE, f"{', '.join(sorted(chosen))} is likelier: {reason}"
        elif one.form.name.entity not in chosen:
            certainty, why = Certainty.REJECTED, f"{', '.join(sorted(chosen))} is meant: {reason}"
        elif not is_one:
            others = ", ".join(sorted(chosen - {one.form.name.entity}))
            certainty, why = Certainty.POSSIBLE, f"it may also be {others}"
        elif certainty is Certainty.POSSIBLE:
            why = one.reason
        verdicts.append(_Verdict(find=one.find, form=one.form, certainty=certainty, reason=why, extent=one.extent))
    return verdicts


def _gathered(verdicts: list[_Verdict]) -> Mentions:
    found: dict[str, list[Mention]] = {}
    rejected: dict[str, list[Mention]] = {}
    for verdict in verdicts:
        mention = verdict.mention()
        into = rejected if verdict.certainty is Certainty.REJECTED else found
        listed = into.setdefault(mention.entity, [])
        if not listed or listed[-1].field != mention.field or listed[-1].end <= mention.first:
            listed.append(mention)
    return Mentions(
        found={entity: tuple(each) for entity, each in found.items()},
        rejected={entity: tuple(each) for entity, each in rejected.items()},
    )
