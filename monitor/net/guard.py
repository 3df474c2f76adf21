"""Which addresses may be connected to.

`ipaddress.is_global` is not enough: it lets multicast, 6to4 and parts of 192.0.0.0/24 through and looks into
no transition format. So every range is named here, and IPv6 is closed but for global unicast.
"""

import socket
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Networks = tuple[IPv4Network | IPv6Network, ...]

_DENIED: tuple[tuple[IPv4Network | IPv6Network, str], ...] = tuple(
    (ip_network(network), name)
    for network, name in (
        ("0.0.0.0/32", "unspecified"),
        ("0.0.0.0/8", "reserved"),
        ("10.0.0.0/8", "private"),
        ("100.100.100.200/32", "a cloud metadata service"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "a cloud metadata service"),  # public by number, but answered by the host
        ("169.254.169.254/32", "a cloud metadata service"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "a transition range"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("::/96", "a transition range"),
        ("64:ff9b:1::/48", "a transition range"),
        ("2001::/32", "a transition range"),
        ("2001::/23", "reserved"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "a transition range"),
        ("3fff::/20", "documentation"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")


@lru_cache(1_024)  # asked twice a request, of the same hosts again: thirty ranges are looked through each time
def refusal(address: str, allowed: Networks) -> str | None:
    """Why this address must not be connected to, or None. `allowed` networks are exempt.

    IPv4 addresses inside IPv6 (mapped, NAT64) are judged as what they are. 6to4 and Teredo are refused whole:
    they hide an IPv4 address, and no publisher serves a feed there.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return f"{address!r} is not an address"
    inner = _embedded(parsed)
    if any(_contains(network, candidate) for network in allowed for candidate in (parsed, inner)):
        return None
    for network, name in _DENIED:
        if _contains(network, inner):
            return f"{parsed} is {name}"
    if isinstance(inner, IPv6Address) and inner not in _GLOBAL_UNICAST:
        return f"{parsed} is reserved"
    return None


def refusal_of_name(host: str, allowed: Networks) -> str | None:
    """Why a proxy must not be asked for this host, or None: what it will take for an address is judged as one.

    Names are looked up by the proxy, and only it can judge what they lead to. Whatever it may read as a number or as
    the machine itself is not left to it.
    """
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return refusal("127.0.0.1", allowed)
    if ":" in name:
        return refusal(name, allowed)
    last = name.rpartition(".")[2]
    if not last.isdigit() and not last.startswith("0x"):
        return None
    try:
        return refusal(socket.inet_ntoa(socket.inet_aton(name)), allowed)  # octal, hexadecimal and short forms too
    except (OSError, UnicodeError):
        return f"{host!r} is not an address"


def _embedded(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that packets really reach, else the address itself, without its scope."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    plain = IPv6Address(int(address))
    return IPv4Address(int(plain) & 0xFFFF_FFFF) if plain in _NAT64 else plain


def _contains(network: IPv4Network | IPv6Network, address: IPv4Address | IPv6Address) -> bool:
    """Whether the address is of the network; two families never are."""
    if isinstance(network, IPv4Network):
        return isinstance(address, IPv4Address) and address in network
    return isinstance(address, IPv6Address) and IPv6Address(int(address)) in network
