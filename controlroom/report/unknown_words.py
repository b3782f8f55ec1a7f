"""What an answer did not tell, in words: the value by its title, and what came in its place."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from controlroom.measure.remark import is_absent
from controlroom.report.escaping import printable
from controlroom.site.view import SeenProbe

UNKNOWN = "unknown"
"""Stands for a figure that the newest answer lacks, though it was told before. Never a zero, nor a dash."""


def unknown_lines(probe: SeenProbe, unknown: Mapping[str, str], told: Collection[str]) -> list[str]:
    """Say of each value what came: ``RSRP unknown, cannot be decoded: "N/A?"``; in the probe's own order.

    ``told`` are the metrics that were ever told: what is absent and was never there is not missed.
    """
    titles = {metric.name: metric.title for metric in probe.metrics}
    places = {name: place for place, name in enumerate(titles)}
    ordered = sorted(unknown.items(), key=lambda each: places.get(each[0], len(places)))
    return [
        f"{printable(titles.get(name) or name, 100)} {UNKNOWN}, {printable(why, 300)}"
        for name, why in ordered
        if name in told or not is_absent(why)
    ]
