"""What a status of HTTP says of a send: whom it concerns, whether only the owner can mend it, when to come again."""

from monitor.model.alerts import Scope, SendFailed, Sent

_ABOUT_MESSAGE = frozenset({400, 413, 414, 415, 422})
_LASTING = frozenset({401, 402, 403, 404, 405, 407, 410})
"""neither time nor another message mends these"""
_MEANINGS = {
    400: "it cannot read the message",
    401: "the credentials are not accepted",
    403: "sending there is forbidden",
    404: "there is nothing at this address",
    410: "this address is closed for good",
    413: "the message is too long",
    414: "the address is too long",
    415: "it does not take JSON",
    422: "it does not accept the message",
    429: "it asks to be sent less",
}


def judged(who: str, status: int, retry_after_seconds: int | None = None) -> Sent | SendFailed:
    """Any 2xx is success; a redirect is a failure, for nobody has taken anything.

    What the receiver wrote beside its status stays out: many repeat the path, which is often the secret.
    """
    said = f"{who} answered {status}"
    if 200 <= status < 300:  # noqa: PLR2004 - the classes of HTTP
        return Sent(note=said)
    is_redirect = 300 <= status < 400  # noqa: PLR2004 - the same
    meaning = "redirects are not followed" if is_redirect else _MEANINGS.get(status)
    return SendFailed(
        scope=Scope.MESSAGE if status in _ABOUT_MESSAGE else Scope.CHANNEL,
        reason=f"{said}: {meaning}" if meaning else said,
        retry_after_seconds=retry_after_seconds,
        is_lasting=is_redirect or status in _LASTING,
    )
