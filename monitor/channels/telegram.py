"""Alerts to a Telegram chat, by the Bot API's `sendMessage` (https://core.telegram.org/bots/api#sendmessage).

Words go out without a parse mode and matches are bold by entities, so no headline can be refused for its markup.
Lengths and offsets are counted in UTF-16 units, as Telegram does. An update names the alert that it follows in words:
an answer to the first message would need its number, which a restart or a restored backup does not know.
"""

import re
from collections.abc import Mapping

from monitor.channels.addresses import web_address
from monitor.channels.chat import LONGEST, SHORTEST, Chat, Complaint, Door, Service
from monitor.channels.chat_words import Manner, laid_out, text_of, utf16_units
from monitor.channels.options import OptionMistake, OptionReader
from monitor.model.alerts import Marked, Rendered, SendFailed, Sent
from monitor.model.rules import Priority
from monitor.model.settings import ChannelSpec
from monitor.net.post import DEADLINE, Poster

MANNER = Manner(longest=4096, length=utf16_units)
_OPTIONS = ("token", "chat", "topic", "base_url", "timeout")
_TOKEN = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{10,100}", re.ASCII)
_CHAT = re.compile(r"-?\d{1,20}|@[A-Za-z][A-Za-z0-9_]{3,}", re.ASCII)
_MOST_ENTITIES = 100
_COMPLAINTS = (
    Complaint(
        says=re.compile(r"chat not found|PEER_ID_INVALID|chat_id is empty", re.IGNORECASE),
        means="it knows no such chat: check `chat`, and whether the bot was let in",
    ),
    Complaint(
        says=re.compile(r"supergroup|migrate_to_chat_id", re.IGNORECASE),
        means="the group has become a supergroup, which has another id: put that into `chat`",
    ),
    Complaint(
        says=re.compile(r"thread not found|TOPIC_(?:CLOSED|DELETED|ID_INVALID)", re.IGNORECASE),
        means="it knows no such topic, or it is closed: check `topic`",
    ),
    Complaint(
        says=re.compile(r"not enough rights|no rights|administrator rights|WRITE_FORBIDDEN", re.IGNORECASE),
        means="the bot may not write there",
    ),
)
_MEANINGS = {
    401: "it does not accept the bot's token",
    403: "the bot was blocked, put out, or never let in",
    404: "it knows no such bot: check `token`",
}


class Telegram:
    """A chat that can be asked for without sending."""

    def __init__(self, sending: Chat, looking: Chat, chat: str) -> None:
        """`sending` and `looking` lead to the two methods of the Bot API; both are closed with the channel."""
        self._sending = sending
        self._looking = looking
        self._chat = chat

    async def send(self, message: Rendered) -> Sent | SendFailed:
        """Send once, within the deadline, and say truthfully what came back."""
        return await self._sending.send(message)

    async def probe(self) -> Sent | SendFailed:
        """Ask for the chat: `Sent` says that bot and chat are known, not that the bot may write there."""
        outcome = await self._looking.asked({"chat_id": self._chat})
        if isinstance(outcome, SendFailed):
            return outcome
        return Sent(note="Telegram knows the bot and the chat; only a message shows whether it may write there")

    async def close(self) -> None:
        """Let go of connections."""
        await self._sending.close()
        await self._looking.close()


def build_telegram(spec: ChannelSpec) -> Telegram | tuple[OptionMistake, ...]:
    """A chat of the options `token`, `chat`, `topic`, `base_url`, `timeout`, or all that is wrong with them."""
    reader = OptionReader(spec.options, known=_OPTIONS)
    token = reader.text("token", is_required=True)
    if token and not _TOKEN.fullmatch(token):
        reader.refuse("token", "is no token of a bot, such as 123456:AbCd…")
    chat = reader.text_or_number("chat", is_required=True)
    if chat and not _CHAT.fullmatch(chat):
        reader.refuse("chat", "must be the number of a chat, such as -1001234567890, or the @name of a public one")
    topic = reader.number("topic", 0, least=0, most=2**53)
    server = web_address(reader, "base_url", "https://api.telegram.org")
    within = reader.duration("timeout", DEADLINE, least=SHORTEST, most=LONGEST)
    if reader.mistakes:
        return reader.mistakes
    where: dict[str, object] = {"chat_id": chat, **({"message_thread_id": topic} if topic else {})}
    service = Service(
        name="Telegram",
        write=lambda message: {**where, **written(message)},
        complaints=_COMPLAINTS,
        meanings=_MEANINGS,
    )
    bot = f"{server.rstrip('/')}/bot{token}"
    sending = Chat(service, Door(url=f"{bot}/sendMessage", within=within), Poster())
    return Telegram(sending, Chat(service, Door(url=f"{bot}/getChat", within=within), Poster()), chat)


def written(message: Rendered) -> Mapping[str, object]:
    """What is said, without where. Alerts of low priority come without a sound."""
    pieces = laid_out(message, MANNER)
    is_low = bool(message.items) and all(item.alert.priority is Priority.LOW for item in message.items)
    return {
        "text": text_of(pieces),
        "entities": _bold(pieces),
        "link_preview_options": {"is_disabled": True},
        **({"disable_notification": True} if is_low else {}),
    }


def _bold(pieces: tuple[Marked, ...]) -> list[Mapping[str, object]]:
    entities: list[Mapping[str, object]] = []
    at = 0
    for piece in pieces:
        length = utf16_units(piece.words)
        if piece.is_match and piece.words.strip():
            entities.append({"type": "bold", "offset": at, "length": length})
        at += length
    return entities[:_MOST_ENTITIES]
