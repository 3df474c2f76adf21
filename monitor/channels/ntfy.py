"""Alerts to a topic of ntfy, at ntfy.sh or at a server of one's own (https://docs.ntfy.sh/publish/#publish-as-json).

Whoever knows a topic can read it, so it is treated as a secret: it travels in the body, and stands in no reason.
"""

import json
import re
from collections.abc import Mapping

from monitor.channels.addresses import web_address
from monitor.channels.chat import LONGEST, SHORTEST, Chat, Complaint, Door, Service
from monitor.channels.chat_words import Manner, laid_out, shortened, text_of, utf8_bytes
from monitor.channels.options import OptionMistake, OptionReader
from monitor.model.alerts import AlertKind, Rendered
from monitor.model.rules import Priority
from monitor.model.settings import ChannelSpec
from monitor.net.post import DEADLINE, Poster
from monitor.text.plain import clean

LONGEST_BODY = 4096
"""bytes of the whole request: servers refuse or turn into attachments what is longer"""
_LONGEST_TITLE = 250
_LONGEST_CLICK = 1000
_OPTIONS = ("topic", "base_url", "token", "timeout")
_TOPIC = re.compile(r"[-_A-Za-z0-9]{1,64}", re.ASCII)
_TOKEN = re.compile(r"[\x21-\x7e]{1,500}", re.ASCII)
_PRIORITIES = {Priority.URGENT: 5, Priority.NORMAL: 3, Priority.LOW: 2}
_TAGS = {AlertKind.ALARM: ["warning"], AlertKind.TEST: ["test_tube"]}
_COMPLAINTS = (Complaint(says=re.compile(r'"code"\s*:\s*(?:40009|40010)\b'), means="it does not allow this topic"),)
_MEANINGS = {
    401: "it does not accept the token, or the user and password",
    403: "this topic is not open to the token or user, or to everybody where none is named",
    404: "there is no ntfy at `base_url`: name the server without a topic",
}


def build_ntfy(spec: ChannelSpec) -> Chat | tuple[OptionMistake, ...]:
    """A topic of the options `topic`, `base_url`, `token` and `timeout`, or all that is wrong with them."""
    reader = OptionReader(spec.options, known=_OPTIONS)
    topic = reader.text_or_number("topic", is_required=True)
    if topic and not _TOPIC.fullmatch(topic):
        reader.refuse("topic", "must be at most 64 letters, digits, - and _")
    url = web_address(reader, "base_url", "https://ntfy.sh/")
    token = reader.text("token")
    if token and not _TOKEN.fullmatch(token):
        reader.refuse("token", "must be one line of ASCII characters without space")
    elif token and "@" in url.partition("://")[2].partition("/")[0]:
        reader.refuse("token", "is one too many: base_url names a user as well")
    within = reader.duration("timeout", DEADLINE, least=SHORTEST, most=LONGEST)
    if reader.mistakes:
        return reader.mistakes
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    service = Service(
        name="ntfy",
        write=lambda message: written(message, topic),
        complaints=_COMPLAINTS,
        meanings=_MEANINGS,
    )
    return Chat(service, Door(url=url, headers=headers, within=within), Poster())


def written(message: Rendered, topic: str) -> Mapping[str, object]:
    """The message for a topic, within the length. Urgent alerts ring through, low ones make no sound."""
    title = shortened(" ".join(clean(message.subject).split()), _LONGEST_TITLE)
    links = [item.alert.content.link for item in message.items]
    click = links[0] if len(links) == 1 and len(links[0]) <= _LONGEST_CLICK else ""
    tags = _TAGS.get(message.kind)
    fixed: dict[str, object] = {
        "topic": topic,
        "title": title,
        "priority": max((_PRIORITIES[item.alert.priority] for item in message.items), default=3),
        **({"tags": tags} if tags else {}),
        **({"click": click} if click.startswith(("http://", "https://")) else {}),
    }
    manner = Manner(longest=LONGEST_BODY - _encoded({**fixed, "message": ""}), length=_in_json, words=str, mark="*")
    return {**fixed, "message": text_of(laid_out(message, manner, is_headed=False))}


def _encoded(value: object) -> int:
    return utf8_bytes(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def _in_json(text: str) -> int:
    return _encoded(text) - 2
