"""For how long addresses may be kept: asked of a scripted name server on loopback, and of none."""

from __future__ import annotations

import dns.message
import dns.rcode
import dns.rdatatype
import dns.resolver
import dns.rrset
import pytest

from probes import name_life
from probes.name_life import time_to_live
from tests.lab.scripted import datagram_server
from tests.lab.snmpd import free_port

NAME = "mast.example."


def resolver_at(port: int) -> dns.resolver.Resolver:
    """A resolver that asks one server on loopback."""
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], port
    return resolver


def reply(data: bytes, ttl_by_kind: dict[str, int], alias_ttl: int | None = None) -> list[bytes]:
    """Answer with a record of each kind that is known, behind an alias where it has a time to live."""
    made = dns.message.make_response(dns.message.from_wire(data))
    asked = made.question[0]
    kind = dns.rdatatype.to_text(asked.rdtype)
    name = str(asked.name)
    if alias_ttl is not None:
        made.answer.append(dns.rrset.from_text(name, alias_ttl, "IN", "CNAME", "real.example."))
        name = "real.example."
    if kind in ttl_by_kind:
        value = "192.0.2.1" if kind == "A" else "2001:db8::1"
        made.answer.append(dns.rrset.from_text(name, ttl_by_kind[kind], "IN", kind, value))
    return [made.to_wire()]


@pytest.mark.parametrize(
    ("ttls", "alias", "lives_s"),
    [
        ({"A": 300}, None, 300.0),
        ({"AAAA": 20}, None, 20.0),
        ({"A": 300, "AAAA": 90}, None, 90.0),
        ({"A": 300, "AAAA": 90}, 7, 7.0),
        ({"A": 0}, None, 0.0),
        ({}, None, None),
    ],
)
def test_the_shortest_on_the_way_counts(
    ttls: dict[str, int], alias: int | None, lives_s: float | None
) -> None:
    """Of both IP versions, and of an alias in between."""
    with datagram_server(lambda data, _number: reply(data, ttls, alias)) as server:
        assert time_to_live(NAME, resolver_at(server.port)) == lives_s


def test_nobody_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that refuses, one that is not there, and a name that is none."""
    monkeypatch.setattr(name_life, "PATIENCE_S", 0.2)

    def refuse(data: bytes, _number: int) -> list[bytes]:
        made = dns.message.make_response(dns.message.from_wire(data))
        made.set_rcode(dns.rcode.REFUSED)
        return [made.to_wire()]

    with datagram_server(refuse) as server:
        assert time_to_live(NAME, resolver_at(server.port)) is None
    assert time_to_live(NAME, resolver_at(free_port())) is None
    assert time_to_live("x" * 80, resolver_at(free_port())) is None


def test_this_machines_own_servers_are_asked_without_one() -> None:
    """Whatever they say of a name that is never to exist, it is no error."""
    assert time_to_live("nobody.invalid") is None
