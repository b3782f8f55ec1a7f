"""What can fail by itself and takes a service with it: an endpoint, or a risk group. It judges nothing.

A component goes by the name that an alarm about it has: an endpoint's id, or ``group:<id>``.
"""

from __future__ import annotations

from typing import Final

GROUP: Final = "group:"
"""Before the id of a risk group."""


def group_component(group_id: str) -> str:
    """Name the component that a risk group is."""
    return f"{GROUP}{group_id}"


def group_of(component: str) -> str | None:
    """Return the id of the risk group that a component is; ``None`` where it is an endpoint."""
    return component.removeprefix(GROUP) if component.startswith(GROUP) else None
