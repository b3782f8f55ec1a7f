"""What the SNMP probe is: its help, its parameters and its metrics. It sends nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from controlroom.probe import (
    Identifier,
    Metric,
    Offer,
    ProbeParameters,
    Prober,
    ProberContext,
    ProbeType,
    UsualLimit,
)
from probes.snmp.doubts import doubts_of
from probes.snmp.identifying import identify
from probes.snmp.parameters import SnmpParameters
from probes.snmp.plan import limits_told, metrics_told, rows_told
from probes.snmp.prober import SnmpProber
from probes.snmp.stack import check_stack
from probes.snmp.template_library import templates


def _metrics(parameters: ProbeParameters) -> tuple[Metric, ...]:
    """The template's values, then the objects', under the names and in the units that the site gives them."""
    if not isinstance(parameters, SnmpParameters):
        raise TypeError("these are not the parameters of an SNMP probe")
    template = templates().get(parameters.template)
    told = metrics_told(template, rows_told(template, parameters.rows)) if template is not None else ()
    own = (Metric(each.metric, each.unit, each.title or each.metric) for each in parameters.asked_objects)
    return (*told, *own)


def _limits(parameters: ProbeParameters) -> tuple[UsualLimit, ...]:
    """The limits that the template brings."""
    if not isinstance(parameters, SnmpParameters):
        raise TypeError("these are not the parameters of an SNMP probe")
    template = templates().get(parameters.template)
    return limits_told(template, rows_told(template, parameters.rows)) if template is not None else ()


def _offers() -> Mapping[str, tuple[Offer, ...]]:
    """All templates, by their titles, after none at all."""
    known = (Offer(each.id, f"{each.title}  ({each.id})") for each in templates().values())
    return {"template": (Offer("", "None: only the objects below"), *known)}


def _advice(parameters: ProbeParameters) -> str:
    """What the template says is to be done."""
    if not isinstance(parameters, SnmpParameters):
        raise TypeError("these are not the parameters of an SNMP probe")
    template = templates().get(parameters.template)
    return template.what_to_do if template is not None else ""


def _create(context: ProberContext) -> Prober:
    """Make the prober that serves all SNMP probes of an engine, with the fastest stack there is."""
    return SnmpProber(context)


SNMP: Final = ProbeType(
    name="snmp",
    title="SNMP",
    help=(
        "Reads numbers from a device by SNMP GET, such as signal level, temperature or uptime; the device is "
        "never changed. Silence may also mean a wrong community, since agents do not answer strangers."
    ),
    parameters=SnmpParameters,
    metrics=_metrics,
    create=_create,
    default_period_s=10.0,
    default_timeout_s=2.0,
    reaches=True,
    needs=check_stack,
    own_limits=_limits,
    identifier=Identifier(("template", "rows"), identify),
    offers=_offers,
    doubts=doubts_of,
    advice=_advice,
)
