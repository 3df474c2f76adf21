"""Apprise's own plugins in this very process, with their HTTP replaced: what they would send, and to whom."""

import logging
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO

import apprise
import requests
from apprise.common import NotifyFormat
from apprise.conversion.format import CONVERTERS
from urllib3 import HTTPResponse

from monitor.channels import apprise_work

_PAIR = (NotifyFormat.TEXT, NotifyFormat.MARKDOWN)

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # plugins load what Python has deprecated, all of them at the first address
    apprise.Apprise.instantiate("json://localhost")


@dataclass(slots=True)
class Post:
    """Takes every request and answers all of them alike."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b'{"ok": true, "success": true, "status": "success", "data": {"authToken": "a", "userId": "b"}}'
    taken: list[requests.PreparedRequest] = field(default_factory=list)

    def take(self, request: requests.PreparedRequest) -> requests.Response:
        """Answer one request."""
        self.taken.append(request)
        response = requests.Response()
        response.status_code, response.url, response.request = self.status, request.url or "", request
        response.headers.update(self.headers)
        response.raw = HTTPResponse(body=BytesIO(self.body), status=self.status, preload_content=False)
        return response

    @property
    def bodies(self) -> list[str]:
        """What was sent, as text."""
        bodies = [request.body or b"" for request in self.taken]
        return [body.decode() if isinstance(body, bytes) else str(body) for body in bodies]


@contextmanager
def answering(post: Post) -> Iterator[Post]:
    """While the block runs, HTTP of requests goes to `post`; what a worker overrules for good is put back after it."""
    ask, convert, level = requests.Session.send, CONVERTERS[_PAIR], logging.root.manager.disable
    deliver = requests.adapters.HTTPAdapter.send

    def take(_adapter: object, request: requests.PreparedRequest, **_options: object) -> requests.Response:
        return post.take(request)

    requests.adapters.HTTPAdapter.send = take  # type: ignore[assignment,method-assign]
    try:
        yield post
    finally:
        requests.adapters.HTTPAdapter.send = deliver  # type: ignore[method-assign]
        requests.Session.send = ask  # type: ignore[method-assign]
        CONVERTERS[_PAIR] = convert
        logging.disable(level)
        apprise_work._sealed.cache_clear()
