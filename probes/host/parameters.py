"""What of this machine is measured beyond what every machine has, and how such figures are named."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field, field_validator

from controlroom.probe import ProbeParameters

InterfaceName = Annotated[str, Field(min_length=1, max_length=63, pattern=r"^[^\x00-\x20\x7f/]+$")]


class HostParameters(ProbeParameters):
    """Which disk, and which interfaces by name."""

    disk: Annotated[str, Field(min_length=1, max_length=4096, pattern=r"^[^\x00-\x1f\x7f]+$")] | None = Field(
        None,
        description="A folder on the disk whose filling is measured; by default that of the data folder.",
    )
    interfaces: tuple[InterfaceName, ...] = Field(
        (), max_length=32, description="Network interfaces that are watched by name, such as eth0 or wwan0."
    )

    @field_validator("interfaces")
    @classmethod
    def _tell_apart(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        metrics = [up_metric(name) for name in names]
        if len(set(metrics)) < len(metrics):
            raise ValueError("two of these names cannot be told apart as metrics")
        return names


def up_metric(interface: str) -> str:
    """Name the metric of one interface: 1 while it is up, 0 while it is not or is missing."""
    return f"interface_{_word(interface)}_up_ratio"


def errors_metric(interface: str) -> str:
    """Name the metric of the damaged packets of one interface."""
    return f"interface_{_word(interface)}_errors_per_second"


def drops_metric(interface: str) -> str:
    """Name the metric of the dropped packets of one interface."""
    return f"interface_{_word(interface)}_drops_per_second"


def _word(interface: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", interface.lower()).strip("_") or "unnamed"
