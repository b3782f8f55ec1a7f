"""Lays out what was measured and what was practised. It judges nothing."""

from __future__ import annotations

from typing import Final

from controlroom.logbook.entry import LogKind
from controlroom.measure.availability import Spent
from controlroom.report.audit.audit import Audit
from controlroom.report.audit.data_quality import ProbeQuality
from controlroom.report.audit.document import Row, Section, Table, cut
from controlroom.report.audit.measured import Measured
from controlroom.report.audit.training import ShiftRecord, Training
from controlroom.report.availability_words import share_text
from controlroom.report.figures import NO_VALUE, duration_text, local_text, value_text
from controlroom.store.interface import Resolution

NEEDS_DATA: Final = "This part needs measurements: name the data folder by --data."


def quality_section(audit: Audit) -> Section:
    """Tell of the data: blind time, availability by endpoint, coverage by probe."""
    title, measured = "Quality of the data", audit.measured
    if measured is None:
        return Section(title, [NEEDS_DATA])
    if not measured.length_s:
        return Section(title, ["Nothing was measured yet."])
    since = local_text(measured.since_utc_s, audit.view.time_zone, with_zone=False)
    until = local_text(measured.until_utc_s, audit.view.time_zone)
    looked = "minute" if measured.bucket_s == Resolution.MINUTE else "hour"
    blind = duration_text(measured.blind_s) if measured.blind_s else "never"
    lines = [
        f"From {since} until {until}, looked through {looked} by {looked}. Blind: {blind}.",
        f"Values that stick: {len(measured.stuck) or 'none'}.",
    ]
    return Section(title, lines, tables=[_endpoints(audit, measured), _probes(audit, measured)])


def _endpoints(audit: Audit, measured: Measured) -> Table:
    columns = ("Endpoint", "Worked", "Measured", "Blind", "Unknown", "Maintenance", "Outages")
    rows: list[Row] = []
    for each in audit.view.endpoints:
        found = measured.worked[each.id]
        spent = (_time(found.time_s(kind)) for kind in (Spent.BLIND, Spent.UNKNOWN, Spent.MAINTENANCE))
        measured_share = value_text(found.measured_ratio, "ratio")
        rows.append((each.name, share_text(found.ratio), measured_share, *spent, str(found.outages)))
    return cut(columns, rows, (0.28, 0.13, 0.11, 0.13, 0.13, 0.13, 0.09))


def _probes(audit: Audit, measured: Measured) -> Table:
    """Tell the worst covered first, and what is covered alike, as it is written, in the site's order."""
    columns = ("Probe", "Every", "Coverage", "Readings", "Lost", "Not run", "Gaps", "Longest gap")
    places = {each.id: place for place, each in enumerate(audit.view.endpoints)}

    def order(each: ProbeQuality) -> tuple[float, int]:
        coverage = -1.0 if each.coverage is None else round(each.coverage, 3)
        return coverage, places.get(each.probe.endpoint_id, len(places))

    worst_first = sorted(measured.probes, key=order)
    return cut(columns, [_probe(each) for each in worst_first], (0.3, 0.09, 0.11, 0.12, 0.1, 0.1, 0.08, 0.1))


def _probe(each: ProbeQuality) -> Row:
    return (
        str(each.probe),
        value_text(each.period_s, "s"),
        NO_VALUE if each.coverage is None else value_text(each.coverage, "ratio"),
        f"{each.readings:,}",
        f"{each.lost:,}",
        f"{each.not_run:,}",
        str(each.gaps),
        _time(each.longest_gap_s),
    )


def training_section(audit: Audit) -> Section:
    """Tell what was practised by shift and by service."""
    title, training = "Training and practice", audit.training
    if training is None:
        return Section(title, [NEEDS_DATA])
    since = local_text(training.since_utc_s, audit.view.time_zone, with_zone=False)
    lines = [
        f"From the log since {since}: alarms that were put before somebody, and whether they were "
        "acknowledged within the time to respond that stands on their card.",
    ]
    if not any(each.alarms or each.counts for each in training.shifts):
        lines.append("Nothing is recorded yet.")
    return Section(title, lines, tables=[_shifts(training), *_services(audit, training)])


def _shifts(training: Training) -> Table:
    columns = (
        *("Shift", "People", "Sign-ins", "Alarms", "Acknowledged", "In time", "Usual answer"),
        *("Steps ticked", "Notes", "Sound tests"),
    )
    widths = (0.17, 0.08, 0.08, 0.08, 0.12, 0.08, 0.12, 0.1, 0.07, 0.1)
    return cut(columns, [_shift(each) for each in training.shifts], widths)


def _shift(each: ShiftRecord) -> Row:
    counts = each.counts
    usual = each.median_answer_s
    return (
        each.shift,
        str(len(each.operators)),
        str(counts.get(LogKind.SIGNED_IN, 0)),
        str(each.alarms),
        str(each.acknowledged),
        str(each.in_time),
        NO_VALUE if usual is None else duration_text(usual),
        str(counts.get(LogKind.ALARM_STEP_TICKED, 0)),
        str(counts.get(LogKind.NOTE, 0)),
        str(counts.get(LogKind.SOUND_TESTED, 0)),
    )


def _services(audit: Audit, training: Training) -> list[Table]:
    names = {each.id: each.name for each in audit.view.services}
    rows = [
        (
            names[each.service_id],
            str(each.alarms),
            str(each.steps),
            "; ".join(f"{path}: {day or 'never'}" for path, day in each.standby.items()) or "has none",
        )
        for each in training.services
    ]
    columns = ("Service", "Alarms of its parts", "Steps ticked", "Standby paths, last exercised")
    return [cut(columns, rows, (0.3, 0.15, 0.13, 0.42))] if rows else []


def _time(seconds: float) -> str:
    return duration_text(seconds) if seconds >= 1 else "none"
