"""A test by hand in the terminal: each answer as it comes, then the sum of them. It asks nobody itself."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, TextIO

from controlroom.finding import Doubt
from controlroom.probe import Metric, ProbeParameters, ProbeType
from controlroom.reading import Outcome, Reading, Reason, reason_code
from controlroom.report.escaping import printable
from controlroom.report.figures import value_text
from controlroom.report.wording import outcome_words, reason_advice, reason_words

Ask = Callable[[Callable[[Reading], None]], Sequence[Reading]]
"""Does the asking: tells each reading as it comes, and gives all of them at the end."""


def run_test_now(
    probe_type: ProbeType,
    parameters: ProbeParameters,
    target: str,
    ask: Ask,
    *,
    as_json: bool,
    out: TextIO,
    wanted: Sequence[str] = (),
    when_silent: str = "",
    doubts: Sequence[Doubt] = (),
) -> int:
    """Ask and print; return 0 when all replied, 1 when any did not.

    ``wanted`` are the metrics that were asked for by name: 1 as well where an answer lacks one.
    ``when_silent`` says what silence may mean, ``doubts`` are what is amiss with how it is asked.
    """
    metrics = probe_type.metrics(parameters)
    if as_json:
        readings = ask(lambda reading: None)
        _write_json(probe_type, metrics, target, readings, doubts, out)
        return exit_code(readings, wanted)
    where = f" of {printable(target, 255)}" if probe_type.addressed else ""
    out.write(f"{probe_type.title}{where}\n")
    printed = 0

    def tell(reading: Reading) -> None:
        nonlocal printed
        printed += 1
        print_reading(printed, reading, metrics, out, probe_type.name)

    readings = ask(tell)
    if when_silent and any(reading.reason is Reason.DEADLINE for reading in readings):
        out.write(f"{when_silent}\n")
    print_summary(readings, metrics, out)
    for doubt in doubts:
        out.write(f"WARNING: {doubt.words} {doubt.cure}\n")
    return exit_code(readings, wanted)


def exit_code(readings: Sequence[Reading], wanted: Sequence[str] = ()) -> int:
    """Return 0 where all replied in a way that could be read, with every value wanted; 1 otherwise."""
    fine = all(
        reading.outcome is Outcome.REPLIED
        and reading.reason is Reason.NONE
        and all(metric in reading.values for metric in wanted)
        for reading in readings
    )
    return 0 if readings and fine else 1


def print_reading(
    number: int, reading: Reading, metrics: Sequence[Metric], out: TextIO, probe_type: str
) -> None:
    """Print one answer: outcome, reason, values with their units, and the raw answer below."""
    parts = [outcome_words(reading.outcome)]
    if reading.reason is not Reason.NONE:
        parts.append(_reason(reading, probe_type))
    parts += [
        f"{printable(metric.title, 80)} {_told(reading.values[metric.name], metric)}"
        for metric in metrics
        if metric.name in reading.values
    ]
    out.write(f"{number:>4}  {', '.join(dict.fromkeys(parts))}\n")
    advice = reason_advice(reading.reason, probe_type)
    if advice:
        out.write(f"      {advice}\n")
    if reading.detail:
        out.write(f"      raw: {printable(reading.detail, 1000)}\n")
    out.flush()


def print_summary(readings: Sequence[Reading], metrics: Sequence[Metric], out: TextIO) -> None:
    """Print how many replied, and the least, middle and greatest of each value."""
    summary = _summary(readings, metrics)
    sent, replied = summary["sent"], summary["replied"]
    refused = sum(reading.outcome is Outcome.REFUSED for reading in readings)
    line = f"{len(readings)} asked, {sent} sent, {replied} replied"
    if refused:
        line += f", {refused} refused"
    if sent > refused:
        line += f", {value_text((sent - replied - refused) / sent, 'ratio')} without a reply"
    out.write(f"{line}\n")
    if replied < 2:
        return
    for metric in metrics:
        spread = summary["values"].get(metric.name)
        if spread is not None:
            unit = _unit(metric)
            figures = [f"{word} {value_text(spread[word], unit)}" for word in ("min", "median", "max")]
            out.write(f"{printable(metric.title, 80)}: {', '.join(figures)}\n")


def _summary(readings: Sequence[Reading], metrics: Sequence[Metric]) -> dict[str, Any]:
    # What was not run was not sent: it counts neither as asked of the endpoint nor as lost.
    sent = sum(reading.outcome is not Outcome.NOT_RUN for reading in readings)
    replied = sum(reading.outcome is Outcome.REPLIED for reading in readings)
    return {
        "asked": len(readings),
        "sent": sent,
        "replied": replied,
        "loss_ratio": (sent - replied) / sent if sent else None,
        "values": {
            metric.name: _spread(metric, values)
            for metric in metrics
            if (
                values := [
                    reading.values[metric.name] for reading in readings if metric.name in reading.values
                ]
            )
        },
    }


def _told(value: float, metric: Metric) -> str:
    return printable(value_text(value, _unit(metric), metric.meanings), 120)


def _unit(metric: Metric) -> str:
    # A site may name any unit; that of a mere count is understood.
    return "" if metric.unit == "count" else printable(metric.unit, 80)


def _reason(reading: Reading, probe_type: str) -> str:
    return reason_words(reason_code(reading.reason, reading.values), probe_type=probe_type)


def _spread(metric: Metric, values: Sequence[float]) -> Mapping[str, Any]:
    return {
        "unit": metric.unit,
        "min": min(values),
        "median": statistics.median(values),
        "max": max(values),
    }


def _write_json(
    probe_type: ProbeType,
    metrics: Sequence[Metric],
    target: str,
    readings: Sequence[Reading],
    doubts: Sequence[Doubt],
    out: TextIO,
) -> None:
    content = {
        "probe": probe_type.name,
        "target": target if probe_type.addressed else None,
        "readings": [
            {
                "sent_at": datetime.fromtimestamp(reading.sent_utc_s, UTC).isoformat(timespec="milliseconds"),
                "outcome": reading.outcome.value,
                "reason": reading.reason.value,
                "reason_words": _reason(reading, probe_type.name),
                "values": dict(reading.values),
                "detail": reading.detail,
            }
            for reading in readings
        ],
        "summary": _summary(readings, metrics),
        "doubts": [asdict(doubt) for doubt in doubts],
    }
    # ASCII alone: no character of a device's text reaches the screen as itself.
    json.dump(content, out, indent=2, ensure_ascii=True, allow_nan=False)
    out.write("\n")
