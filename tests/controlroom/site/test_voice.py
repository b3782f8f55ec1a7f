"""What the estimate of voice quality assumes at an endpoint: its own before the site's."""

from __future__ import annotations

from controlroom.site.load import load_site
from controlroom.site.model import Codec, JitterBufferRule, Voice
from controlroom.site.view import SiteView, view_of
from controlroom.site.voice import voice_at
from probes.registry import PROBE_TYPES

ROOM = """
name = "Room"
[voice]
codec = "g729a-vad"
packetisation_s = 0.03
jitter_buffer_rule = "fixed"
jitter_buffer_s = 0.06
extra_delay_s = 0.01
ie = 12
bpl = 18
[[endpoints]]
id = "mast"
name = "Mast"
kind = "radio-gateway"
address = "192.0.2.1"
probes = [{ type = "icmp" }]
"""


def held(more: str = "", room: str = ROOM) -> Voice:
    """What holds at the one endpoint, which says this more."""
    site = load_site(room + more, "room.toml", PROBE_TYPES)
    return voice_at(site, site.endpoints[0])


def test_a_silent_endpoint_has_what_the_site_says() -> None:
    """All of it; and a silent site says nothing."""
    assert held() == Voice(
        codec=Codec.G729A_VAD,
        packetisation_s=0.03,
        jitter_buffer_rule=JitterBufferRule.FIXED,
        jitter_buffer_s=0.06,
        extra_delay_s=0.01,
        ie=12,
        bpl=18,
    )
    assert held(room='name = "Room"\n[[endpoints]]' + ROOM.partition("[[endpoints]]")[2]) == Voice()


def test_an_endpoint_says_what_differs() -> None:
    """Key by key; with the same codec its values hold as well."""
    found = held("[endpoints.voice]\nextra_delay_s = 0.2\n")
    assert (found.extra_delay_s, found.jitter_buffer_s, found.ie) == (0.2, 0.06, 12)
    same = held('[endpoints.voice]\ncodec = "g729a-vad"\nextra_delay_s = 0\n')
    assert (same.extra_delay_s, same.packetisation_s, same.bpl) == (0, 0.03, 18)


def test_another_codec_leaves_what_belongs_to_the_sites() -> None:
    """The buffer and the delay of the network stay."""
    found = held('[endpoints.voice]\ncodec = "g711"\nlook_ahead_s = 0.001\n')
    assert found == Voice(
        codec=Codec.G711,
        look_ahead_s=0.001,
        jitter_buffer_rule=JitterBufferRule.FIXED,
        jitter_buffer_s=0.06,
        extra_delay_s=0.01,
    )


def test_a_desk_sees_what_holds() -> None:
    """Also through the store; a view of an older program says nothing of it."""
    site = load_site(ROOM, "room.toml", PROBE_TYPES)
    view = view_of(site, PROBE_TYPES)
    assert view.endpoints[0].voice == voice_at(site, site.endpoints[0])
    assert SiteView.model_validate_json(view.model_dump_json()) == view
    older = view.model_dump(mode="json")
    del older["endpoints"][0]["voice"]
    assert SiteView.model_validate(older).endpoints[0].voice == Voice()
