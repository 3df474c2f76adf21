"""`entities:`, who and what the rules speak of."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from monitor.config.shape.fields import Line, Section, matching
from monitor.model.rules import AliasSpec, EntitySpec

_Id = Annotated[str, matching(r"\w[\w-]*", "one word, of letters, digits, - and _")]
_Case = Literal["exact", "any"]


class Alias(Section):
    """Another name, of which more is to be said than how it is written."""

    name: Line
    """The name as it is written, in any script, in its basic form."""
    case: _Case | None = None
    """exact: only with these capitals and without other forms; any: whatever the capitals. Default: as the entity."""
    context: tuple[Line, ...] = ()
    """Words, phrases, entity:id, tag:word or lang:code, one of which must be there; else it is only possible."""
    unless: Annotated[tuple[Line, ...], Field(alias="not")] = ()
    """Words that reject it where they stand in the story, and longer names that it is a part of."""
    forms: bool = True
    """Whether inflected forms and other spellings of it are names too. Default: true."""

    def spec(self) -> str | AliasSpec:
        """The plain data: the name alone, where nothing else is said of it."""
        if self.model_fields_set <= {"name"}:
            return self.name
        return AliasSpec(
            name=self.name, case=self.case or "", context=self.context, unless=self.unless, forms=self.forms
        )


def _named(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


_Alias = Annotated[Alias, BeforeValidator(_named, json_schema_input_type=Line | Alias)]


class Entity(Section):
    """A person, organisation, place, product or event with its names."""

    id: _Id
    """What rules call it, as in entity:zelensky; each id once."""
    type: Literal["person", "organisation", "place", "product", "event", "other"] = "other"
    """What it is, and so how its names are inflected. Default: other."""
    name: Line
    """Its usual name in its basic form; found in texts like an alias."""
    aliases: tuple[_Alias, ...] = ()
    """Other names, in any script, in their basic form: a text, or name: with case, context, not and forms."""
    case: _Case | None = None
    """How its names of one word must be written: exact, with these capitals (Apple, May); any, whatever they are."""
    context: tuple[Line, ...] = ()
    """For its names of one word: words, phrases, entity:id, tag:word or lang:code, one of which must be there."""
    unless: Annotated[tuple[Line, ...], Field(alias="not")] = ()
    """For its names of one word: words that reject them, and longer names that they are a part of."""
    forms: bool = True
    """Whether inflected forms and other spellings of its names are names too. Default: true."""
    surname: bool = True
    """Whether a person's surname alone is a name, where no other entity has the same. Default: true."""
    inside: bool = False
    """Whether it is mentioned within longer names of other entities: Kyiv in Kyiv Post. Default: false."""

    def spec(self) -> EntitySpec:
        """The plain data."""
        return EntitySpec(
            id=self.id,
            type=self.type,
            name=self.name,
            aliases=tuple(alias.spec() for alias in self.aliases),
            case=self.case or "",
            context=self.context,
            unless=self.unless,
            forms=self.forms,
            surname=self.surname,
            inside=self.inside,
        )
