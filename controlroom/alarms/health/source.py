"""Where an alarm comes from: a subject, what it is about, and which limit raised it. It counts nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass

from controlroom.condition.limit_reason import LimitReason


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """One source of alarms. ``metric`` is empty where no limit raised them."""

    subject: str
    cause: str
    metric: str = ""


def source_of(subject: str, cause: str, reason: str) -> Source:
    """Return the source of an alarm; for whichever reason an endpoint is down, it is the same source."""
    told = LimitReason.read(reason)
    return Source(subject, cause, "" if told is None else told.metric)


def figure_of(reason: str) -> float:
    """Return the figure that raised a limit, NaN where none is told."""
    told = LimitReason.read(reason)
    try:
        figure = float(told.figure) if told is not None else math.nan
    except ValueError:
        return math.nan
    return figure if math.isfinite(figure) else math.nan
