"""What a test of a probe came to, and what its limits may judge, in words. It asks nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from controlroom.probe import Metric
from controlroom.reading import PATH_MTU_BYTES, Outcome, reason_code
from controlroom.report import wording
from controlroom.report.escaping import printable
from controlroom.report.figures import value_text
from controlroom.site.form import ProbeForm
from controlroom.site.limit_doubts import doubts_of
from controlroom.site.probecheck import LOSS_RATIO
from controlroom.site.trial import TrialAnswer

_MOST_VALUES: Final = 6
_MOST_DETAIL_CHARACTERS: Final = 120
_MOST_YIELDS: Final = 8


def answer_words(answer: TrialAnswer, probe_type: str, metrics: Sequence[Metric] = ()) -> str:
    """Say what one asking came to: the outcome, the reason, the first of its values by title and meaning."""
    outcome = wording.outcome_words(answer.outcome)
    why = wording.reason_words(reason_code(answer.reason, answer.values), probe_type=probe_type)
    reason = "" if answer.reason == "none" else f": {why}"
    values = _values_told(answer, metrics)
    more = len(values) - _MOST_VALUES
    told = ", ".join([*values[:_MOST_VALUES], f"and {more} more"] if more > 0 else values)
    if answer.outcome is not Outcome.REPLIED and answer.detail:
        # Who refused, or what the system said: whoever sets a probe up looks for the fault by it.
        told = ", ".join(part for part in (told, printable(answer.detail, _MOST_DETAIL_CHARACTERS)) if part)
    return f"{outcome}{reason}{f'  ({told})' if told else ''}"


def yield_words(metrics: Sequence[Metric]) -> str:
    """Say what limits may judge: the keys with their titles, the first of many."""
    named = _yields(metrics)
    more = len(named) - _MOST_YIELDS
    shown = [*named[: _MOST_YIELDS - 1], f"and {more} more", named[-1]] if more > 0 else named
    return f"Limits may judge: {', '.join(shown)}"


def all_yields(metrics: Sequence[Metric]) -> str:
    """Name all that limits may judge, one a line."""
    return "\n".join(_yields(metrics))


def _yields(metrics: Sequence[Metric]) -> list[str]:
    titled = [f"{each.name} ({printable(each.title)})" if each.title else each.name for each in metrics]
    return [*titled, LOSS_RATIO]


def _values_told(answer: TrialAnswer, metrics: Sequence[Metric]) -> list[str]:
    """Tell the values, those that a person looks at first in the order of the probe's metrics.

    What only judges another value tells nothing more, and the reason tells the path's MTU already.
    """
    known = {each.name: each for each in metrics}
    judging = {each.name for each in metrics if each.judges}
    told = [name for name in known if name in answer.values]
    told += [name for name in answer.values if name not in known]
    passed_over = {*judging, PATH_MTU_BYTES}
    return [
        _value_words(name, answer.values[name], known.get(name)) for name in told if name not in passed_over
    ]


def _value_words(name: str, value: float, metric: Metric | None) -> str:
    if metric is None or not metric.title:
        return f"{wording.metric_words(name)} {value_text(value, 's' if name.endswith('_s') else '')}"
    of = ":" if metric.meanings else ""
    return f"{printable(metric.title)}{of} {printable(value_text(value, metric.unit, metric.meanings))}"


def warning_words(probe: Mapping[str, object], form: ProbeForm) -> str:
    """Warn of limits that never alarm, from a probe's table; empty where there is nothing to warn of."""
    limits = probe.get("limits")
    rows = [each for each in limits if isinstance(each, Mapping)] if isinstance(limits, list) else []
    held = {each.key: probe.get(each.key, each.default) for each in form.fields}
    timeout_s, period_s = held.get("timeout_s"), held.get("period_s")
    if not isinstance(timeout_s, int | float):
        return ""
    if "timeout_s" not in probe and isinstance(period_s, int | float):
        timeout_s = min(timeout_s, period_s)
    doubts = doubts_of(((row.get("metric"), row.get("raise_above")) for row in rows), timeout_s)
    return "\n".join(f"Warning: {doubt.words} {doubt.cure}" for doubt in doubts)
