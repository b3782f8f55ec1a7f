"""What may stand as an endpoint's address: an IPv4 or IPv6 address, or a host name. It resolves nothing."""

from __future__ import annotations

import ipaddress
import re
from typing import Final

_LABEL: Final = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_SCOPE: Final = re.compile(r"[!-$&-.0-~]{1,15}")
"""What Linux takes as an interface's name, in printable ASCII: no blank, slash or percent sign."""

_LONGEST_NAME: Final = 253


def address_fault(address: str) -> tuple[str, str] | None:
    """Return what is wrong with an address and what to do about it, or ``None`` where it is usable."""
    if not address:
        return "is empty.", "Write a host name or an IP address."
    literal = _literal(address)
    if literal is not None:
        return _unusable_literal(literal)
    return _hint(address) or _name_fault(address)


def _literal(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(address)
    except ValueError:
        return None


def _unusable_literal(literal: ipaddress.IPv4Address | ipaddress.IPv6Address) -> tuple[str, str] | None:
    """Refuse what is no single machine: asking a group asks machines that nobody configured."""
    scope = literal.scope_id if isinstance(literal, ipaddress.IPv6Address) else None
    if scope is not None and not _SCOPE.fullmatch(scope):
        return "has no interface's name after the percent sign.", "Write it as fe80::1%eth0."
    if literal.is_unspecified:
        return "is the unspecified address, which is no machine.", "Write the endpoint's own address."
    if literal.is_multicast or literal == ipaddress.IPv4Address("255.255.255.255"):
        return "is the address of a group, not of one machine.", "Write the endpoint's own address."
    return None


def _hint(address: str) -> tuple[str, str] | None:
    """Recognise what people write in an address's place, and say which part of it is the address."""
    if "://" in address:
        return "is a URL.", "Write only the host name or IP address of it, without scheme, port and path."
    if address.startswith("["):
        return "has brackets.", "Write the IPv6 address without brackets and port."
    network, slash, _ = address.partition("/")
    if slash:
        what = "is a network, not one machine." if _literal(network) else "has a path."
        return what, "Write one host name or IP address, without a slash."
    if address.count(":") == 1:
        return "has a port.", "Write only the host name or IP address; a port belongs to a probe."
    if ":" in address:
        return "is not an IPv6 address.", "Check its groups of hexadecimal digits."
    return None


def _name_fault(address: str) -> tuple[str, str] | None:
    if not address.isascii():
        return "is not a plain host name.", "Write a name in other letters in its xn-- form."
    labels = address.removesuffix(".").split(".")
    if len(address) > _LONGEST_NAME or not all(_LABEL.fullmatch(label) for label in labels):
        return (
            "is neither an IP address nor a host name.",
            "A host name has labels of letters, digits and hyphens with dots between, such as gw1.example.",
        )
    if labels[-1].isdigit():
        return (
            "is not an IPv4 address.",
            "It takes four numbers from 0 to 255 without leading zeros.",
        )
    return None
