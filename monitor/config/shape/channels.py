"""`channels:`, where alerts go. Only name and kind are known here: each kind knows its own options."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from pydantic import ConfigDict

from monitor.config.shape.fields import Filled, Line, Section
from monitor.config.shape.holding import BacklogCount, DigestText, PacingText, QuietTexts, ThrottleText, handling
from monitor.model.holding import DEFAULT_BACKLOG, DEFAULT_THROTTLE, DailyDigest, Handling
from monitor.model.settings import ChannelSpec, Templates

UNHURRIED = frozenset({"console", "file", "feed", "webhook"})
"""kinds that ring at nobody: screens and machines take all there is, one by one"""


class Channel(Section):
    """A named destination of alerts. The other keys are options of its kind."""

    model_config = ConfigDict(extra="allow")

    name: Line
    """What rules call it; each name once."""
    kind: Line
    """How it is reached: console, file, feed, webhook, email, telegram, slack, discord, ntfy, apprise."""
    fallback: Line | None = None
    """The channel that hears when this one fails for good. Default: all the others."""
    rate: PacingText | None = None
    """How fast messages may follow one another, such as 20/m or 1/s; what is faster waits its turn. Default: any."""
    quiet: QuietTexts | None = None
    """Local hours in which only urgent alerts are sent, such as 22:00-07:00 Europe/Berlin mon-fri, or a list of such;
    days are those on which they begin. Default: none."""
    digest: DigestText | None = None
    """When alerts that are not urgent are sent together: 07:00 Europe/Berlin mon-fri, or every 30m. Default: never."""
    empty_digest: Literal["skip", "send"] = "skip"
    """Whether a daily digest without news stays out (skip) or says so (send). Default: skip."""
    throttle: ThrottleText | None = None
    """How many messages in how much time, such as 20 in 10m; beyond, alerts are told together; or off. Default: 10 in
    5m, but off for kinds console, file, feed and webhook."""
    backlog_digest: BacklogCount | None = None
    """When it could not be reached and takes messages again: more alerts than these that waited are told in one
    message; or off. Default: 50, but off for kinds console, file, feed and webhook."""
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

    def handling(self) -> Handling:
        """What holds alerts back on it."""
        said = handling(self.digest, self.quiet, self.throttle)
        digest = said.digest
        if isinstance(digest, DailyDigest):
            digest = replace(digest, says_nothing=self.empty_digest == "send")
        usual = None if self.throttle or self.kind in UNHURRIED else DEFAULT_THROTTLE
        return replace(said, digest=digest, throttle=said.throttle or usual, off=frozenset())

    def backlog(self) -> int | None:
        """More alerts than these that waited while it was away are told in one message; None: never."""
        if self.backlog_digest is None:
            return None if self.kind in UNHURRIED else DEFAULT_BACKLOG
        return self.backlog_digest if isinstance(self.backlog_digest, int) else None


DEFAULT = ChannelSpec(name="console", kind="console")
"""the channel of a configuration that names none"""
