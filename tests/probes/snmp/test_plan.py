"""What a template's alarms say: the state, and how strong the signal is; never how bad in numbers."""

from __future__ import annotations

import pytest

from controlroom.probe import UsualLimit
from controlroom.report import wording
from controlroom.report.figures import value_text
from controlroom.site.model import Criticality, EndpointKind, Limit
from controlroom.site.view import SeenEndpoint, SeenMetric, SeenProbe
from probes.snmp.plan import ROW_STATE, Row, RowState, limits_told, metrics_told
from probes.snmp.template import Template
from probes.snmp.template_library import templates


def seen(template: Template, *rows: Row) -> SeenEndpoint:
    """The endpoint as a desk sees it."""
    metrics = tuple(
        SeenMetric(
            name=each.name,
            unit=each.unit,
            title=each.title,
            when_low=each.when_low,
            meanings=each.meanings,
            judges=each.judges,
        )
        for each in metrics_told(template, rows)
    )
    limits = tuple(_limit(each) for each in limits_told(template, rows))
    probe = SeenProbe(
        name="snmp", type="snmp", title="SNMP", period_s=1, timeout_s=1, metrics=metrics, limits=limits
    )
    return SeenEndpoint(
        id="mast",
        name="Mast",
        kind=EndpointKind.RADIO_GATEWAY,
        address="127.0.0.1",
        criticality=Criticality.HIGH,
        probes=(probe,),
    )


def _limit(usual: UsualLimit) -> Limit:
    return Limit(
        metric=usual.metric,
        raise_above=usual.raise_above,
        raise_below=usual.raise_below,
        clear_above=usual.clear_above,
        clear_below=usual.clear_below,
    )


@pytest.mark.parametrize(
    ("template", "rows", "reason", "words"),
    [
        ("ups-mib", (), "limit:output_source_state:5", "output fed by: battery (fault)"),
        (
            "ups-mib",
            (),
            "limit:output_source_state:4:warning",
            "output fed by: bypass: nothing protects the load (warning)",
        ),
        (
            "if-mib",
            (Row("interface", "Port 1"),),
            "limit:port_1_link_state:2",
            "Port 1: Link: down (fault)",
        ),
        (
            "if-mib",
            (Row("interface", "wwan0"),),
            "limit:wwan0_interface_row_state:2",
            "wwan0: Interface: not there (fault)",
        ),
        (
            "if-mib",
            (Row("interface", "wwan0"),),
            "limit:wwan0_interface_row_state:3",
            "wwan0: Interface: several have this name (fault)",
        ),
    ],
)
def test_a_bad_state_is_told_by_what_it_means(
    template: str, rows: tuple[Row, ...], reason: str, words: str
) -> None:
    """With the name of its row, and whether it is a warning or a fault."""
    assert wording.reason_words(reason, seen(templates()[template], *rows)) == words


def test_a_poor_signal_is_told_by_its_figure() -> None:
    """Which of them is poor, and how poor."""
    template = templates()["teltonika-rutx"]
    row = Row("modem", "Internal modem")
    limit = next(each for each in limits_told(template, [row]) if each.metric.endswith("rsrp_dbm"))
    assert limit.raise_below is not None
    assert limit.clear_above is not None
    assert limit.clear_above > limit.raise_below
    words = wording.reason_words(f"limit:{limit.metric}:-125", seen(template, row))
    assert words == "Internal modem: signal poor: RSRP -125 dBm"


def test_every_severity_is_told_by_its_state() -> None:
    """In every template; and each state has its meanings."""
    for template in templates().values():
        rows = [Row(name) for name in template.tables]
        known = {each.name: each for each in metrics_told(template, rows)}
        for limit in limits_told(template, rows):
            assert limit.metric in known
            if known[limit.metric].judges:
                assert limit.told_by == known[limit.metric].judges
                assert known[limit.told_by].meanings


def test_a_state_is_shown_by_what_it_means() -> None:
    """In a table of figures; a code that is not known stays one."""
    (metric,) = (each for each in metrics_told(templates()["ups-mib"], ()) if each.name == "test_state")
    assert value_text(2.0, metric.unit, metric.meanings) == "passed with a warning"
    assert value_text(99.0, metric.unit, metric.meanings) == "99"


def test_what_a_limit_watches_comes_first() -> None:
    """The first metric stands for the device on its tile; every other keeps its order."""
    for template in templates().values():
        rows = tuple(Row(name, "A") for name in template.tables)
        told = metrics_told(template, rows)
        watched = {limit.told_by or limit.metric for limit in limits_told(template, rows)}
        of_rows = {each.name for each in told if each.name.endswith(ROW_STATE)}
        marks = [bool((watched - of_rows) & {each.name, each.judges}) for each in told]
        assert marks == sorted(marks, reverse=True), template.id
        assert not told or told[0].name not in of_rows, template.id


def test_a_named_row_has_a_state_of_its_own_behind_its_values() -> None:
    """With a limit that is told by it; so has the only row of a table, but none of a table without values."""
    template = templates()["if-mib"]
    told = [each.name for each in metrics_told(template, (Row("interface", "wan"),))]
    states = [name for name in told if "row_state" in name]
    assert states == ["wan_interface_row_state", "wan_interface_row_state_severity"]
    assert told.index("wan_link_state") < told.index(states[0])
    (limit,) = (
        each for each in limits_told(template, (Row("interface", "wan"),)) if each.metric == states[1]
    )
    assert (limit.told_by, limit.where_present, limit.raise_above) == (states[0], True, 0.5)
    only = [each for each in metrics_told(template, (Row("interface"),)) if "row_state" in each.name]
    assert [each.name for each in only] == ["interface_row_state", "interface_row_state_severity"]
    assert (RowState.SEVERAL, "several, and the site names none", "fault") in only[0].meanings
    assert "interface_row_state" in [each.told_by for each in limits_told(template, (Row("interface"),))]
    assert not [each for each in metrics_told(template, (Row("none", "wan"),)) if "row_state" in each.name]


def test_a_level_is_judged_over_some_readings_and_a_state_over_fewer() -> None:
    """At a reading every ten seconds: a poor signal within a minute, a state at the second look."""
    template = templates()["teltonika-rut-legacy"]
    limits = {limit.metric: limit for limit in limits_told(template, ())}
    signal, state = limits["rsrp_dbm"], limits["connection_state_severity"]
    assert (signal.window_readings, signal.minimum_readings) == (10, 5)
    assert (state.window_readings, state.minimum_readings) == (3, 2)
