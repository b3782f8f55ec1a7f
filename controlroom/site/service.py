"""What the control room must be able to do, the paths it has for that, and how many of them it needs.

It judges nothing: whether a service can be had is told by ``resilience``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from pydantic import Discriminator, Field, Tag

from controlroom.site.configured import Configured, Identifier, Line, Text
from controlroom.site.criticality import Criticality


class Path(Configured):
    """Endpoints that must all work for the path to work."""

    id: Identifier = Field(description="Unique within its service.")
    name: Line = Field("", description="What people call it.")
    endpoints: tuple[Identifier, ...] = Field(
        min_length=1, description="Ids of endpoints that must all work."
    )
    standby: bool = Field(False, description="Whether it is meant to carry traffic only when others fail.")
    exercised: date | None = Field(None, description="The day on which it last carried traffic on purpose.")


class AllOf(Configured):
    """Every one of these needs must hold."""

    all: tuple[Need, ...] = Field(min_length=1, description="Path ids or nested needs, all needed.")


class AnyOf(Configured):
    """One of these needs must hold."""

    any: tuple[Need, ...] = Field(min_length=1, description="Path ids or nested needs, one needed.")


class AtLeast(Configured):
    """At least k of these needs must hold."""

    at_least: int = Field(ge=1, description="How many of them are needed.")
    of: tuple[Need, ...] = Field(min_length=1, description="Path ids or nested needs.")


def _shape_of_need(value: object) -> str | None:
    """Tell by its keys which need is meant, so that a mistake is judged once and not once for each shape."""
    if isinstance(value, str):
        return "need:path"
    keys = value if isinstance(value, Mapping) else getattr(type(value), "model_fields", {})
    for key, shape in (("all", "all"), ("any", "any"), ("at_least", "at-least"), ("of", "at-least")):
        if key in keys:
            return f"need:{shape}"
    return None


Need = Annotated[
    Annotated[Identifier, Tag("need:path")]
    | Annotated[AllOf, Tag("need:all")]
    | Annotated[AnyOf, Tag("need:any")]
    | Annotated[AtLeast, Tag("need:at-least")],
    Discriminator(_shape_of_need),
]
"""A path's id, or a nested need."""

for _shape in (AllOf, AnyOf, AtLeast):
    _shape.model_rebuild()


class Service(Configured):
    """A mission-critical capability that needs some of its paths."""

    id: Identifier = Field(description="Unique among the services.")
    name: Line = Field(description="What people call it.")
    criticality: Criticality = Field(Criticality.CRITICAL, description="How much hangs on it.")
    owner: Line = Field("", description="Who answers for it.")
    contact: Line = Field("", description="Whom to call when it is lost.")
    consequence: Text = Field("", description="What the control room cannot do when it is lost.")
    what_to_do: Text = Field("", description="What the operator does when it is lost.")
    profile: Line = Field(
        "",
        description="The id of the profile that says what is good enough for this service, whatever is good "
        "enough for the endpoints themselves.",
    )
    objective: float | None = Field(
        None, ge=0.5, le=0.999999, description="The share of time that it shall work, such as 0.999."
    )
    paths: tuple[Path, ...] = Field(min_length=1, description="The ways in which it can be had.")
    needs: Need = Field(
        description="Which paths it needs: a path's id, {all = []}, {any = []} or {at_least = k, of = []}."
    )
