"""Which figure stands for an endpoint: that of its condition, else one that does not jump."""

from __future__ import annotations

import pytest

from controlroom.report.chief_figure import chief_figure, metric_of
from controlroom.site.model import Limit
from controlroom.site.view import SeenEndpoint, SeenMetric, SeenProbe
from tests.controlroom.report.memory_store import view

RTT = SeenMetric(name="rtt_s", unit="s", title="Round-trip time")
LEVEL = SeenMetric(name="rsrp_dbm", unit="dBm", title="RSRP")
STATE = SeenMetric(name="output", unit="", title="Output fed by")
JUDGED = SeenMetric(name="output_severity", unit="", title="Output fed by, severity", judges="output")


def probe(name: str, *metrics: SeenMetric, limited: str = "") -> SeenProbe:
    """A probe that yields some metrics, one of which may have a limit."""
    limits = (Limit(metric=limited, raise_above=1.0, clear_below=0.5),) if limited else ()
    return SeenProbe(
        name=name, type=name, title=name, period_s=1, timeout_s=1, metrics=metrics, limits=limits
    )


def endpoint(*probes: SeenProbe) -> SeenEndpoint:
    """An endpoint with some probes."""
    return view("mast").endpoints[0].model_copy(update={"probes": probes})


def stands(seen: SeenEndpoint, told: dict[str, set[str]], *reasons: str) -> str:
    """Name the figure that stands for it, as ``probe/metric``."""
    chief = chief_figure(seen, told, *reasons)
    return "" if chief is None else f"{chief.probe.name}/{chief.metric.name}"


DEVICE = endpoint(probe("ping", RTT), probe("snmp", JUDGED, LEVEL, STATE))


@pytest.mark.parametrize(
    ("reason", "wanted"),
    [
        ("none", "ping/rtt_s"),
        ("deadline", "ping/rtt_s"),
        ("limit:rsrp_dbm:-101", "snmp/rsrp_dbm"),
        ("limit:output:5", "snmp/output"),
        ("limit:output_severity:2", "snmp/output"),
        ("limit:loss_ratio:0.2", "ping/rtt_s"),
        ("limit:gone_since:1", "ping/rtt_s"),
        ("limit:", "ping/rtt_s"),
    ],
)
def test_the_figure_of_the_condition_comes_first(reason: str, wanted: str) -> None:
    """Whichever probe has it; a reason about none, or about one that is not there, changes nothing."""
    assert stands(DEVICE, {}, reason) == wanted


def test_the_first_reason_that_names_a_figure_counts() -> None:
    """An alarm's own reason before that of the endpoint as it is now."""
    assert stands(DEVICE, {}, "deadline", "limit:output:5", "limit:rsrp_dbm:-101") == "snmp/output"


def test_what_was_told_stays() -> None:
    """The first that was ever told, judgements apart; the first of all while none is known."""
    device = endpoint(probe("snmp", JUDGED, LEVEL, STATE))
    assert stands(device, {}) == "snmp/rsrp_dbm"
    assert stands(device, {"snmp": {"output", "output_severity"}}) == "snmp/output"
    assert stands(device, {"snmp": {"output", "rsrp_dbm"}}) == "snmp/rsrp_dbm"


def test_of_two_probes_the_one_that_limits_a_figure_tells_it() -> None:
    """Two pings, of which one is judged by its round-trip time."""
    twice = endpoint(probe("data", RTT), probe("voice", RTT, limited="rtt_s"))
    assert stands(twice, {"data": {"rtt_s"}}, "limit:rtt_s:0.4") == "voice/rtt_s"
    assert stands(twice, {}) == "data/rtt_s"


def test_without_figures_nothing_stands_for_it() -> None:
    """No probe, or one that yields none."""
    assert stands(endpoint(), {}) == ""
    assert stands(endpoint(probe("bare")), {}) == ""


def test_a_reason_names_its_metric() -> None:
    """Or none."""
    assert metric_of("limit:rsrp_dbm:-101") == "rsrp_dbm"
    assert metric_of("no_such_object:rsrp_dbm,load") == "rsrp_dbm"
    assert metric_of("no_such_object") == metric_of("deadline") == ""
