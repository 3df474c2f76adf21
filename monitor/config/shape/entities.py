"""`entities:`, who and what the rules speak of."""

from typing import Annotated, Literal

from monitor.config.shape.fields import Line, Section, matching
from monitor.model.rules import EntitySpec

_Id = Annotated[str, matching(r"\w[\w-]*", "one word, of letters, digits, - and _")]


class Entity(Section):
    """A person, organisation, place, product or event with its names."""

    id: _Id
    """What rules call it, as in entity:zelensky; each id once."""
    type: Literal["person", "organisation", "place", "product", "event", "other"] = "other"
    """What it is. Default: other."""
    name: Line
    """Its usual name; found in texts like an alias."""
    aliases: tuple[Line, ...] = ()
    """Other names and spellings, in any script, inflected forms included."""

    def spec(self) -> EntitySpec:
        """The plain data."""
        return EntitySpec(id=self.id, type=self.type, name=self.name, aliases=self.aliases)
