"""Every probe type tells all that forms, help and engine need."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from controlroom.probe import ProberContext, ProbeType
from controlroom.reading import Reading
from controlroom.site.usual import with_usual_limits
from probes.registry import PROBE_TYPES

EACH = pytest.mark.parametrize("probe_type", PROBE_TYPES.values(), ids=PROBE_TYPES.keys())

LEAST: dict[str, dict[str, object]] = {
    "snmp": {"community": "file:community"},
    "tcp": {"port": 443},
    "dns": {"query_name": "dispatch.example.org"},
}
"""What a type cannot do without; everything else has a default."""


def test_the_types_of_this_release() -> None:
    """Sites name these types, so none may vanish; and none can be put in or taken out at run time."""
    assert [*PROBE_TYPES] == [
        "icmp",
        "snmp",
        "tcp",
        "http",
        "dns",
        "ntp",
        "sip",
        "udp-echo",
        "host",
        "simulated",
    ]
    with pytest.raises(TypeError):
        PROBE_TYPES["icmp"] = PROBE_TYPES["host"]  # type: ignore[index] # that this is refused is the test


@EACH
def test_names_and_help(probe_type: ProbeType) -> None:
    """A type is listed under its own name, and says in sentences what it does."""
    assert PROBE_TYPES[probe_type.name] is probe_type
    assert probe_type.title
    assert probe_type.help.endswith(".")
    assert len(probe_type.help) > 40


@EACH
def test_every_parameter_is_described(probe_type: ProbeType) -> None:
    """Each field of the form has a sentence of help."""
    for name, field in probe_type.parameters.model_fields.items():
        assert field.description, name
        assert field.description.endswith("."), name


@EACH
def test_defaults_can_be_had(probe_type: ProbeType) -> None:
    """With the least that the type needs, every default is a valid value, and times fit each other."""
    parameters = probe_type.parameters.model_validate(LEAST.get(probe_type.name, {}))
    again = probe_type.parameters.model_validate(parameters.model_dump(exclude_unset=True))
    assert again == parameters
    assert 0 < probe_type.default_timeout_s <= probe_type.default_period_s


@EACH
def test_metrics_are_unique_and_end_in_a_unit(probe_type: ProbeType) -> None:
    """Two metrics never share a name; each has a unit and a title."""
    parameters = probe_type.parameters.model_validate(LEAST.get(probe_type.name, {}))
    metrics = probe_type.metrics(parameters)
    names = [metric.name for metric in metrics]
    assert names
    assert len(set(names)) == len(names)
    for metric in metrics:
        assert metric.unit, metric.name
        assert metric.title, metric.name
        assert "_" in metric.name


@EACH
def test_unknown_parameters_are_refused(probe_type: ProbeType) -> None:
    """A mistyped key is a mistake, never passed over."""
    with pytest.raises(ValidationError):
        probe_type.parameters.model_validate({**LEAST.get(probe_type.name, {}), "perodi": 1})


@EACH
def test_making_a_prober_opens_nothing(probe_type: ProbeType) -> None:
    """A prober can be made without a running loop: sockets and processes come with its start."""

    def sink(reading: Reading) -> None:
        raise AssertionError(reading)

    prober = probe_type.create(ProberContext(sink, lambda: 0.0, lambda: 0.0, lambda reference: reference))
    assert prober.health() is not None


@EACH
def test_usual_limits_are_ones_that_a_site_could_have(probe_type: ProbeType) -> None:
    """On figures that the type can yield, with a gap, and shown in the reference."""
    parameters = probe_type.parameters.model_validate(LEAST.get(probe_type.name, {}))
    names = {metric.name for metric in probe_type.metrics(parameters)}
    for limit in with_usual_limits((), probe_type, parameters):
        assert limit.metric in names
        assert limit.minimum_readings <= limit.window_readings
        if limit.raise_above is not None:
            assert limit.clear_below is not None
            assert limit.clear_below < limit.raise_above
        else:
            assert limit.raise_below is not None
            assert limit.clear_above is not None
            assert limit.clear_above > limit.raise_below
