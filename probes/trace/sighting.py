"""What answers one packet of a trace. Plain values."""

from __future__ import annotations

from typing import NamedTuple

from controlroom.reading import Reason


class Sighting(NamedTuple):
    """Who answered which packet, with what, and when that reached this machine (monotonic).

    ``number`` counts the packets of the trace from 0. ``reason`` is ``NONE`` where the target answered.
    """

    number: int
    host: str
    reason: Reason
    at_s: float
