"""The site's settings that hold for all alarms: shelving, reminders, flapping, incidents. No rules.

What holds for single endpoints and causes stands in the site's alarm rules.
"""

from __future__ import annotations

import enum

from pydantic import Field

from controlroom.site.configured import Configured


class Weighting(enum.StrEnum):
    """How the changes of an endpoint are weighed before it is called unstable."""

    TIME = "time"
    CLASSIC = "classic"


class FlappingSettings(Configured):
    """When an endpoint that falls and returns again and again is one unstable alarm in the place of many."""

    falls: int = Field(4, ge=2, le=100, description="So many falls within the time make it unstable.")
    within_s: float = Field(600, ge=30, le=86400, description="Seconds in which the falls are counted.")
    calm_s: float = Field(600, ge=30, le=86400, description="Seconds without a fall that end it.")
    weighting: Weighting = Field(
        Weighting.TIME,
        description="How changes are weighed: time counts falls within a time; classic weighs the last 20"
        " changes of 21 states, the newer the more, as older monitors do.",
    )


class IncidentSettings(Configured):
    """When faults that begin together are offered as one incident."""

    least_members: int = Field(3, ge=2, le=1000, description="So many endpoints make an incident.")
    within_s: float = Field(30, ge=1, le=3600, description="Seconds within which they fail together.")
    infer: bool = Field(
        True,
        description="Whether a common cause is inferred from a shared location or subnet where none is"
        " configured.",
    )


class AlarmSettings(Configured):
    """How alarms behave in the whole site."""

    longest_shelf_s: float = Field(
        28_800,
        ge=60,
        le=2_592_000,
        description="Seconds that an alarm may be shelved at most; longer needs the right to configure and"
        " a justification.",
    )
    remind_s: float = Field(
        14_400,
        ge=0,
        le=604_800,
        description="Seconds after which an acknowledged alarm whose fault still stands calls again, lest"
        " it be forgotten; 0 never. A rule's own goes before it.",
    )
    standby_dead_s: float = Field(
        3600,
        ge=60,
        le=604_800,
        description="Seconds after which a path that is to stand in for others, and is lost or not measured"
        " without an alarm that calls, has an alarm of its own.",
    )
    flapping: FlappingSettings = Field(FlappingSettings(), description="When an endpoint is unstable.")
    incidents: IncidentSettings = Field(
        IncidentSettings(), description="When faults that begin together are one incident."
    )
