"""What is wrong with how a site was measured: blind time, coverage, stuck values, clocks. Pure.

Rules:
1. More than a hundredth of the time blind is important, less is minor; none is no finding.
2. An endpoint of which less than 95 % of the time was measured is told, and a probe of whose readings less
   than 95 % are there.
3. A clock is off by more than a tenth of a second either way: then the entries of two logs are in the wrong
   order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from controlroom.report.audit.data_quality import POOR_COVERAGE
from controlroom.report.audit.finding import Area, AuditFinding, Seriousness, counted, listed
from controlroom.report.audit.measured import Measured
from controlroom.report.figures import duration_text, value_text
from controlroom.site.view import SiteView

MUCH_BLIND: Final = 0.01
MOST_OFFSET_S: Final = 0.1
WHY_GAPS: Final = "What was not measured is in no figure: an outage in it was seen by nobody."


def measured_findings(view: SiteView, measured: Measured) -> Iterator[AuditFinding]:
    """Find it."""
    names = {each.id: each.name for each in view.endpoints}
    yield from _blind(measured)
    yield from _unmeasured(measured, names)
    yield from _coverage(measured)
    yield from _stuck(measured)
    yield from _clocks(measured, names)


def _blind(measured: Measured) -> Iterator[AuditFinding]:
    if not measured.blind_s or not measured.length_s:
        return
    share = measured.blind_s / measured.length_s
    causes = sorted({each.cause for each in measured.blind})
    yield AuditFinding(
        "blind_time",
        Seriousness.IMPORTANT if share > MUCH_BLIND else Seriousness.MINOR,
        Area.MEASUREMENT,
        f"Nothing could be measured for {duration_text(measured.blind_s)} of "
        f"{duration_text(measured.length_s)} ({value_text(share, 'ratio')}).",
        tuple(causes),
        WHY_GAPS,
        "Run the engine as a service on a machine that neither sleeps nor restarts, with a second way out.",
    )


def _unmeasured(measured: Measured, names: Mapping[str, str]) -> Iterator[AuditFinding]:
    poor = [name for name, each in measured.worked.items() if each.measured_ratio < POOR_COVERAGE]
    if measured.length_s and poor:
        yield AuditFinding(
            "endpoint_little_measured",
            Seriousness.IMPORTANT,
            Area.MEASUREMENT,
            f"Of {counted(len(poor), 'endpoint')} less than 95 % of the time was measured: "
            f"{listed(names.get(each, each) for each in poor)}.",
            tuple(poor),
            WHY_GAPS,
            "See in the log why: not run, blind, in maintenance, or behind something that was down.",
        )


def _coverage(measured: Measured) -> Iterator[AuditFinding]:
    poor = [each for each in measured.probes if each.coverage is None or each.coverage < POOR_COVERAGE]
    if measured.length_s and poor:
        yield AuditFinding(
            "coverage_poor",
            Seriousness.IMPORTANT,
            Area.MEASUREMENT,
            f"Of {counted(len(poor), 'probe')} less than 95 % of the expected readings are there: "
            f"{listed((str(each.probe) for each in poor), 4)}.",
            tuple(str(each.probe) for each in poor),
            WHY_GAPS,
            "See its gaps in the table of data quality, and what the doctor says cannot be asked.",
        )


def _stuck(measured: Measured) -> Iterator[AuditFinding]:
    for each in measured.stuck:
        lasted = duration_text(each.until_utc_s - each.since_utc_s)
        readings = f"{each.readings:,} readings"
        yield AuditFinding(
            "stuck_value",
            Seriousness.IMPORTANT,
            Area.MEASUREMENT,
            f"{each.series} told the very same value, {each.value:g}, for {lasted} ({readings}).",
            (str(each.series),),
            "A figure that never stands still and does is no measurement: a sensor or an agent hangs.",
            "Restart the agent or the device, and compare the value with the device's own display.",
        )


def _clocks(measured: Measured, names: Mapping[str, str]) -> Iterator[AuditFinding]:
    off = {name: each for name, each in measured.offsets_s.items() if abs(each) > MOST_OFFSET_S}
    if off:
        told = listed(f"{names.get(name, name)} by {value_text(each, 's')}" for name, each in off.items())
        yield AuditFinding(
            "clock_off",
            Seriousness.IMPORTANT,
            Area.MEASUREMENT,
            f"{counted(len(off), 'clock')} off from this machine's: {told}.",
            tuple(off),
            "Entries of two logs stand in the wrong order, and recordings are doubted in court.",
            "Find out which of them is wrong, and have all follow the same time source.",
        )
    if measured.steps:
        yield AuditFinding(
            "clock_was_set",
            Seriousness.MINOR,
            Area.MEASUREMENT,
            f"This machine's clock was set {counted(len(measured.steps), 'time')} while it monitored.",
            (),
            "Times in the log jump there; durations do not, for they come from another clock.",
            "Keep the clock by chrony or by the host, and see what the doctor says of it.",
        )
