"""`rules:`, what to watch for. Queries are compiled elsewhere; here they are texts."""

from typing import Annotated

from pydantic import Field

from monitor.config.shape.fields import Filled, Line, Section
from monitor.model.rules import Examples, Priority, RuleName, RuleSpec


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
    """Words, "phrases", AND OR NOT ( ), fields such as title: and tag:, and entity:id."""
    channels: tuple[Line, ...] = ()
    """Names of the channels that hear of it. Default: every channel."""
    priority: Priority = Priority.NORMAL
    """How much it may disturb: urgent, normal or low. Default: normal."""
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
        )
