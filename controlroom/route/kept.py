"""Which traces of an endpoint are kept, and why each was made. It keeps none itself."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from controlroom.route.trace import Trace


class RouteKind(enum.StrEnum):
    """The two traces that are kept of an endpoint."""

    GOOD = "good"
    """The last that was made while the endpoint was well."""
    NEWEST = "newest"


class TraceCause(enum.StrEnum):
    """Why a trace was made."""

    OPERATOR = "operator"
    TURNED_BAD = "turned_bad"
    WELL = "well"


@dataclass(frozen=True, slots=True)
class KeptRoute:
    """One kept trace; ``operator`` is who asked for it, empty where nobody did."""

    endpoint_id: str
    kind: RouteKind
    trace: Trace
    cause: TraceCause
    operator: str = ""
