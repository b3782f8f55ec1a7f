"""How good a link is for what it carries, as of one moment. It judges nothing itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Assessment:
    """The newest judgement of an endpoint; it takes the place of the one before.

    ``grade`` and ``reason`` are codes. ``figures`` are what it was judged by, by name and with units in the
    names, over the ``window_s`` seconds before ``at_utc_s``; they are those of the probe ``probe_name``.
    ``serving`` are the grades of the same figures by the profiles of the services with a path through the
    endpoint, by the ids of those profiles.
    """

    endpoint_id: str
    probe_name: str
    at_utc_s: float
    window_s: float
    grade: str
    reason: str
    figures: Mapping[str, float] = field(default_factory=dict)
    serving: Mapping[str, str] = field(default_factory=dict)
