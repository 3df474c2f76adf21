"""The address policy: what may be connected to, by number."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.net.guard import refusal


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("0.0.0.0", "unspecified"),
        ("0.1.2.3", "reserved"),
        ("10.1.2.3", "private"),
        ("100.64.0.1", "carrier-grade NAT"),
        ("100.100.100.200", "a cloud metadata service"),
        ("127.0.0.1", "loopback"),
        ("168.63.129.16", "a cloud metadata service"),
        ("169.254.169.254", "a cloud metadata service"),
        ("169.254.1.1", "link-local"),
        ("172.31.255.255", "private"),
        ("192.0.0.192", "reserved"),
        ("192.88.99.1", "a transition range"),
        ("192.168.0.1", "private"),
        ("198.19.0.1", "benchmarking"),
        ("224.0.0.1", "multicast"),
        ("255.255.255.255", "reserved"),
        ("::", "unspecified"),
        ("::1", "loopback"),
        ("::7f00:1", "a transition range"),
        ("::ffff:127.0.0.1", "loopback"),
        ("::ffff:a9fe:a9fe", "a cloud metadata service"),
        ("64:ff9b::10.0.0.1", "private"),
        ("64:ff9b:1::1", "a transition range"),
        ("100::1", "reserved"),
        ("2001:0:102:304::1", "a transition range"),
        ("2001:20::1", "reserved"),
        ("2001:db8::1", "documentation"),
        ("2002:7f00:1::", "a transition range"),
        ("2002:808:808::", "a transition range"),
        ("3fff::1", "documentation"),
        ("5f00::1", "reserved"),
        ("fd00:ec2::254", "private"),
        ("fe80::1%eth0", "link-local"),
        ("fec0::1", "site-local"),
        ("ff02::1", "multicast"),
    ],
)
def test_no_inner_address_is_let_through(address: str, name: str) -> None:
    """Every range that leads inside is refused, in words that say why."""
    reason = refusal(address, ())
    assert reason is not None
    assert reason.endswith(name)


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "172.32.0.1", "192.0.1.1", "198.20.0.1", "223.255.255.255", "2606:4700::1111", "2a02:2e0::1"],
)
def test_public_addresses_pass(address: str) -> None:
    """The rest of the world may be asked."""
    assert refusal(address, ()) is None
    assert refusal(f"::ffff:{address}" if "." in address else address, ()) is None


def test_nat64_of_a_public_address_passes() -> None:
    """In networks without IPv4 it is the only way to most publishers."""
    assert refusal("64:ff9b::1.1.1.1", ()) is None


@pytest.mark.parametrize("text", ["", "localhost", "127.1", "2130706433", "0x7f000001", "1.2.3.4/8"])
def test_what_is_no_address_is_refused(text: str) -> None:
    """Short and numeric forms are not guessed at."""
    assert refusal(text, ()) is not None


def test_an_allowed_network_is_exempt_and_nothing_beside_it() -> None:
    """`allow_private` names networks, not kinds."""
    allowed = (IPv4Network("127.0.0.0/8"), IPv6Network("fd00:1::/32"))
    assert refusal("127.0.0.1", allowed) is None
    assert refusal("::ffff:127.0.0.1", allowed) is None
    assert refusal("fd00:1::5", allowed) is None
    assert refusal("::1", allowed) is not None
    assert refusal("10.0.0.1", allowed) is not None
    assert refusal("2002:7f00:1::", allowed) is not None


@given(st.ip_addresses())
def test_the_guard_is_never_kinder_than_the_standard_library(address: IPv4Address | IPv6Address) -> None:
    """What `ipaddress` does not call global is refused, whatever the address, unless it carries a public one."""
    if (
        not address.is_global
        and address not in ip_network("64:ff9b::/96")
        and not getattr(address, "ipv4_mapped", None)
    ):
        assert refusal(str(address), ()) is not None


@given(st.ip_addresses(v=4))
def test_wrapping_an_address_changes_no_verdict(address: IPv4Address | IPv6Address) -> None:
    """Mapped and NAT64 forms are judged as what they carry."""
    plain = refusal(str(address), ())
    for prefix in ("::ffff:", "64:ff9b::"):
        assert (refusal(f"{prefix}{address}", ()) is None) == (plain is None)
