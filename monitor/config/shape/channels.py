"""`channels:`, where alerts go. Only name and kind are known here: each kind knows its own options."""

from collections.abc import Mapping

from pydantic import ConfigDict

from monitor.config.shape.fields import Line, Section
from monitor.model.settings import ChannelSpec


class Channel(Section):
    """A named destination of alerts. The other keys are options of its kind."""

    model_config = ConfigDict(extra="allow")

    name: Line
    """What rules call it; each name once."""
    kind: Line
    """How it is reached: console, file, feed, webhook, email, telegram, slack, discord, ntfy, apprise."""
    fallback: Line | None = None
    """The channel that hears when this one fails for good. Default: all the others."""

    def spec(self, secrets: tuple[str, ...]) -> ChannelSpec:
        """The plain data."""
        options: Mapping[str, object] = self.model_extra or {}
        return ChannelSpec(
            name=self.name, kind=self.kind, options=dict(options), secrets=secrets, fallback=self.fallback or ""
        )


DEFAULT = ChannelSpec(name="console", kind="console")
"""the channel of a configuration that names none"""
