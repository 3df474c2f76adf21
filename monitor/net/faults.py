"""What went wrong on the way, in plain English: the host is named, the rest of the address never."""

from http import HTTPStatus

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError

from monitor.model.polls import FailureKind, FetchFailed
from monitor.net.resolver import AddressRefused, LookupFailed

PEER_FAULTS = (aiohttp.ClientError, HttpProcessingError, OSError)
"""everything that a peer, its name server or the way to it can make aiohttp raise"""


def connection_fault(host: str, error: Exception, *, has_proxy: bool = False) -> FetchFailed:
    """The value for one of `PEER_FAULTS`; `has_proxy`: the host was asked through one."""
    cause = getattr(error, "os_error", error)
    if isinstance(error, aiohttp.ClientHttpProxyError):
        reason = f"the proxy answered {_phrase(error.status)} when it was asked for {host}"
        return FetchFailed(kind=FailureKind.CONNECTION, reason=reason)
    if has_proxy and isinstance(error, aiohttp.ClientProxyConnectionError | aiohttp.ClientConnectorDNSError):
        return FetchFailed(kind=FailureKind.CONNECTION, reason=_no_connection("the proxy", error, cause))
    if isinstance(cause, AddressRefused):
        return refused(f"{host} is not fetched: {cause}")
    if isinstance(error, aiohttp.InvalidURL):
        return refused(f"{host} is not a host that can be asked")
    if isinstance(error, aiohttp.ClientResponseError | HttpProcessingError):
        return FetchFailed(kind=FailureKind.CONTENT, reason=f"{host} did not answer in proper HTTP")
    is_certificate = isinstance(error, aiohttp.ClientConnectorCertificateError)
    kind = FailureKind.CERTIFICATE if is_certificate else FailureKind.CONNECTION
    return FetchFailed(kind=kind, reason=_sentence(host, error, cause))


def status_fault(host: str, status: int, retry_after_seconds: int | None) -> FetchFailed:
    """The value for an answer that is neither a document nor a redirect."""
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:  # the way to the host speaks, not the host
        reason = f"the proxy answered {_phrase(status)} when it was asked for {host}"
        return FetchFailed(kind=FailureKind.CONNECTION, reason=reason)
    kind = FailureKind.GONE if status == HTTPStatus.GONE else FailureKind.HTTP
    return FetchFailed(
        kind=kind,
        reason=f"{host} answered {_phrase(status)}",
        status=status,
        retry_after_seconds=retry_after_seconds,
    )


def refused(reason: str) -> FetchFailed:
    """The value for what we will not do."""
    return FetchFailed(kind=FailureKind.REFUSED, reason=reason)


def _phrase(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _sentence(host: str, error: Exception, cause: object) -> str:
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ClientSSLError):
        return _no_connection(host, error, cause)
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return f"{host} hung up without an answer"
    if isinstance(error, aiohttp.ClientPayloadError):
        return f"{host} broke off in the middle of its answer"
    return f"the connection to {host} broke"


def _no_connection(host: str, error: Exception, cause: object) -> str:
    if isinstance(cause, LookupFailed):
        return f"{host} cannot be found: {cause}"
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        certificate = error.certificate_error
        detail = getattr(certificate, "verify_message", "") or "it is not valid"
        return f"the certificate of {host} was not accepted: {detail}"
    if isinstance(error, aiohttp.ClientConnectorSSLError):
        return f"no secure connection to {host} could be made"
    if isinstance(cause, ConnectionRefusedError):
        return f"{host} refused the connection"
    detail = cause.strerror if isinstance(cause, OSError) else None
    return f"{host} cannot be reached: {detail}" if detail else f"{host} cannot be reached"
