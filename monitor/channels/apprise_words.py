"""The words of an alert as chats and phones get them: nobody is called by name, and the length fits.

Services read marks into plain text: `@everyone` rings a whole server, `<!channel>` a workspace, `](` hides an address
behind a word. None of them has an escape that the others leave alone, so these marks are broken up by a zero-width
space, as discord.py's `escape_mentions` does: the text reads as it came and calls nobody.
"""

import re
from urllib.parse import quote

from monitor.text.cutting import cut

_BREAK = "\u200b"
_CALL = re.compile(
    r"@(?=\**(?:everyone|here|channel|all|room|online)\b)"  # they ring from within a word as well
    r"|(?<![\w.+-])@(?=[^\s\u200b])",  # not the sign in a mail address
    re.IGNORECASE,
)
_TAG = re.compile(r"<(?=[A-Za-z/!@#&:?$])")
_MASKED = re.compile(r"\](?=\()")
_LINK = re.compile(r"^https?://\S+$|https?://\S*[^\s.,;:!?)\]}>\"'»”]", re.IGNORECASE | re.MULTILINE)
"""on a line of its own whole; within a sentence without the signs that end it"""
_NOT_IN_LINK = re.compile(r"[<>()\[\]{}|\\^`\"'*@]")
_LEAST_TITLE = 30
"""characters of a title that are worth more than its link"""


def harmless(text: str) -> str:
    """The text with every mark broken that would call people, open a tag or hide a link; links go on working."""
    pieces: list[str] = []
    at = 0
    for found in _LINK.finditer(text):
        words = _broken(text[at : found.start()])
        # Slack takes <https://…|words> for a link, and the words for what it leads to.
        pieces += (words, _BREAK * words.endswith("<"), _plain_link(found[0]))
        at = found.end()
    return "".join((*pieces, _broken(text[at:])))


def fitted(text: str, longest: int) -> str:
    """The text in at most `longest` characters: first the headline and the last line, the id; then the link; then more.

    A link is whole or left out, for half a link is none.
    """
    if len(text) <= longest:
        return text
    title, *middle = text.split("\n")
    last = middle.pop() if middle else ""
    least = min(len(title), _LEAST_TITLE)
    tail = [last] if last and len(last) + 1 + least <= longest else []
    room = longest - sum(len(line) + 1 for line in tail)
    if middle and _LINK.match(middle[-1]):
        link = middle.pop()
        if len(link) + 1 + least <= room:
            tail.insert(0, link)
            room -= len(link) + 1
    title = cut(title, room)
    room -= len(title)
    kept: list[str] = []
    for line in middle:
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    return "\n".join((title, *kept, *tail))


def _broken(text: str) -> str:
    text = _CALL.sub("@" + _BREAK, text)
    return _MASKED.sub("]" + _BREAK, _TAG.sub("<" + _BREAK, text))


def _plain_link(link: str) -> str:
    """The same address without a character that means something to a chat; servers read `%40` as `@`."""
    return _NOT_IN_LINK.sub(lambda sign: quote(sign[0], safe=""), link)
