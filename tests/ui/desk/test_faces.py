"""What stands beside an endpoint that is asked in several ways."""

from __future__ import annotations

from controlroom.reading import PATH_MTU_BYTES, Outcome, ProbeKey, Reading, Reason
from controlroom.site.model import Criticality, EndpointKind
from controlroom.site.view import SeenEndpoint, SeenMetric, SeenProbe
from ui.desk.faces import probe_lines
from ui.desk.figures import figure
from ui.desk.picture import EndpointPicture

NOW_UTC_S = 1000.0


def _endpoint(*names: str) -> EndpointPicture:
    metrics = (SeenMetric(name="rtt_s", unit="s", title="Round-trip time"),)
    probes = tuple(
        SeenProbe(name=name, type="icmp", title=f"Ping {name}", period_s=1, timeout_s=1, metrics=metrics)
        for name in names
    )
    return EndpointPicture(
        SeenEndpoint(
            id="mast",
            name="Mast",
            kind=EndpointKind.RADIO_GATEWAY,
            address="192.0.2.1",
            criticality=Criticality.CRITICAL,
            probes=probes,
        )
    )


def _reading(name: str, outcome: Outcome, reason: Reason = Reason.NONE, **values: float) -> Reading:
    return Reading(ProbeKey("mast", name), NOW_UTC_S - 0.5, 1.0, outcome, reason, values)


def test_each_of_several_probes_tells_its_own() -> None:
    """Two traffic classes side by side, what was refused with its reason, and what was never asked."""
    endpoint = _endpoint("voice", "data", "whole", "late")
    mtu = {PATH_MTU_BYTES: 1380.0}
    endpoint.newest = {
        "voice": _reading("voice", Outcome.REPLIED, rtt_s=0.020),
        "data": _reading("data", Outcome.NO_REPLY, Reason.DEADLINE),
        "whole": _reading("whole", Outcome.REFUSED, Reason.FRAGMENTATION_NEEDED, **mtu),
    }
    assert probe_lines(endpoint, NOW_UTC_S) == [
        "Ping voice: 20.0 ms",
        "Ping data: no reply in time",
        "Ping whole: the packet is too big for the path, which passes 1380 bytes at most",
        "Ping late: not asked yet",
    ]


def test_an_old_figure_says_so() -> None:
    """As on the tile."""
    endpoint = _endpoint("voice", "data")
    endpoint.newest = {"voice": _reading("voice", Outcome.REPLIED, rtt_s=0.020)}
    assert probe_lines(endpoint, NOW_UTC_S + 19.5)[0] == "Ping voice: 20.0 ms, 20 s old"


def test_a_single_probe_is_told_by_the_tile() -> None:
    """Nothing is said twice."""
    assert probe_lines(_endpoint("voice"), NOW_UTC_S) == []


def test_a_figure_is_told_as_people_say_it() -> None:
    """A duration in days and hours, a frequency in its own unit, a state by what it means."""
    assert figure(138_600.0, "s") == "1 d 14 h"
    assert figure(0.0142, "s") == "14.2 ms"
    assert figure(5.19e9, "Hz") == "5.19 GHz"
    assert figure(5.0, "", ((5, "battery", "fault"),)) == "battery"


SIGNAL = (
    SeenMetric(name="rsrp_dbm", unit="dBm", title="RSRP"),
    SeenMetric(name="rsrq_db", unit="dB", title="RSRQ"),
)


def test_a_figure_that_is_no_round_trip_has_its_name_in_front() -> None:
    """Also that of a single probe: the tile has little room for it."""
    endpoint = _endpoint("voice")
    probe = endpoint.seen.probes[0].model_copy(update={"title": "SNMP", "metrics": SIGNAL})
    endpoint.seen = endpoint.seen.model_copy(update={"probes": (probe,)})
    endpoint.newest = {"voice": _reading("voice", Outcome.REPLIED, rsrp_dbm=-90.0)}
    assert probe_lines(endpoint, NOW_UTC_S) == ["SNMP, RSRP: −90.0 dBm"]
    endpoint.newest = {"voice": _reading("voice", Outcome.NO_REPLY, Reason.DEADLINE)}
    assert probe_lines(endpoint, NOW_UTC_S) == []


def test_what_a_device_did_not_tell_stands_below_its_probe() -> None:
    """With what came in its place, unable to steer the screen; never another figure, and not while silent."""
    endpoint = _endpoint("voice")
    probe = endpoint.seen.probes[0].model_copy(update={"title": "SNMP", "metrics": SIGNAL})
    endpoint.seen = endpoint.seen.model_copy(update={"probes": (probe,)})
    endpoint.told = {"voice": {"rsrp_dbm", "rsrq_db"}}
    endpoint.unknown = {"voice": {"rsrp_dbm": 'cannot be decoded: "N/A\x1b?"'}}
    endpoint.newest = {"voice": _reading("voice", Outcome.REPLIED, rsrq_db=-11.0)}
    lines = ['SNMP, RSRP: unknown, cannot be decoded: "N/A\\x1b?"']
    assert probe_lines(endpoint, NOW_UTC_S) == lines
    endpoint.unknown = {"voice": {**endpoint.unknown["voice"], "rsrq_db": "outside of what is possible: 7"}}
    endpoint.newest = {"voice": _reading("voice", Outcome.REPLIED)}
    lines.append("RSRQ unknown, outside of what is possible: 7")
    assert probe_lines(endpoint, NOW_UTC_S) == lines
    many = {f"value_{place}": "?" for place in range(9)}
    endpoint.unknown = {"voice": many}
    assert probe_lines(endpoint, NOW_UTC_S)[-1] == "and 4 more unknown"
    endpoint.newest = {"voice": _reading("voice", Outcome.NO_REPLY, Reason.DEADLINE)}
    assert probe_lines(endpoint, NOW_UTC_S) == []


def test_what_could_not_be_read_at_all_says_so() -> None:
    """An answer without any number is no figure that is missing."""
    endpoint = _endpoint("voice", "data")
    endpoint.newest = {"voice": _reading("voice", Outcome.REPLIED, Reason.UNDECODABLE)}
    assert probe_lines(endpoint, NOW_UTC_S)[0] == "Ping voice: the answer could not be read"
