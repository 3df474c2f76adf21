"""What aiohttp raises, in plain English."""

import ssl
from collections.abc import Sequence

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from aiohttp.http_exceptions import TransferEncodingError

from monitor.model.polls import FailureKind
from monitor.net.faults import connection_fault
from monitor.net.resolver import AddressRefused, LookupFailed

KEY = ConnectionKey("news.example", 443, True, True, None, None, None)


def _certificate_error() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = "certificate has expired"
    return error


CASES: Sequence[tuple[Exception, FailureKind, str]] = (
    (
        aiohttp.ClientConnectorCertificateError(KEY, _certificate_error()),
        FailureKind.CERTIFICATE,
        "the certificate of news.example was not accepted: certificate has expired",
    ),
    (
        aiohttp.ClientConnectorSSLError(KEY, OSError(1, "wrong version number")),
        FailureKind.CONNECTION,
        "no secure connection to news.example could be made",
    ),
    (
        aiohttp.ClientConnectorDNSError(KEY, LookupFailed("no address was found in time")),
        FailureKind.CONNECTION,
        "news.example cannot be found: no address was found in time",
    ),
    (
        aiohttp.ClientConnectorDNSError(KEY, AddressRefused("10.0.0.1 is private")),
        FailureKind.REFUSED,
        "news.example is not fetched: 10.0.0.1 is private",
    ),
    (
        aiohttp.ClientConnectorError(KEY, OSError(113, "No route to host")),
        FailureKind.CONNECTION,
        "news.example cannot be reached: No route to host",
    ),
    (aiohttp.InvalidURL("x"), FailureKind.REFUSED, "news.example is not a host that can be asked"),
    (TransferEncodingError("bad chunk"), FailureKind.CONTENT, "news.example did not answer in proper HTTP"),
    (aiohttp.ServerDisconnectedError(), FailureKind.CONNECTION, "news.example hung up without an answer"),
    (aiohttp.ClientPayloadError("x"), FailureKind.CONNECTION, "news.example broke off in the middle of its answer"),
    (TimeoutError(110, "timed out"), FailureKind.CONNECTION, "the connection to news.example broke"),
)


@pytest.mark.parametrize(("error", "kind", "reason"), CASES)
def test_every_fault_has_its_kind_and_its_sentence(error: Exception, kind: FailureKind, reason: str) -> None:
    """The host is named; the library's words, which repeat addresses, are not used."""
    failed = connection_fault("news.example", error)
    assert (failed.kind, failed.reason) == (kind, reason)
