"""A site is simulated as a whole or not at all."""

from __future__ import annotations

import pytest

from controlroom.site.load import load_site
from controlroom.site.mistakes import SiteError
from controlroom.site.simulation import is_simulated, types_of_kind
from controlroom.site.view import SiteView, view_of
from probes.registry import PROBE_TYPES


def _endpoint(name: str, *types: str) -> str:
    probes = ", ".join(f'{{ type = "{each}" }}' for each in types)
    return (
        f'[[endpoints]]\nid = "{name}"\nname = "{name}"\nkind = "partner"\n'
        f'address = "192.0.2.1"\nprobes = [{probes}]\n'
    )


def _room(*endpoints: str) -> str:
    return "\n".join(('name = "Room"', *endpoints))


def test_a_site_of_simulated_probes_is_simulated() -> None:
    """And its view says so to every desk; a real one's does not, nor does that of an older store."""
    for type_name, simulated in (("simulated", True), ("icmp", False)):
        site = load_site(_room(_endpoint("mast", type_name)), "room.toml", PROBE_TYPES)
        assert is_simulated(site, PROBE_TYPES) is simulated
        assert view_of(site, PROBE_TYPES).simulated is simulated
    assert SiteView.model_validate_json('{"name": "Room"}').simulated is False
    assert not is_simulated(load_site('name = "Empty"', "room.toml", PROBE_TYPES), PROBE_TYPES)


@pytest.mark.parametrize(
    ("room", "place", "kind"),
    [
        (_room(_endpoint("a", "icmp"), _endpoint("b", "simulated")), "endpoints[b]", "is simulated"),
        (_room(_endpoint("a", "simulated"), _endpoint("b", "host")), "endpoints[b]", "is measured"),
        (_room(_endpoint("a", "simulated", "icmp")), "endpoints[a].probes[icmp]", "is measured"),
    ],
)
def test_a_mixture_is_refused_at_the_first_probe_that_does_not_fit(room: str, place: str, kind: str) -> None:
    """One mistake, however many there are, with what to do."""
    with pytest.raises(SiteError) as caught:
        load_site(room + _endpoint("c", "simulated", "icmp"), "room.toml", PROBE_TYPES)
    (mistake,) = caught.value.mistakes
    assert mistake.code == "mixed-simulation"
    assert mistake.key_path.startswith(place)
    assert kind in mistake.happened
    assert "as a whole or not at all" in mistake.advice


def test_a_wrong_fault_is_a_mistake_with_its_place() -> None:
    """The line's own sentence reaches whoever wrote the file."""
    room = _room(_endpoint("mast", "simulated")).replace(
        '"simulated" }', '"simulated", faults = ["9 silent"] }'
    )
    with pytest.raises(SiteError) as caught:
        load_site(room, "room.toml", PROBE_TYPES)
    (mistake,) = caught.value.mistakes
    assert "faults" in mistake.key_path
    assert "not of the form" in mistake.happened


def test_forms_offer_types_of_one_kind() -> None:
    """What would be refused is not offered."""
    assert list(types_of_kind(PROBE_TYPES, simulated=False)) == [
        "icmp",
        "snmp",
        "tcp",
        "http",
        "dns",
        "ntp",
        "sip",
        "udp-echo",
        "host",
    ]
    assert list(types_of_kind(PROBE_TYPES, simulated=True)) == ["simulated"]
