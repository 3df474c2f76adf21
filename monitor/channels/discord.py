"""Alerts to a Discord channel, by a webhook (https://docs.discord.com/developers/resources/webhook#execute-webhook).

`allowed_mentions` is empty, so Discord itself rings for nobody; what would format is escaped. With `wait` the answer
comes when the message is there, not before.
"""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit

from monitor.channels.addresses import web_address
from monitor.channels.apprise_words import harmless
from monitor.channels.chat import LONGEST, SHORTEST, Chat, Complaint, Door, Service
from monitor.channels.chat_words import Manner, laid_out, text_of
from monitor.channels.options import OptionMistake, OptionReader
from monitor.model.alerts import Rendered
from monitor.model.settings import ChannelSpec
from monitor.net.post import DEADLINE, Poster

_OPTIONS = ("url", "thread", "timeout")
_THREAD = re.compile(r"\d{5,25}", re.ASCII)
_SUPPRESS_EMBEDS = 1 << 2
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_MEANS_SOMETHING = re.compile(r"[\\*_~|`]")
_BEGINS_BLOCK = re.compile(r"^(?=[#>-])", re.MULTILINE)
_COMPLAINTS = (
    Complaint(says=re.compile(r'"code"\s*:\s*(?:10015|50027)\b'), means="this webhook is gone: make a new one"),
    Complaint(
        says=re.compile(r'"code"\s*:\s*(?:10003|220002|220003|160005)\b|"thread_id"'),
        means="it knows no such channel or thread, or it is locked: check `thread`",
    ),
    Complaint(says=re.compile(r'"code"\s*:\s*220001\b'), means="it is a forum: name one of its threads by `thread`"),
)


def escaped(words: str) -> str:
    """Words as Discord shows them literally, links as they are."""
    pieces: list[str] = []
    at = 0
    words = harmless(words)
    for link in _LINK.finditer(words):
        pieces += (_literal(words[at : link.start()]), link[0])
        at = link.end()
    return "".join((*pieces, _literal(words[at:])))


MANNER = Manner(longest=2000, words=escaped, mark="**")


def build_discord(spec: ChannelSpec) -> Chat | tuple[OptionMistake, ...]:
    """A channel of the options `url`, `thread` and `timeout`, or all that is wrong with them."""
    reader = OptionReader(spec.options, known=_OPTIONS)
    url = web_address(reader, "url")
    thread = reader.text_or_number("thread")
    if thread and not _THREAD.fullmatch(thread):
        reader.refuse("thread", "must be the id of a thread, a number of about 18 digits")
    within = reader.duration("timeout", DEADLINE, least=SHORTEST, most=LONGEST)
    if reader.mistakes:
        return reader.mistakes
    # What the address says beside is dropped: nothing in it may undo the waiting.
    query = f"wait=true&thread_id={thread}" if thread else "wait=true"
    door = Door(url=urlunsplit(urlsplit(url)._replace(query=query, fragment="")), within=within)
    return Chat(Service(name="Discord", write=written, complaints=_COMPLAINTS), door, Poster())


def written(message: Rendered) -> Mapping[str, object]:
    """The message, ringing for nobody and without previews."""
    return {
        "content": text_of(laid_out(message, MANNER)),
        "allowed_mentions": {"parse": []},
        "flags": _SUPPRESS_EMBEDS,
    }


def _literal(words: str) -> str:
    return _BEGINS_BLOCK.sub(r"\\", _MEANS_SOMETHING.sub(r"\\\g<0>", words))
