"""Addresses: what one machine is reached by, and what people write in its place."""

from __future__ import annotations

import pytest

from controlroom.site.address import address_fault


@pytest.mark.parametrize(
    "address",
    [
        "192.0.2.1",
        "2001:db8::1",
        "fe80::1%eth0",
        "::1",
        "gw1.example",
        "gw_1",
        "localhost",
        "a.b.example.",
        "xn--bcher-kva.example",
    ],
)
def test_a_machines_address_is_taken(address: str) -> None:
    """Literals of both families, scoped ones and host names pass."""
    assert address_fault(address) is None


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("", "empty"),
        ("https://cad.example/x", "URL"),
        ("cad.example:443", "port"),
        ("192.0.2.1:161", "port"),
        ("[2001:db8::1]:161", "brackets"),
        ("192.0.2.0/24", "network"),
        ("cad.example/x", "path"),
        ("192.0.2.300", "not an IPv4"),
        ("192.0.2", "not an IPv4"),
        ("192.0.02.1", "not an IPv4"),
        ("2001:db8:::1", "not an IPv6"),
        ("0.0.0", "not an IPv4"),
        ("::0", "unspecified"),
        ("::", "unspecified"),
        ("224.0.0.1", "group"),
        ("ff02::1", "group"),
        ("fe80::1%two words", "interface"),
        ("fe80::1%\x1b", "interface"),
        ("255.255.255.255", "group"),
        ("-gw.example", "neither"),
        ("gw..example", "neither"),
        ("two words", "neither"),
        ("user@gw", "neither"),
        ("a" * 64, "neither"),
        ("a." * 130 + "example", "neither"),
        ("bücher.example", "plain"),
    ],
)
def test_what_is_no_machines_address_is_named(address: str, word: str) -> None:
    """The fault says what was written instead, and what to write."""
    fault = address_fault(address)
    assert fault is not None
    assert word in fault[0]
    assert fault[1]
