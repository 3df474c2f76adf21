"""Messages in the owner's words: what a channel's templates make of them, or the default where a template fails.

A template that fails costs its words, never the alert.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from monitor.alerts.fields import Value, fields
from monitor.alerts.lines import minute, one_line
from monitor.alerts.render import render
from monitor.alerts.telling import LONGEST_SUBJECT
from monitor.model.alerts import Form, Marked, Message, Rendered
from monitor.text.cutting import cut


class Part(StrEnum):
    """What a template may make, by its key in the configuration."""

    TEXT = "template"
    SUBJECT = "subject_template"
    HTML = "html_template"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateFailed:
    """A template could not be carried out: `what` is one line, `place` where in its text."""

    what: str
    place: int = 0


class Template(Protocol):
    """A template that is sound."""

    def show(self, pieces: Sequence[Marked]) -> str:
        """Pieces as a text with its matches marked, as this template writes."""
        ...

    def __call__(self, fields: Mapping[str, Value]) -> str | TemplateFailed:
        """What it makes of these fields."""
        ...


Wording = Mapping[Part, Template]
"""the templates of a channel"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A channel's template failed over a message."""

    part: Part
    failed: TemplateFailed

    def __str__(self) -> str:
        """One line for the log and the alarm."""
        return f"{self.part}: {self.failed.what}"


def worded(message: Message, wording: Wording, *, now: datetime) -> tuple[Rendered, Fault | None]:
    """The message in the words of a channel's templates; in ours where one fails, and in the short form."""
    plainly = render(message, now=now)
    if not wording or message.form is Form.SHORT:
        return plainly, None
    made: dict[Part, str] = {}
    for part, template in wording.items():
        words = template(fields(message, plainly, now=minute(now), show=template.show))
        if isinstance(words, str) and not words.strip():
            words = TemplateFailed(what="it makes nothing of this message")
        if isinstance(words, TemplateFailed):
            return plainly, Fault(part=part, failed=words)
        made[part] = words
    return _in_words(plainly, made), None


def _in_words(plainly: Rendered, made: Mapping[Part, str]) -> Rendered:
    said = replace(plainly, html=made.get(Part.HTML, ""))
    if subject := one_line(made.get(Part.SUBJECT, "")):
        said = replace(said, subject=cut(subject, LONGEST_SUBJECT))
    if text := made.get(Part.TEXT, ""):
        said = replace(said, text=text, pieces=(), shorter=(), is_templated=True)
    return said
