"""`rules:`, what to watch for. Queries are compiled elsewhere; here they are texts."""

from typing import Annotated

from pydantic import Field

from monitor.config.shape.fields import Filled, Language, Line, Moment, Section, Tag
from monitor.model.rules import Examples, OncePer, Priority, RuleName, RuleSpec


class RuleExamples(Section):
    """Headlines that show what a rule means; it is not loaded while it fails one of them."""

    match: tuple[Filled, ...] = ()
    """Headlines that the rule must match."""
    no_match: tuple[Filled, ...] = ()
    """Headlines that the rule must not match."""


class Rule(Section):
    """What to watch for, and who hears of it."""

    name: Line
    """What alerts call it; each name once. A renamed rule is a new one."""
    query: Filled
    """Words, "phrases", prefix*, AND OR NOT ( ), NEAR/5, title: and other fields, entity:id; see docs/queries.md."""
    channels: tuple[Line, ...] = ()
    """Names of the channels that hear of it. Default: every channel."""
    priority: Priority = Priority.NORMAL
    """How much it may disturb: urgent, normal or low. Default: normal."""
    outlets: tuple[Line, ...] = ()
    """Names of the outlets that it looks at. Default: every outlet."""
    tags: tuple[Tag, ...] = ()
    """Tags of the outlets that it looks at, one of which an outlet must have. Default: whatever its tags."""
    languages: tuple[Language, ...] = ()
    """Languages of the entries that it looks at, such as en or ru. Default: every language."""
    once_per: OncePer = OncePer.STORY
    """What it alerts once for: story, text or entry. Only story works yet. Default: story."""
    expires: Moment | None = None
    """When it ends: a day, the whole of it in UTC, or a moment with its zone. Default: never."""
    examples: Annotated[RuleExamples, Field(default_factory=RuleExamples)]
    """Headlines that it must and must not match, checked on every load."""

    def spec(self) -> RuleSpec:
        """The plain data."""
        examples = Examples(match=self.examples.match, no_match=self.examples.no_match)
        return RuleSpec(
            name=RuleName(self.name),
            query=self.query,
            channels=tuple(dict.fromkeys(self.channels)),
            priority=self.priority,
            examples=examples,
            outlets=tuple(dict.fromkeys(self.outlets)),
            tags=tuple(dict.fromkeys(self.tags)),
            languages=tuple(dict.fromkeys(self.languages)),
            once_per=self.once_per,
            expires=self.expires,
        )
