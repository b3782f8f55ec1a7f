"""Addresses as the prober takes them."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.icmp.target import AddressError, Targets, read_target


@given(st.ip_addresses(v=4).filter(lambda ip: not ip.is_multicast and not ip.is_unspecified))
def test_ipv4_addresses_are_read(address: object) -> None:
    """An IPv4 address is its own host name, also when it comes mapped into IPv6."""
    target = read_target(str(address), b"key")
    assert (target.version, target.host, target.sockaddr) == (4, str(address), (str(address), 0))
    assert read_target(f"::ffff:{address}", b"key") == target


def test_ipv6_addresses_are_written_as_the_kernel_does() -> None:
    """The source of a reply is compared as text, so every spelling becomes the kernel's."""
    target = read_target("FD99:0:0:0::00a1", b"key")
    assert (target.version, target.host) == (6, "fd99::a1")
    assert read_target("fe80::1%lo", b"key").host == "fe80::1%lo"
    assert read_target("fe80::1%1", b"key").sockaddr[-1] == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.org",
        "10.0.0.256",
        "10.1",
        str(ipaddress.IPv4Address(0)),
        "::",
        "224.0.0.1",
        "ff02::1",
        "fe80::1%nowhere",
        "1\n",
    ],
)
def test_what_cannot_be_pinged_is_refused(text: str) -> None:
    """Names, unspecified and multicast addresses, and zones that do not exist."""
    with pytest.raises(AddressError):
        read_target(text, b"key")


def test_tokens_differ_by_target_and_by_secret() -> None:
    """Who knows one target's token knows neither another's nor the next run's."""
    tokens = [
        read_target(address, key).token
        for address in ("10.99.0.1", "10.99.0.2", "fd99::1")
        for key in (b"one", b"two")
    ]
    assert len(set(tokens)) == len(tokens)
    assert {len(token) for token in tokens} == {8}


def test_targets_are_found_by_the_source_of_a_reply() -> None:
    """A reply is matched by the kernel's spelling, however the site spelt the address."""
    targets = Targets(b"key")
    asked = targets.of("fd99:0::1")
    assert targets.of("fd99:0::1") is asked
    assert targets.at("fd99::1") is asked
    assert targets.at("fd99::2") is None
