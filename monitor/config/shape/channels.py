"""`channels:`, where alerts go. Only name and kind are known here: each kind knows its own options."""

from collections.abc import Mapping

from pydantic import ConfigDict

from monitor.config.shape.fields import Filled, Line, Section
from monitor.model.settings import ChannelSpec, Templates


class Channel(Section):
    """A named destination of alerts. The other keys are options of its kind."""

    model_config = ConfigDict(extra="allow")

    name: Line
    """What rules call it; each name once."""
    kind: Line
    """How it is reached: console, webhook, email or apprise."""
    fallback: Line | None = None
    """The channel that hears when this one fails for good. Default: all the others."""
    template: Filled | None = None
    """What its messages say: a Jinja2 template over the fields of docs/messages.md, or ${file:desk.j2}."""
    subject_template: Filled | None = None
    """The same for the subject of mails and the title of notifications."""
    html_template: Filled | None = None
    """The same for the HTML part of mails. Without one, a mail with a template is plain text."""

    def spec(self, secrets: tuple[str, ...]) -> ChannelSpec:
        """The plain data."""
        options: Mapping[str, object] = self.model_extra or {}
        return ChannelSpec(
            name=self.name,
            kind=self.kind,
            options=dict(options),
            secrets=secrets,
            fallback=self.fallback or "",
            templates=Templates(
                text=self.template or "", subject=self.subject_template or "", html=self.html_template or ""
            ),
        )


DEFAULT = ChannelSpec(name="console", kind="console")
"""the channel of a configuration that names none"""
