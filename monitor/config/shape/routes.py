"""`routes:`, which channels hear of alerts whose rule names none."""

from typing import Annotated

from pydantic import Field

from monitor.config.shape.fields import Language, Line, Section, Tag
from monitor.model.holding import Route
from monitor.model.rules import Priority


class RouteSection(Section):
    """Who hears of what. All conditions must hold, each by one of its values; without any, it takes everything."""

    channels: Annotated[tuple[Line, ...], Field(min_length=1)]
    """Names of the channels that hear of it. Several routes that fit add up."""
    rules: tuple[Line, ...] = ()
    """Names of rules. Those that name their channels themselves keep to these. Default: every rule."""
    tags: tuple[Tag, ...] = ()
    """Tags of outlets. Default: whatever their tags."""
    outlets: tuple[Line, ...] = ()
    """Names of outlets. Default: every outlet."""
    priorities: tuple[Priority, ...] = ()
    """Priorities of rules: urgent, normal, low. Default: every priority."""
    languages: tuple[Language, ...] = ()
    """Languages of entries, such as en or ru. Default: every language."""

    def spec(self) -> Route:
        """The plain data."""
        return Route(
            channels=tuple(dict.fromkeys(self.channels)),
            rules=tuple(dict.fromkeys(self.rules)),
            tags=tuple(dict.fromkeys(self.tags)),
            outlets=tuple(dict.fromkeys(self.outlets)),
            priorities=tuple(dict.fromkeys(self.priorities)),
            languages=tuple(dict.fromkeys(self.languages)),
        )
