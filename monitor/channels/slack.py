"""Alerts to a Slack channel, by an incoming webhook (https://docs.slack.dev/messaging).

`&`, `<` and `>` are escaped as Slack asks for, so no tag of a headline is one; names are not looked for, and broken all
the same, since Mattermost and Rocket.Chat take the same messages and ring for plain `@channel`.
"""

import re
from collections.abc import Mapping

from monitor.channels.addresses import web_address
from monitor.channels.apprise_words import harmless
from monitor.channels.chat import LONGEST, SHORTEST, Chat, Complaint, Door, Service
from monitor.channels.chat_words import Manner, laid_out, text_of
from monitor.channels.options import OptionMistake, OptionReader
from monitor.model.alerts import Rendered
from monitor.model.settings import ChannelSpec
from monitor.net.post import DEADLINE, Poster

_OPTIONS = ("url", "timeout")
_COMPLAINTS = (
    Complaint(
        says=re.compile(r"\b(?:no_service(?:_id)?|no_active_hooks|no_team|team_disabled|invalid_token)\b"),
        means="this webhook is gone: make a new one",
    ),
    Complaint(
        says=re.compile(r"\b(?:channel_not_found|channel_is_archived|user_not_found)\b"),
        means="its channel is gone or archived",
    ),
    Complaint(
        says=re.compile(r"\b(?:action_prohibited|posting_to_general_channel_denied)\b"),
        means="the workspace does not let this webhook write there",
    ),
)


def escaped(words: str) -> str:
    """Words as Slack shows them literally."""
    return harmless(words).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


MANNER = Manner(longest=4000, words=escaped, mark="*")
"""Slack cuts at 40,000 characters and advises 4,000."""


def build_slack(spec: ChannelSpec) -> Chat | tuple[OptionMistake, ...]:
    """A channel of the options `url` and `timeout`, or all that is wrong with them."""
    reader = OptionReader(spec.options, known=_OPTIONS)
    url = web_address(reader, "url")
    within = reader.duration("timeout", DEADLINE, least=SHORTEST, most=LONGEST)
    if reader.mistakes:
        return reader.mistakes
    return Chat(Service(name="Slack", write=written, complaints=_COMPLAINTS), Door(url=url, within=within), Poster())


def written(message: Rendered) -> Mapping[str, object]:
    """The message; links are not unfolded, which would hide the alerts behind pictures."""
    return {
        "text": text_of(laid_out(message, MANNER)),
        "link_names": False,
        "unfurl_links": False,
        "unfurl_media": False,
    }
