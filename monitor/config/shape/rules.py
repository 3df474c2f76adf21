"""`rules:`, what to watch for. Queries are compiled elsewhere; here they are texts."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from monitor.config.shape.fields import Filled, Language, Line, Moment, Section, Tag
from monitor.config.shape.holding import DigestText, QuietTexts, ThrottleText, handling
from monitor.model.holding import Handling
from monitor.model.rules import Examples, OncePer, Priority, RuleName, RuleSpec, Updates

LEAST_SPREAD = 2
"""publishers: with one alone nothing has spread"""


def _off(value: object) -> object:
    """`off` is a text in YAML 1.2, and false to whoever knows YAML 1.1: both mean it here."""
    return Updates.OFF.value if value is False else value


_Updates = Annotated[Updates, BeforeValidator(_off)]


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
    """Names of the channels that hear of it. Default: as routes: says, else every channel."""
    priority: Priority = Priority.NORMAL
    """How much it may disturb: urgent, normal or low. Default: normal."""
    outlets: tuple[Line, ...] = ()
    """Names of the outlets that it looks at. Default: every outlet."""
    tags: tuple[Tag, ...] = ()
    """Tags of the outlets that it looks at, one of which an outlet must have. Default: whatever its tags."""
    languages: tuple[Language, ...] = ()
    """Languages of the entries that it looks at, such as en or ru. Default: every language."""
    once_per: OncePer = OncePer.STORY
    """What it alerts once for: story, the same news in whatever words; text, the same words; entry. Default: story."""
    updates: _Updates = Updates.OFF
    """What follows the alert once the news has changed (figures, a correction, a retraction): off, nothing; thread, one
    follow-up for each change. Default: off."""
    spread: Annotated[int, Field(strict=True, ge=LEAST_SPREAD)] | None = None
    """Tell once more, when so many publishers carry the story; 2 at least. Default: never."""
    expires: Moment | None = None
    """When it ends: a day, the whole of it in UTC, or a moment with its zone. Default: never."""
    digest: DigestText | None = None
    """When its alerts are sent together: 07:00 Europe/Berlin mon-fri, or every 30m; off: at once, whatever the channel
    has. Default: as the channel says."""
    quiet: QuietTexts | None = None
    """Local hours in which its alerts wait, such as 22:00-07:00 Europe/Berlin mon-fri, or a list of such; off: never.
    Default: as the channel says."""
    throttle: ThrottleText | None = None
    """How many messages of it in how much time, such as 5 in 1h; beyond, its alerts are told together; off: no limit.
    Default: as the channel says."""
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
            updates=self.updates,
            spread=self.spread or 0,
            expires=self.expires,
        )

    def handling(self) -> Handling:
        """What holds its alerts back, other than its channels say."""
        return handling(self.digest, self.quiet, self.throttle)
