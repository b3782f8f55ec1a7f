"""The starter site: it loads whatever a machine says of itself, measures each address once, has anchors."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from controlroom.site.load import load_site
from controlroom.site.model import Site
from controlroom.site.starter import Interface, MachineFacts, starter_toml
from probes.registry import PROBE_TYPES

FACTS = MachineFacts(
    host_name="desk-1",
    interfaces=(
        Interface("lo", ("127.0.0.1", "::1")),
        Interface("eth0", ("192.0.2.7", "2001:db8::7", "fe80::7%eth0")),
    ),
    gateways=("192.0.2.1", "fe80::1%eth0"),
    resolvers=("192.0.2.1", "198.51.100.53", "127.0.0.53"),
    time_zone="Europe/London",
)


def _site(facts: MachineFacts, name: str = "Room") -> Site:
    return load_site(starter_toml(facts, name), "starter", PROBE_TYPES)


def test_what_the_machine_knows_is_measured() -> None:
    """Loopback, own addresses, gateways and resolvers, each once, and the machine itself."""
    site = _site(FACTS)
    assert [(endpoint.id, endpoint.address) for endpoint in site.endpoints] == [
        ("this-machine", "localhost"),
        ("loopback", "127.0.0.1"),
        ("gateway-1", "192.0.2.1"),
        ("gateway-2", "fe80::1%eth0"),
        ("resolver-2", "198.51.100.53"),
        ("own-eth0-1", "192.0.2.7"),
        ("own-eth0-2", "2001:db8::7"),
    ]
    assert (site.name, site.time_zone) == ("Room", "Europe/London")


def test_the_file_says_who_writes_it() -> None:
    """People with an editor, and the form on the desk; no promise that the program does not keep."""
    text = starter_toml(FACTS, "Room")
    assert "never written again" not in text
    assert "The form on the desk (F4)" in text


def test_anchors_lie_outside_the_machine() -> None:
    """Gateways and resolvers are anchors; a resolver on the machine itself is none."""
    assert _site(FACTS).own_connectivity.anchors == ("gateway-1", "gateway-2", "resolver-2")
    own = MachineFacts("desk", (Interface("eth0", ("192.0.2.7",)),), (), ("192.0.2.7",))
    assert _site(own).own_connectivity.anchors == ()


def test_pings_go_once_a_second_and_the_machine_has_one_host_probe() -> None:
    """Each endpoint has one probe, and every word an operator needs."""
    for endpoint in _site(FACTS).endpoints:
        (probe,) = endpoint.probes
        assert probe.type == ("host" if endpoint.id == "this-machine" else "icmp")
        assert probe.type == "host" or probe.period_s == 1
        assert endpoint.location
        assert endpoint.consequence
        assert endpoint.what_to_do


def test_nothing_known_is_still_a_site() -> None:
    """A machine without network is itself, and says that its time zone is not known."""
    text = starter_toml(MachineFacts(""), "")
    site = load_site(text, "starter", PROBE_TYPES)
    assert (len(site.endpoints), site.name, site.time_zone) == (2, "Control room", "UTC")
    assert "did not tell" in text


def test_the_comments_tell_how_to_add_an_endpoint() -> None:
    """The example in the comments, with its marks taken away, is right."""
    lines = starter_toml(FACTS, "Room").splitlines()
    start = lines.index("# [[endpoints]]")
    example = [line.removeprefix("# ") for line in lines[start:] if line.startswith("# ")]
    added = example[: example.index("period_s = 1") + 1]
    site = load_site(starter_toml(FACTS, "Room") + "\n".join(added), "starter", PROBE_TYPES)
    assert site.endpoints[-1].id == "mast-north"


@settings(max_examples=60, deadline=None)
@given(
    st.builds(
        MachineFacts,
        host_name=st.text(),
        interfaces=st.lists(
            st.builds(Interface, st.text(), st.lists(st.text() | st.ip_addresses().map(str)).map(tuple)),
            max_size=4,
        ).map(tuple),
        gateways=st.lists(st.text() | st.ip_addresses().map(str), max_size=6).map(tuple),
        resolvers=st.lists(st.text() | st.ip_addresses().map(str), max_size=6).map(tuple),
    ),
    st.text(),
)
def test_it_loads_whatever_the_machine_says(facts: MachineFacts, name: str) -> None:
    """Names and addresses of any kind never make a file that is refused."""
    addresses = [endpoint.address for endpoint in _site(facts, name).endpoints]
    assert len(set(addresses)) == len(addresses)
