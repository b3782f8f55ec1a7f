"""A kept route as JSON, and back. Untrusted on the way back: typed and bounded, nothing passed over."""

from __future__ import annotations

from typing import Final

from pydantic import TypeAdapter

from controlroom.route.kept import KeptRoute
from controlroom.route.trace import Trace

MOST_CHARACTERS: Final = 256 * 1024
"""Longer is no route: thirty hops with eight addresses each are some twenty thousand."""

_KEPT: Final = TypeAdapter(KeptRoute)
_TRACE: Final = TypeAdapter(Trace)


def text_of_route(kept: KeptRoute) -> str:
    """Write a kept route as one line of JSON."""
    return _KEPT.dump_json(kept).decode()


def text_of_trace(trace: Trace, indent: int | None = None) -> str:
    """Write a trace alone as JSON."""
    return _TRACE.dump_json(trace, indent=indent).decode()


def route_of(text: str) -> KeptRoute:
    """Read a kept route; ``ValueError`` where the text is none."""
    if len(text) > MOST_CHARACTERS:
        raise ValueError("the text is too long for a route")
    return _KEPT.validate_json(text)
