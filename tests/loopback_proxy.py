"""An HTTP proxy on loopback: it forwards plain requests, opens tunnels, and knows names that no name server has."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from socketserver import StreamRequestHandler, ThreadingTCPServer
from urllib.parse import urlsplit

_SECONDS = 10


@dataclass(slots=True)
class LoopbackProxy:
    """Where it listens, whom it knows, and what it was asked."""

    port: int = 0
    names: dict[str, int] = field(default_factory=dict)
    """host → port on loopback that stands for it"""
    login: str = ""
    """the Proxy-Authorization that it wants; empty: none"""
    refusal: int = 0
    """a status for whoever asks"""
    heads: list[str] = field(default_factory=list)
    """what it was asked, request by request"""

    def url(self, login: str = "") -> str:
        """Its address for a configuration, with a login in it."""
        return f"http://{login}{'@' if login else ''}127.0.0.1:{self.port}"


@contextmanager
def proxying() -> Iterator[LoopbackProxy]:
    """A proxy that works while the block does."""
    proxy = LoopbackProxy()

    class Handler(StreamRequestHandler):
        timeout = _SECONDS

        def handle(self) -> None:
            with suppress(OSError):
                _serve(proxy, self)

    class Server(ThreadingTCPServer):
        daemon_threads = True

    server = Server(("127.0.0.1", 0), Handler)
    proxy.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _serve(proxy: LoopbackProxy, handler: StreamRequestHandler) -> None:
    lines = []
    while (line := handler.rfile.readline(65_536).decode("latin-1").rstrip("\r\n")) != "":
        lines.append(line)
    proxy.heads.append("\n".join(lines))
    method, target, _ = lines[0].split(" ")
    login = next((line[21:] for line in lines if line.lower().startswith("proxy-authorization: ")), "")
    parts = urlsplit(f"//{target}" if method == "CONNECT" else target)
    if proxy.login and login != proxy.login:
        _answer(handler, 407)
    elif proxy.refusal:
        _answer(handler, proxy.refusal)
    elif parts.hostname not in proxy.names:
        _answer(handler, 502)
    else:
        with socket.create_connection(("127.0.0.1", proxy.names[parts.hostname]), _SECONDS) as peer:
            _pass_on(handler, peer, lines if method != "CONNECT" else None, f"{parts.path}?{parts.query}")


def _answer(handler: StreamRequestHandler, status: int) -> None:
    handler.wfile.write(f"HTTP/1.1 {status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())


def _pass_on(handler: StreamRequestHandler, peer: socket.socket, lines: list[str] | None, target: str) -> None:
    if lines is None:
        handler.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        threading.Thread(target=_copy, args=(handler.connection, peer), daemon=True).start()
    else:
        kept = (line for line in lines[1:] if not line.lower().startswith("proxy-"))
        peer.sendall("\r\n".join([f"GET {target.rstrip('?')} HTTP/1.1", *kept, "", ""]).encode("latin-1"))
    _copy(peer, handler.connection)


def _copy(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while data := one.recv(65_536):
            other.sendall(data)
        other.shutdown(socket.SHUT_WR)
