"""What a machine knows of itself: tables of Linux are read, odd ones passed over, this machine's load."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from controlroom.site.load import load_site
from controlroom.site.starter import starter_toml
from probes.machine import (
    gateways_v4,
    gateways_v6,
    machine_facts,
    own_addresses,
    passing_addresses,
    resolvers_in,
    ways_out,
)
from probes.registry import PROBE_TYPES

ROUTES = """\
Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
wlan0	00000000	FE6433C6	0003	0	0	600	00000000	0	0	0
eth0	00000000	010200C0	0003	0	0	100	00000000	0	0	0
eth0	000200C0	00000000	0001	0	0	0	00FFFFFF	0	0	0
eth0	0000000A	020200C0	0003	0	0	0	000000FF	0	0	0
tun0	00000000	030200C0	0002	0	0	0	00000000	0	0	0
bad	00000000	XYZ
"""

ZERO = "0" * 32
ROUTES_V6 = f"""\
{ZERO} 00 {ZERO} 00 fe800000000000000000000000000001 00000400 00000002 00000000 00000003     eth0
{ZERO} 00 {ZERO} 00 20010db8000000000000000000000001 00000064 00000002 00000000 00000003     eth1
{ZERO} 00 {ZERO} 00 {ZERO} ffffffff 00000001 00000000 00200200       lo
20010db8000000000000000000000000 40 {ZERO} 00 {ZERO} 00000100 00000001 00000000 00000001     eth0
{ZERO} 00 {ZERO} 00 20010db8000000000000000000000002 00000001 00000002 00000000 00000203     eth1
short line
"""


@pytest.mark.skipif(sys.byteorder != "little", reason="the table is in the machine's byte order")
def test_default_gateways_of_ipv4_are_read_the_preferred_first() -> None:
    """Only default routes that are up and have a gateway count."""
    assert gateways_v4(ROUTES) == ("192.0.2.1", "198.51.100.254")
    assert gateways_v4("") == ()


def test_default_gateways_of_ipv6_are_read_with_their_scope() -> None:
    """A link-local gateway is only reached through its interface; rejecting routes are none."""
    assert gateways_v6(ROUTES_V6) == ("2001:db8::1", "fe80::1%eth0")


def test_ways_out_are_told_by_ip_version(tmp_path: Path) -> None:
    """One table with a default route, one without; and where no table is, nobody knows."""
    assert ways_out(tmp_path) is None
    tables = tmp_path / "proc" / "net"
    tables.mkdir(parents=True)
    (tables / "route").write_text(ROUTES.splitlines()[0], encoding="utf-8")
    assert ways_out(tmp_path) == frozenset()
    (tables / "ipv6_route").write_text(ROUTES_V6, encoding="utf-8")
    assert ways_out(tmp_path) == frozenset({6})
    (tables / "route").write_text(ROUTES, encoding="utf-8")
    assert ways_out(tmp_path) == frozenset({4, 6})


def test_addresses_that_pass_are_known() -> None:
    """Temporary, deprecated and tentative addresses are told from lasting ones."""
    table = (
        "20010db8000000000000000000000001 02 40 00 80     eth0\n"
        "20010db8000000000000000000000002 02 40 00 01     eth0\n"
        "20010db8000000000000000000000003 02 40 00 20     eth0\n"
        "odd\n"
    )
    assert passing_addresses(table) == {"2001:db8::2", "2001:db8::3"}


def test_resolvers_are_read_as_the_library_does() -> None:
    """Comments, options, names and repetitions are passed over."""
    table = "# nameserver 192.0.2.9\nnameserver 192.0.2.1\n nameserver fe80::1%eth0\nsearch a.example\n"
    table += "nameserver 192.0.2.1\nnameserver dns.example\noptions edns0\nnameserver\n"
    assert resolvers_in(table) == ("192.0.2.1", "fe80::1%eth0")


def _tables(root: Path, resolv: str, behind: str = "") -> None:
    (root / "etc").mkdir()
    (root / "run/systemd/resolve").mkdir(parents=True)
    (root / "etc/resolv.conf").write_text(resolv)
    if behind:
        (root / "run/systemd/resolve/resolv.conf").write_text(behind)


def test_behind_a_stub_stand_the_real_resolvers(tmp_path: Path) -> None:
    """The stub of systemd-resolved answers from this machine and proves nothing."""
    _tables(tmp_path, "nameserver 127.0.0.53\n", "nameserver 198.51.100.53\n")
    assert machine_facts(tmp_path).resolvers == ("198.51.100.53",)


def test_a_stub_with_nothing_known_behind_it_stays(tmp_path: Path) -> None:
    """What the machine says is kept where nothing better is known."""
    _tables(tmp_path, "nameserver 127.0.0.53\n")
    assert machine_facts(tmp_path).resolvers == ("127.0.0.53",)


def test_the_time_zone_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment goes before the system's link, and that before the old file; nonsense is not known."""
    monkeypatch.delenv("TZ", raising=False)
    assert machine_facts(tmp_path).time_zone is None
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/timezone").write_text("Europe/Dublin\n")
    assert machine_facts(tmp_path).time_zone == "Europe/Dublin"
    (tmp_path / "etc/localtime").symlink_to("/usr/share/zoneinfo/Europe/Paris")
    assert machine_facts(tmp_path).time_zone == "Europe/Paris"
    monkeypatch.setenv("TZ", ":Europe/London")
    assert machine_facts(tmp_path).time_zone == "Europe/London"
    monkeypatch.setenv("TZ", "nonsense")
    assert machine_facts(tmp_path).time_zone == "Europe/Paris"


def test_without_tables_nothing_is_invented(tmp_path: Path) -> None:
    """Where the system has no such tables, gateways and resolvers are not known."""
    facts = machine_facts(tmp_path)
    assert (facts.gateways, facts.resolvers) == ((), ())
    assert facts.host_name


def test_this_very_machine_makes_a_site_that_loads() -> None:
    """The starter of the machine that runs the test is a right site file."""
    facts = machine_facts()
    site = load_site(starter_toml(facts, facts.host_name), "starter", PROBE_TYPES)
    assert {"this-machine", "loopback"} <= {endpoint.id for endpoint in site.endpoints}


def test_own_addresses_hold_loopback() -> None:
    """Whatever else it has, a machine has 127.0.0.1."""
    assert "127.0.0.1" in own_addresses()
