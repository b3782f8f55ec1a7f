"""What routers say, whatever asks: every ICMP error by every type of probe, in both families.

The errors are those of a scripted host in a network namespace, sent by a router on the way; the kernel,
its queues of errors and its numbers are the real ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from controlroom.probe import ProbeParameters, ProbeType
from controlroom.reading import PATH_MTU_BYTES, Outcome, Reading, Reason
from probes.dns.declaration import DNS
from probes.dns.parameters import DnsParameters
from probes.dns.parameters import Transport as DnsTransport
from probes.http.declaration import HTTP
from probes.http.parameters import HttpParameters
from probes.icmp import ICMP, IcmpParameters
from probes.ntp.declaration import NTP
from probes.ntp.parameters import NtpParameters
from probes.sip.declaration import SIP
from probes.sip.parameters import SipParameters
from probes.sip.parameters import Transport as SipTransport
from probes.tcp.declaration import TCP
from probes.tcp.parameters import TcpParameters
from probes.udp_echo.declaration import UDP_ECHO
from probes.udp_echo.parameters import UdpEchoParameters
from tests.lab.namespace import LabNetwork
from tests.lab.routers import RouterChain, far, near
from tests.lab.script import TargetScript
from tests.probes.asking import ask

pytestmark = pytest.mark.lab

MTU = 1280

ERRORS = {
    "network": (4, (3, 0), Reason.NETWORK_UNREACHABLE),
    "host": (4, (3, 1), Reason.HOST_UNREACHABLE),
    "port": (4, (3, 3), Reason.PORT_UNREACHABLE),
    "too big": (4, (3, 4), Reason.FRAGMENTATION_NEEDED),
    "host unknown": (4, (3, 7), Reason.HOST_UNREACHABLE),
    "network prohibited": (4, (3, 9), Reason.PROHIBITED),
    "host prohibited": (4, (3, 10), Reason.PROHIBITED),
    "prohibited": (4, (3, 13), Reason.PROHIBITED),
    "time to live": (4, (11, 0), Reason.TTL_EXCEEDED),
    "no route, IPv6": (6, (1, 0), Reason.NETWORK_UNREACHABLE),
    "prohibited, IPv6": (6, (1, 1), Reason.PROHIBITED),
    "address, IPv6": (6, (1, 3), Reason.HOST_UNREACHABLE),
    "port, IPv6": (6, (1, 4), Reason.PORT_UNREACHABLE),
    "policy, IPv6": (6, (1, 5), Reason.PROHIBITED),
    "too big, IPv6": (6, (2, 0), Reason.FRAGMENTATION_NEEDED),
    "hop limit, IPv6": (6, (3, 0), Reason.TTL_EXCEEDED),
}

Asker = tuple[ProbeType, ProbeParameters]
BY_STREAM: dict[str, Asker] = {
    "tcp": (TCP, TcpParameters(port=4000)),
    "tls": (TCP, TcpParameters(port=4001, tls=True, verify_certificate=False)),
    "http": (HTTP, HttpParameters(port=4002, tls=False)),
    "sip by tcp": (SIP, SipParameters(transport=SipTransport.TCP)),
    "dns by tcp": (DNS, DnsParameters(query_name="example.org", transport=DnsTransport.TCP)),
}
BY_PACKET: dict[str, Asker] = {
    "sip by udp": (SIP, SipParameters()),
    "dns by udp": (DNS, DnsParameters(query_name="example.org")),
    "ntp": (NTP, NtpParameters()),
    "udp-echo": (UDP_ECHO, UdpEchoParameters(packets=2)),
    "icmp": (ICMP, IcmpParameters()),
}


def asked(asker: Asker, address: str, timeout_s: float = 1.0) -> Reading:
    """Ask once and return the reading."""
    probe_type, parameters = asker
    return ask(probe_type, parameters, address=address, timeout_s=timeout_s).only()


def all_asked(
    routers: RouterChain,
    names: Iterable[str],
    addresses: Sequence[str],
    timeout_s: float,
    *,
    at_once: int = 1,
) -> dict[tuple[str, str], Reading]:
    """Ask all of these by all of these. At once only what waits long: starting beside others makes late."""

    def one(pair: tuple[str, str]) -> Reading:
        name, address = pair
        with routers.enter():
            return asked((BY_STREAM | BY_PACKET)[name], address, timeout_s)

    pairs = [(name, address) for name in names for address in addresses]
    with ThreadPoolExecutor(at_once) as threads:
        return dict(zip(pairs, threads.map(one, pairs), strict=True))


def ends(readings: Mapping[tuple[str, str], Reading]) -> set[tuple[Outcome, Reason]]:
    """Return how it ended, by all of them."""
    return {(reading.outcome, reading.reason) for reading in readings.values()}


@pytest.mark.parametrize("name", [*BY_STREAM, *BY_PACKET])
def test_every_word_of_a_router_is_told_as_such(lab: LabNetwork, name: str) -> None:
    """Refused, for the reason that the router gives, with its address; never as our own fault."""
    asker = (BY_STREAM | BY_PACKET)[name]
    routers = {4: lab.address(900), 6: lab.address_v6(900)}
    wrong = {}
    for number, (error, (version, kind, reason)) in enumerate(ERRORS.items(), start=1):
        address = lab.address(number) if version == 4 else lab.address_v6(number)
        too_big = reason is Reason.FRAGMENTATION_NEEDED
        script = TargetScript(icmp_error=kind, error_sender=routers[version], mtu=MTU if too_big else 0)
        lab.script(address, script)
        if too_big and name in BY_STREAM:
            # TCP makes its packets smaller and tries again; nothing is refused.
            wanted, timeout_s = (Outcome.NO_REPLY, Reason.DEADLINE, False), 0.2
        else:
            wanted, timeout_s = (Outcome.REFUSED, reason, True), 1.0
        with lab.enter():
            reading = asked(asker, address, timeout_s)
        if (reading.outcome, reading.reason, routers[version] in reading.detail) != wanted:
            wrong[error] = reading
    assert not wrong


@pytest.mark.parametrize("name", ["icmp", "ntp", "udp-echo"])
def test_the_size_that_a_router_passes_on_is_a_figure(lab: LabNetwork, name: str) -> None:
    """As for a ping, so for UDP."""
    lab.script_all(TargetScript(icmp_error=(2, 0), error_sender=lab.address_v6(900), mtu=MTU))
    with lab.enter():
        reading = asked(BY_PACKET[name], lab.address_v6(1))
    assert reading.values == {PATH_MTU_BYTES: float(MTU)}


@pytest.mark.parametrize("kind", ["unreachable", "prohibit"])
def test_a_real_router_is_named_and_never_taken_for_our_own_fault(routers: RouterChain, kind: str) -> None:
    """It answers no more than a few in a row: what is asked then meets silence, and nothing else."""
    routers.refuse("second", kind)
    unreachable = {4: Reason.HOST_UNREACHABLE, 6: Reason.NETWORK_UNREACHABLE}
    heard = set()
    streams_and_packets = zip(BY_STREAM, BY_PACKET, strict=True)
    for name in (name for pair in streams_and_packets for name in pair):
        for version in (4, 6):
            reason = unreachable[version] if kind == "unreachable" else Reason.PROHIBITED
            with routers.enter():
                reading = asked((BY_STREAM | BY_PACKET)[name], far(4, version), 0.25)
            end = (reading.outcome, reading.reason, far(2, version) in reading.detail)
            said, silent = (Outcome.REFUSED, reason, True), (Outcome.NO_REPLY, Reason.DEADLINE, False)
            assert end in (said, silent), (name, version)
            if end == said:
                heard.add((name in BY_STREAM, version))
    assert heard == {(by_stream, version) for by_stream in (True, False) for version in (4, 6)}


def test_nobody_at_an_address_of_our_own_network_is_told_as_such(routers: RouterChain) -> None:
    """When time is over; our own network has looked for it then. Whatever asks."""
    names, nobody = [*BY_STREAM, *BY_PACKET], ("10.101.1.77", "fd01:1::77")
    readings = all_asked(routers, names, nobody, 0.3)
    assert ends(readings) == {(Outcome.NO_REPLY, Reason.NO_NEIGHBOUR)}, readings


def test_our_own_kernel_is_no_router(routers: RouterChain) -> None:
    """After three seconds it gives up looking, and says so as if it were one."""
    readings = all_asked(routers, ("tcp", "udp-echo", "icmp"), ("10.101.1.77", "fd01:1::77"), 4.5, at_once=3)
    assert ends(readings) == {(Outcome.NO_REPLY, Reason.NO_NEIGHBOUR)}, readings
    assert all("ICMP" in reading.detail for reading in readings.values()), readings


def test_a_missing_router_of_our_own_is_not_blamed_on_the_endpoint(routers: RouterChain) -> None:
    """The address that nobody answers at is that of the router, not the one asked."""
    routers.run(["ip", "route", "add", "10.200.0.0/16", "via", "10.101.1.99"])
    routers.run(["ip", "-6", "route", "add", "fd02::/64", "via", "fd01:1::99"])
    readings = all_asked(routers, [*BY_STREAM, *BY_PACKET], ("10.200.0.1", "fd02::1"), 0.3)
    assert ends(readings) == {(Outcome.NO_REPLY, Reason.ROUTER_SILENT)}, readings


def test_what_our_own_routes_forbid_is_not_run(routers: RouterChain) -> None:
    """The kernel says no before anything leaves."""
    routers.run(["ip", "route", "add", "prohibit", "10.200.0.0/16"])
    routers.run(["ip", "-6", "route", "add", "prohibit", "fd02::/64"])
    names = [*BY_STREAM, "dns by udp", "ntp", "udp-echo"]
    readings = all_asked(routers, names, ("10.200.0.1", "fd02::1"), 1.0)
    assert ends(readings) == {(Outcome.NOT_RUN, Reason.FORBIDDEN_HERE)}, readings


@pytest.mark.parametrize(
    "asker",
    [
        (TCP, TcpParameters(port=4000, source_address="192.0.2.77")),
        (HTTP, HttpParameters(port=4002, tls=False, source_address="192.0.2.77")),
        (ICMP, IcmpParameters(source_address="192.0.2.77")),
    ],
)
def test_a_source_address_that_this_machine_lacks_is_named(routers: RouterChain, asker: Asker) -> None:
    """By the same reason whatever asks."""
    with routers.enter():
        reading = asked(asker, near(2))
    assert (reading.outcome, reading.reason) == (Outcome.NOT_RUN, Reason.NO_SOURCE)
