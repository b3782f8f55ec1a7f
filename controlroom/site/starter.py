"""Writes a first site file from what a machine knows of itself. It looks nothing up and invents nothing.

1. Only what the machine told is written: loopback, its own addresses, its gateways, its resolvers.
2. An address is measured once, under the first of its roles; link-local addresses of its own are left out.
3. Anchors are what lies outside the machine: gateways and resolvers.
4. Whatever stands in the facts is bounded and quoted, so that the file always loads.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from controlroom.site.address import address_fault

_MOST_OWN_ADDRESSES: Final = 8
_MOST_GATEWAYS: Final = 4
_MOST_RESOLVERS: Final = 4
_LONGEST_NAME: Final = 60


@dataclass(frozen=True, slots=True)
class Interface:
    """A network interface and its addresses, literal IPv4 or IPv6."""

    name: str
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MachineFacts:
    """What a machine knows of itself; an empty tuple where nothing is known.

    ``time_zone`` is a name of the IANA database, or ``None``.
    """

    host_name: str
    interfaces: tuple[Interface, ...] = ()
    gateways: tuple[str, ...] = ()
    resolvers: tuple[str, ...] = ()
    time_zone: str | None = None


@dataclass(frozen=True, slots=True)
class _Draft:
    """An endpoint as it will be written."""

    id: str
    name: str
    address: str
    criticality: str
    location: str
    consequence: str
    what_to_do: str
    anchor: bool = False
    probe: str = "icmp"


_HEADER: Final = """\
# The site file of this control room, written on the first start from what this machine knows of itself.
# Change it freely with any text editor. The form on the desk (F4) writes what is saved there into this file,
# and leaves every other line and all comments as they are.
# To see every mistake at once, with its line: controlroom check FILE.
#
# Words: an endpoint is something with an address; a probe is how it is measured, again and again.
# To add an endpoint, copy this to the end of the file, take the marks away and fill it in:
#
# [[endpoints]]
# id = "mast-north"                # lower-case letters, digits and hyphens; keep it, the records hang on it
# name = "Mast north"
# kind = "radio-gateway"           # radio-gateway, mobile-link, cloud, partner or infrastructure
# address = "gateway.example"      # a host name or an IP address
# criticality = "high"             # critical, high, medium or low
# location = "North hill, rack 2"
# contact = "Radio service desk, extension 100"
# what_to_do = "Move talk groups to mast south, then call the contact."
# [[endpoints.probes]]
# type = "icmp"                    # icmp, snmp, tcp, http, dns, ntp, sip, udp-echo or host
# period_s = 1
"""

_ECHO_NOTE: Final = (
    "Some devices never answer pings: if it has not answered once since it was added and all else works, "
    "take it out of the site file."
)


def starter_toml(facts: MachineFacts, site_name: str) -> str:
    """Write the text of a site file for this machine; it loads with the icmp and host probe types."""
    drafts = _once_each(_drafts(facts))
    anchors = ", ".join(_quoted(draft.id) for draft in drafts if draft.anchor)
    zone = facts.time_zone or "UTC"
    zone_note = (
        "" if facts.time_zone else "  # this machine did not tell its own: write one such as Europe/London"
    )
    head = [
        _HEADER,
        "format = 1",
        f"name = {_quoted(_line(site_name) or 'Control room')}",
        f"time_zone = {_quoted(zone)}{zone_note}",
        "",
        "# Before it blames an endpoint, the engine asks these whether it can reach anything at all.",
        "# Take out what never answers pings.",
        "[own_connectivity]",
        f"anchors = [{anchors}]",
    ]
    return "\n".join([*head, *(line for draft in drafts for line in _written(draft))]) + "\n"


def _drafts(facts: MachineFacts) -> Iterator[_Draft]:
    here = _line(facts.host_name) or "this machine"
    yield from _this_machine(here)
    yield from _gateways(facts, here)
    yield from _resolvers(facts, here)
    yield from _own_addresses(facts, here)


def _this_machine(here: str) -> Iterator[_Draft]:
    yield _Draft(
        id="this-machine",
        name="This machine",
        address="localhost",
        criticality="medium",
        location=here,
        consequence="A machine that is short of processor, memory or disk may measure late or not at all.",
        what_to_do="Close what is not needed on this machine. Free disk space before it is full.",
        probe="host",
    )
    yield _Draft(
        id="loopback",
        name="Loopback",
        address="127.0.0.1",
        criticality="medium",
        location=here,
        consequence="If this machine cannot reach itself, none of its measurements can be trusted.",
        what_to_do="Treat all other conditions as unknown. Restart this machine, or watch from another one.",
    )


def _gateways(facts: MachineFacts, here: str) -> Iterator[_Draft]:
    for number, address in enumerate(facts.gateways[:_MOST_GATEWAYS], start=1):
        yield _Draft(
            id=f"gateway-{number}",
            name=f"Default gateway {_line(address)}",
            address=address,
            criticality="high",
            location=f"Next hop from {here}",
            consequence="Without its gateway this machine reaches nothing beyond its own network.",
            what_to_do=(
                "Check this machine's network cable and switch port, then the router. "
                f"Ask at another desk whether it is cut off too. {_ECHO_NOTE}"
            ),
            anchor=True,
        )


def _resolvers(facts: MachineFacts, here: str) -> Iterator[_Draft]:
    for number, address in enumerate(facts.resolvers[:_MOST_RESOLVERS], start=1):
        yield _Draft(
            id=f"resolver-{number}",
            name=f"DNS resolver {_line(address)}",
            address=address,
            criticality="high",
            location=f"As configured on {here}",
            consequence="Without a resolver, whatever is reached by name cannot be found.",
            what_to_do=(
                "Check whether the other resolvers answer, then call whoever runs the network. "
                f"Endpoints given by their IP address are measured all the same. {_ECHO_NOTE}"
            ),
            anchor=True,
        )


def _own_addresses(facts: MachineFacts, here: str) -> Iterator[_Draft]:
    own = [(interface.name, address) for interface in facts.interfaces for address in interface.addresses]
    usable = [(name, address) for name, address in own if _is_own_address(address)]
    for number, (name, address) in enumerate(usable[:_MOST_OWN_ADDRESSES], start=1):
        yield _Draft(
            id=f"own-{_slug(name)}-{number}",
            name=f"Own address {_line(address)} on {_line(name)}",
            address=address,
            criticality="medium",
            location=here,
            consequence=(
                "This machine has lost the address, or has been given another. That it answers does not "
                "prove that its cable is plugged in."
            ),
            what_to_do="Check this machine's network settings. If its address has changed, change it here.",
        )


def _once_each(drafts: Iterator[_Draft]) -> list[_Draft]:
    """Keep each usable address under its first role; what is this machine's own is no anchor."""
    kept: dict[str, _Draft] = {}
    for draft in drafts:
        literal = _literal(draft.address)
        if address_fault(draft.address) is not None or (literal is None and draft.probe == "icmp"):
            continue
        if draft.anchor and literal is not None and literal.is_loopback:
            continue
        before = kept.setdefault(draft.address, draft)
        if before.anchor and draft.id.startswith("own-"):
            kept[draft.address] = replace(before, anchor=False)
    return list(kept.values())


def _written(draft: _Draft) -> Iterator[str]:
    yield ""
    yield "[[endpoints]]"
    yield f"id = {_quoted(draft.id)}"
    yield f"name = {_quoted(draft.name)}"
    yield 'kind = "infrastructure"'
    yield f"address = {_quoted(draft.address)}"
    yield f"criticality = {_quoted(draft.criticality)}"
    yield f"location = {_quoted(draft.location)}"
    yield f"consequence = {_quoted(draft.consequence)}"
    yield f"what_to_do = {_quoted(draft.what_to_do)}"
    yield "[[endpoints.probes]]"
    yield f"type = {_quoted(draft.probe)}"
    if draft.probe == "icmp":
        yield "period_s = 1"


def _literal(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(address)
    except ValueError:
        return None


def _is_own_address(address: str) -> bool:
    literal = _literal(address)
    return literal is not None and not literal.is_loopback and not literal.is_link_local


def _line(text: str) -> str:
    """Make one printable line of untrusted text."""
    return "".join(character for character in text if character.isprintable()).strip()[:_LONGEST_NAME]


def _slug(name: str) -> str:
    """Make part of an id from an interface's name."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:30] or "interface"


def _quoted(text: str) -> str:
    """Write a TOML string. JSON's escapes are TOML's, but for the delete character, which ``_line`` drops."""
    return json.dumps(text, ensure_ascii=False)
