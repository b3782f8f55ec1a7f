"""What can take several endpoints at once, as the site says it. It knows no endpoint."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field

from controlroom.site.configured import Configured, Identifier, Line, Text

MOST_ROUTERS: Final = 256
"""So many addresses or networks of routers one risk group has at most."""


class RiskGroup(Configured):
    """What can take several endpoints at once: a carrier, a duct, a mast, a building, a feed."""

    id: Identifier = Field(description="Unique among the risk groups.")
    name: Line = Field(description="What people call it.")
    kind: Literal["carrier", "duct", "mast", "building", "power", "region", "staff", "other"] = Field(
        "other", description="What it is."
    )
    member_of: tuple[Identifier, ...] = Field(
        (), description="Ids of larger risk groups that take this one with them."
    )
    routers: tuple[Line, ...] = Field(
        (),
        max_length=MOST_ROUTERS,
        description="IP addresses or networks of its routers, as a trace of a route shows them, such as a "
        "carrier's: what is traced through them shares it.",
    )
    owner: Line = Field("", description="Who answers for it.")
    contact: Line = Field("", description="Whom to call when it fails.")
    consequence: Text = Field("", description="What the control room loses when it fails.")
    what_to_do: Text = Field("", description="What the operator does when it fails.")
