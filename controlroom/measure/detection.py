"""A change found on a link: what, since when, and the figures before and after. It says no sentence."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class ChangeKind(enum.StrEnum):
    """What changed; a stable code, worded only at the edge."""

    LATENCY_RISE = "latency-rise"
    LATENCY_FALL = "latency-fall"
    LOSS_RISE = "loss-rise"
    LOSS_FALL = "loss-fall"
    SPREAD_RISE = "spread-rise"
    SPREAD_FALL = "spread-fall"


class ChangeSign(enum.StrEnum):
    """What the change was told by: how sure and how quick it is follows from that."""

    RUN = "run"
    """Many single readings in a row lay off the usual."""
    REGIME = "regime"
    """The newest minutes, or rows, do not belong to those before them."""
    CREEP = "creep"
    """It moved so slowly that no moment of change is to be seen; compared with the learned normal."""


@dataclass(frozen=True, slots=True)
class Detection:
    """A change of one link.

    ``at_s`` is the time of the reading that made it certain, ``began_at_s`` the estimate of when it began.
    ``before`` and ``after`` are median round-trip times in seconds for latency, loss ratios from 0 to 1 for
    loss, and for spread the median distance from the median, in seconds. ``readings`` is how many
    readings, or rows of many readings each, stand behind ``after``.
    """

    kind: ChangeKind
    sign: ChangeSign
    at_s: float
    began_at_s: float
    before: float
    after: float
    readings: int
