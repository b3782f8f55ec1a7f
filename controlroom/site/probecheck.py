"""What must hang together in a probe: its name, times, metrics and limits. It reads no file.

1. A probe's name is unique within its endpoint, and its type is known.
2. A reply is waited for no longer than until the next beat; but one that was recorded may take longer.
3. A limit judges a metric that its probe yields, in one direction, with a gap before it is good again. The
   readings that it needs fit into its window; and loss, which is counted, has no reading that is beyond.
4. A limit on a share lies from 0 to 1, and raise_above below 1, or it would never be passed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from controlroom.probe import ProbeParameters, ProbeTypes
from controlroom.site.mistakes import MistakeList
from controlroom.site.model import Limit
from controlroom.site.number_text import number_text
from controlroom.site.place import Place

ProbePlace = tuple[int, int]
"""The place of an endpoint in the site and of a probe in it, both counted from 0."""

LOSS_RATIO: Final = "loss_ratio"
"""The metric that every probe has: the share of askings without a reply."""

SHARE_ADVICE: Final = "Write 0.05 for 5 %."
_SHARE_UNITS: Final = frozenset({"ratio", "1"})
_LIMIT_VALUES: Final = ("raise_above", "clear_below", "raise_below", "clear_above")


def check_probe_names(mistakes: MistakeList, endpoint: Place) -> None:
    """Note a name that stands twice; where the file is silent, a probe is named by its type."""
    seen: set[str] = set()
    for probe in endpoint.items("probes"):
        place = probe.at("name") if probe.has("name") else probe.at("type")
        name = place.text
        if name is not None and name in seen:
            happened = f'A second probe of this endpoint goes by the name "{name[:63]}".'
            mistakes.add("duplicate-id", place.path, happened, "Give each probe a name of its own.")
        elif name is not None:
            seen.add(name)


def check_probe(
    mistakes: MistakeList,
    probe: Place,
    probe_types: ProbeTypes,
    parameters: ProbeParameters | None,
    *,
    recorded: bool = False,
) -> None:
    """Note all that does not hang together; ``parameters`` is ``None`` where its own keys are wrong.

    ``recorded`` tells that nothing is asked any more, so that no beat is in the way of a reply.
    """
    name = probe.at("type").text
    if name is None:
        return
    if name not in probe_types:
        advice = f"Known: {', '.join(sorted(probe_types))}."
        path = probe.at("type").path
        happened = "is not a known probe type."
        mistakes.add("unknown-probe-type", path, happened, advice, word=name, known=probe_types)
        return
    if not recorded:
        _check_times(mistakes, probe, probe_types[name].default_period_s)
    yielded = probe_types[name].metrics(parameters) if parameters is not None else ()
    units = {metric.name: metric.unit for metric in yielded}
    for limit in probe.items("limits"):
        _check_limit(mistakes, limit)
        _check_share(mistakes, limit, units)
    if parameters is not None:
        _check_metrics(mistakes, probe, [metric.name for metric in yielded])


def _check_times(mistakes: MistakeList, probe: Place, default_period_s: float) -> None:
    timeout_s = probe.at("timeout_s").number
    period_s = probe.at("period_s").number if probe.has("period_s") else default_period_s
    if timeout_s is not None and period_s is not None and timeout_s > period_s:
        given = f"{period_s:g}" if probe.has("period_s") else f"{period_s:g}, the default"
        happened = f"is {timeout_s:g}, longer than period_s ({given}): the next beat would come first."
        mistakes.add("bad-timing", probe.at("timeout_s").path, happened, "Shorten it or lengthen period_s.")


def _check_metrics(mistakes: MistakeList, probe: Place, metrics: Collection[str]) -> None:
    known = (*metrics, LOSS_RATIO)
    if len(set(known)) < len(known):
        happened = "yields two values under one metric name."
        mistakes.add("duplicate-metric", probe.path, happened, "Give each value a metric name of its own.")
    for limit in probe.items("limits"):
        name = limit.at("metric").text
        if name is not None and name not in known:
            happened = "is not a metric of this probe."
            advice = f"Known: {', '.join(known[:20])}."
            mistakes.add("unknown-metric", limit.at("metric").path, happened, advice, word=name, known=known)


def _check_limit(mistakes: MistakeList, limit: Place) -> None:
    """One direction, both its values, and a gap between them, or a figure at the edge would flap."""
    if not isinstance(limit.value, dict):
        return
    above = limit.has("raise_above") or limit.has("clear_below")
    below = limit.has("raise_below") or limit.has("clear_above")
    if above == below:
        happened = "judges in both directions." if above else "has no value to judge by."
        advice = (
            "Give raise_above and clear_below, or raise_below and clear_above; for both write two limits."
        )
        mistakes.add("bad-limit", limit.path, happened, advice)
    elif above:
        _check_gap(mistakes, limit, "raise_above", "clear_below", 1)
    else:
        _check_gap(mistakes, limit, "raise_below", "clear_above", -1)
    _check_reading_counts(mistakes, limit)
    _check_beyond_readings(mistakes, limit)


def _check_gap(mistakes: MistakeList, limit: Place, raising: str, clearing: str, sign: int) -> None:
    for key, other in ((raising, clearing), (clearing, raising)):
        if not limit.has(key):
            happened = f"is missing; {other} alone says only half."
            mistakes.add("bad-limit", limit.at(key).path, happened, "Add it, with a gap between the two.")
    raised, cleared = limit.at(raising).number, limit.at(clearing).number
    if raised is not None and cleared is not None and sign * (raised - cleared) <= 0:
        word = "less" if sign > 0 else "more"
        far = f"it must be {word} than {raising}, which is {number_text(raised)}."
        happened = f"is {number_text(cleared)}; {far}"
        advice = "Leave a gap between the two, so that a figure at the edge does not flap."
        mistakes.add("bad-limit", limit.at(clearing).path, happened, advice)


def _check_share(mistakes: MistakeList, limit: Place, units: Mapping[str, str]) -> None:
    """A share that is written in per cent would be a limit that nothing ever passes (rule 4)."""
    metric = limit.at("metric").text
    if metric is None or not _is_share(metric, units.get(metric, "")):
        return
    for key in _LIMIT_VALUES:
        value = limit.at(key).number
        if value is None:
            continue
        if not 0 <= value <= 1:
            happened = f"is {number_text(value)}, but {metric[:63]} is a share from 0 to 1."
            mistakes.add("bad-limit", limit.at(key).path, happened, SHARE_ADVICE)
        elif key == "raise_above" and value == 1:
            happened = f"is 1, which {metric[:63]}, a share from 0 to 1, is never above."
            mistakes.add("bad-limit", limit.at(key).path, happened, f"Write less than 1. {SHARE_ADVICE}")


def _is_share(metric: str, unit: str) -> bool:
    """Go by the unit that is declared, and where none is, by the name."""
    return unit in _SHARE_UNITS if unit else metric.endswith("_ratio")


def _check_reading_counts(mistakes: MistakeList, limit: Place) -> None:
    """The smallest number of readings that claims anything must fit into the window."""
    window, minimum = _count(limit, "window_readings"), _count(limit, "minimum_readings")
    if window is not None and minimum is not None and minimum > window:
        stands = "minimum_readings" if limit.has("minimum_readings") else "window_readings"
        happened = (
            f"minimum_readings ({minimum:g}) is more than "
            f"window_readings ({window:g}): the limit would never judge."
        )
        mistakes.add("bad-limit", limit.at(stands).path, happened, "Lower it or widen the window.")


def _check_beyond_readings(mistakes: MistakeList, limit: Place) -> None:
    """So many readings must fit into the window, and the figure must be one of single readings."""
    wanted, window = limit.at("beyond_readings").number, _count(limit, "window_readings")
    path = limit.at("beyond_readings").path
    if wanted is not None and window is not None and wanted > window:
        happened = f"is {wanted:g}, more than window_readings ({window:g}): the limit would never judge."
        mistakes.add("bad-limit", path, happened, "Lower it or widen the window.")
    if limit.has("beyond_readings") and limit.at("metric").text == LOSS_RATIO:
        happened = "counts readings beyond a limit, but loss_ratio is counted over all of them already."
        mistakes.add("bad-limit", path, happened, "Take it out, or judge a value of single readings.")


def _count(limit: Place, key: str) -> float | None:
    """Return a number of readings as written, or its default."""
    return limit.at(key).number if limit.has(key) else float(Limit.model_fields[key].default)
