"""Through an HTTP proxy: it is asked for the document where that is plain HTTP, for a tunnel otherwise."""

import aiohttp
from aiohttp.client_proto import ResponseHandler
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from monitor.model.settings import Proxy
from monitor.net.asking import ask, request_head
from monitor.net.dialling import Dialler


async def dial_through(proxy: Proxy, url: URL, dialler: Dialler, *, user_agent: str) -> ResponseHandler:
    """The connection on which to ask for an address.

    Raises as `Dialler.dial`; what concerns the proxy is aiohttp.ClientProxyConnectionError, ClientConnectorDNSError,
    or ClientHttpProxyError where it refused.
    """
    try:
        protocol = await dialler.dial(URL(proxy.address))
    except aiohttp.ClientConnectorDNSError:
        raise
    except aiohttp.ClientConnectorError as error:
        raise aiohttp.ClientProxyConnectionError(error._conn_key, error.os_error) from error  # noqa: SLF001 - its own base's
    if url.scheme == "http":
        return protocol
    try:
        await _open(protocol, proxy, url, user_agent)
        return await dialler.encrypt(protocol, url)
    except BaseException:
        protocol.abort()
        raise


async def _open(protocol: ResponseHandler, proxy: Proxy, url: URL, user_agent: str) -> None:
    """Have the proxy open the tunnel."""
    # What goes through a tunnel is the publisher's to read, so the login stands in front of it.
    own = CIMultiDict({"User-Agent": user_agent})
    if proxy.authorization:
        own["Proxy-Authorization"] = proxy.authorization
    host = f"[{url.raw_host}]" if ":" in (url.raw_host or "") else url.raw_host
    server = f"{host}:{url.port}"
    answer = await ask(protocol, request_head("CONNECT", server, server, own), has_document=False)
    if not 200 <= answer.status < 300:  # noqa: PLR2004 - the class of success
        request = aiohttp.RequestInfo(url, "CONNECT", CIMultiDictProxy(own), url)
        raise aiohttp.ClientHttpProxyError(request, (), status=answer.status)
