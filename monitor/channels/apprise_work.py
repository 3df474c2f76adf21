"""Sends through Apprise, inside a worker process: the only module that imports it, and nothing of the daemon does.

Three things of Apprise's are overruled here, because a message must not be called sent when nobody took it, nor be
taken for lost when somebody did:

- redirects are not followed, whatever the address says: a 302 to a page that answers 200 would count as success;
- of an answer's body only what comes soon is read: a status that is there counts, however slowly its body drips;
- Markdown made of plain text escapes the dots and dashes of links, which then lead nowhere: in links they stay.
"""

import logging
import os
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import apprise
import requests
from apprise.common import NotifyFormat, OverflowMode, PersistentStoreMode
from apprise.conversion import convert_between
from apprise.conversion.format import CONVERTERS
from apprise.plugins.base import NotifyBase

from monitor.channels.apprise_words import fitted, harmless

_BODY_SECONDS = 2.0
_BODY_BYTES = 1_000_000
_LONGEST_NAME = 60
_MOST_FITTINGS = 12
_DATA = frozenset({"json", "jsons", "xml", "xmls", "form", "forms"})
"""read by programs: words of feeds go there literally, as to a webhook"""
_ESCAPED_IN_LINK = re.compile(r"\\([^A-Za-z0-9\s])")
_LINK = re.compile(r"https?:\S+", re.IGNORECASE)
_ABOUT_CHAT = re.compile(
    rb"chat not found|chat_id is empty|channel_not_found|user not found|bot was (?:blocked|kicked)"
)
"""a 400 that every message would get: Telegram says so of a wrong chat, Slack of a wrong channel"""


@dataclass(slots=True)
class _Wire:
    """What went over HTTP during one request, as far as it tells how the send ended."""

    status: int | None = None
    retry_after: str = ""
    fault: str = ""
    is_about_chat: bool = False


@dataclass(slots=True)
class _Tap:
    """Where the answers of the send under way are written down."""

    wire: _Wire = field(default_factory=_Wire)


def send(_payload: bytes, meta: Mapping[str, object]) -> dict[str, object]:
    """Do what `meta` asks for, and say how it went.

    Asked: `url`, `subject`, `text` (all of it), `rest` (without the headline; empty where the subject does not say
    it all), `shorter` (the text with less and less in it), `network` (variables such as HTTPS_PROXY) and
    `only_look`. Said: `fate` (unreadable, several, usable, sent, failed, unknown, empty), `service`, and of the
    last answer over HTTP `status`, `retry_after`, `fault`, `about_chat`.
    """
    tap = _sealed()
    tap.wire = _Wire()
    _join_network(meta.get("network"))
    service = _service(str(meta["url"]))
    if service is None:
        return {"fate": "unreadable", "service": ""}
    name = str(service.service_name)[:_LONGEST_NAME]
    if len(service) != 1:
        return {"fate": "several", "service": name, "targets": len(service)}
    if meta.get("only_look"):
        return {"fate": "usable", "service": name}
    texts = _texts(str(meta["text"]), str(meta["rest"]), meta.get("shorter"))
    fate = _notify(service, str(meta["subject"]), texts)
    wire = tap.wire
    return {
        "fate": fate,
        "service": name,
        "status": wire.status,
        "retry_after": wire.retry_after,
        "fault": wire.fault,
        "about_chat": wire.is_about_chat,
    }


def _service(url: str) -> NotifyBase | None:
    """The one service of an address, with what the address may not decide set back."""
    asset = apprise.AppriseAsset(
        app_id="tocsin",
        app_desc="tocsin",
        app_url="",
        async_mode=False,
        body_format=NotifyFormat.TEXT,
        interpret_escapes=False,
        interpret_emojis=False,
        http_redirects=False,
        storage_mode=PersistentStoreMode.MEMORY.value,
        # None of its own: who calls us ends the process. Apprise would go on sending behind the time-out's back.
        service_timeout=0,
        allow_templates=False,
    )
    service = apprise.Apprise.instantiate(url, asset=asset)
    if service is None:
        return None
    service.retry = 0  # the outbox repeats, with its own waits
    service.optional = False  # a failure told as success
    service.redirects = False
    service.interpret_emojis = False
    service.overflow_mode = OverflowMode.TRUNCATE  # a message cut in two could arrive by half
    return service


def _texts(text: str, rest: str, shorter: object) -> list[tuple[str, str]]:
    """The text and ever shorter forms of it, each also without the headline that the subject says, where it does."""
    forms = [str(one) for one in shorter] if isinstance(shorter, list) else []
    return [(text, rest or text), *((form, form.partition("\n")[2].lstrip("\n") if rest else form) for form in forms)]


def _notify(service: NotifyBase, subject: str, texts: list[tuple[str, str]]) -> str:
    has_title = service.title_maxlen >= len(subject) > 0
    title = subject if has_title else ""
    bodies = [rest if has_title else text for text, rest in texts]
    if service.schema not in _DATA:
        title, bodies = harmless(title), [harmless(body) for body in bodies]
    room = int(service.body_maxlen)
    if title and service.overflow_amalgamate_title:
        room -= len(title) + 2
    wanted = service.resolve_format(NotifyFormat.TEXT)
    fits = (one for one in bodies if _length(one, wanted) <= room)
    body = next(fits, None) or _converted_fit(service, bodies[-1], room)
    if not body.strip():
        return "empty"  # which Apprise would call a failure for ever, without a word
    crier = apprise.Apprise(asset=service.asset)
    crier.add(service)
    result = crier.notify(body=body, title=title, body_format=NotifyFormat.TEXT.value, interpret_escapes=False)
    match result.status:
        case apprise.AppriseResultStatus.SUCCESS:
            return "sent"
        case apprise.AppriseResultStatus.FAILURE:
            return "failed"
        case _:  # TIMEOUT, PARTIAL: it may have arrived
            return "unknown"


def _converted_fit(service: NotifyBase, body: str, room: int) -> str:
    """The body cut so that it fits as the service will get it: markup makes text longer."""
    wanted = service.resolve_format(NotifyFormat.TEXT)
    longest = room
    for _ in range(_MOST_FITTINGS):
        fit = fitted(body, longest)
        excess = _length(fit, wanted) - room
        if excess <= 0:
            return fit
        longest = max(len(fit) - max(excess, len(fit) // 8), 0)
    return fitted(body, longest)


def _length(body: str, wanted: NotifyFormat) -> int:
    """Of the body as the service will get it."""
    return len(convert_between(NotifyFormat.TEXT, wanted, body))  # type: ignore[no-untyped-call]


def _join_network(variables: object) -> None:
    """Set what the owner's proxies and certificates need; here, so that it stands in no process's first environment."""
    os.environ["NETRC"] = os.devnull  # passwords are in the address, and nowhere else
    if isinstance(variables, dict):
        os.environ.update({str(name): str(value) for name, value in variables.items()})


@cache
def _sealed() -> _Tap:
    """Overrule Apprise and requests for the life of this process."""
    logging.disable(logging.CRITICAL)  # Apprise logs addresses, tokens and bodies
    tap = _Tap()
    ask = requests.Session.send

    def ask_once(session: requests.Session, request: requests.PreparedRequest, **options: object) -> requests.Response:
        is_streaming = bool(options.get("stream"))
        try:
            response = ask(session, request, **{**options, "allow_redirects": False, "stream": True})
        except requests.RequestException as error:
            tap.wire = _Wire(fault=type(error).__name__)
            raise
        if not is_streaming:
            _read_some(response)
        tap.wire = _Wire(
            status=response.status_code,
            retry_after=response.headers.get("Retry-After", "")[:100],
            is_about_chat=not is_streaming and bool(_ABOUT_CHAT.search(response.content[:2000])),
        )
        return response

    requests.Session.send = ask_once  # type: ignore[assignment,method-assign]
    pair = (NotifyFormat.TEXT, NotifyFormat.MARKDOWN)
    escape = CONVERTERS[pair]

    def escape_words(content: str) -> str:
        escaped = str(escape(content))  # type: ignore[no-untyped-call]
        return _LINK.sub(lambda link: _ESCAPED_IN_LINK.sub(r"\1", link[0]), escaped)

    CONVERTERS[pair] = escape_words
    return tap


def _read_some(response: requests.Response) -> None:
    """Read the body so far as it comes soon; what is missing then changes nothing about the status."""
    body = b""
    until = time.monotonic() + _BODY_SECONDS
    try:
        while len(body) < _BODY_BYTES and time.monotonic() < until:
            chunk = response.raw.read1(65_536, decode_content=True)
            if not chunk:
                break
            body += chunk
    except Exception:  # noqa: BLE001, S110 - broken off, badly encoded: the status stands
        pass
    response._content = body[:_BODY_BYTES]  # noqa: SLF001 - what reading it whole would set
    response._content_consumed = True  # noqa: SLF001
    response.close()
