"""A rule of the site about its alarms: for which faults of which endpoints, and what holds. It judges none.

1. Of the rules that fit a fault the first in the file counts, and no other.
2. What it does not set stays what the endpoint says, and where that is silent, what is usual
   (``usual_cards.py``).
"""

from __future__ import annotations

import enum
from typing import Final

from pydantic import Field

from controlroom.site.configured import WHEN_EMPTY, Configured, Identifier, Line, Text
from controlroom.site.criticality import Criticality
from controlroom.site.endpoint_kind import EndpointKind

NEVER: Final = "never"
"""In the place of an escalation's id: nobody else is told."""


class RuleCause(enum.StrEnum):
    """What a rule can be for: faults of an endpoint, and the loss of several by one cause."""

    DOWN = "down"
    DEGRADED = "degraded"
    NOT_MEASURED = "not_measured"
    UNSTABLE = "unstable"
    GROUP_LOST = "group_lost"


ENDPOINT_CAUSES: Final = tuple(cause for cause in RuleCause if cause is not RuleCause.GROUP_LOST)
"""The faults that a single endpoint has."""


class ToldAs(enum.StrEnum):
    """Whether a person must act in time, or the log alone is told."""

    ALARM = "alarm"
    EVENT = "event"


class AlarmRule(Configured):
    """What holds for some faults of some endpoints. A list that is empty leaves nothing out."""

    id: Identifier = Field(description="Unique among the alarm rules.")
    causes: tuple[RuleCause, ...] = Field((), description="The faults that it is for. None means all.")
    kinds: tuple[EndpointKind, ...] = Field(
        (), description="The kinds of endpoints that it is for. None means all."
    )
    endpoints: tuple[Identifier, ...] = Field(
        (), description="Ids of the endpoints that it is for. None means all."
    )
    risk_groups: tuple[Identifier, ...] = Field(
        (),
        description="Ids of risk groups whose members it is for, also through other groups. None means all.",
    )
    criticalities: tuple[Criticality, ...] = Field(
        (), description="How critical the endpoints are that it is for. None means all."
    )
    told_as: ToldAs = Field(
        ToldAs.ALARM,
        alias="as",
        description="An alarm needs a person to act in time; an event is an entry in the log, and no more.",
    )
    priority: int | None = Field(
        None,
        ge=1,
        le=4,
        description="The alarm's priority, 1 the most urgent.",
        json_schema_extra={WHEN_EMPTY: "by criticality and time to respond"},
    )
    on_delay_s: float = Field(
        0.0, ge=0, le=86400, description="Seconds that the fault must last before its alarm is raised."
    )
    off_delay_s: float = Field(
        0.0, ge=0, le=86400, description="Seconds that the fault must be gone before its alarm returns."
    )
    remind_s: float | None = Field(
        None,
        ge=0,
        le=604_800,
        description="Seconds after which an acknowledged alarm that stands calls again; 0 never.",
        json_schema_extra={WHEN_EMPTY: "`remind_s` of `[alarms]`"},
    )
    latching: bool = Field(False, description="Whether the alarm stays until somebody resets it.")
    consequence: Text | None = Field(
        None, description="What the control room loses.", json_schema_extra={WHEN_EMPTY: "the endpoint's"}
    )
    steps: tuple[Line, ...] | None = Field(
        None,
        max_length=50,
        description="What the operator does: steps that can be ticked off, one by one.",
        json_schema_extra={WHEN_EMPTY: "the endpoint's"},
    )
    call: Line | None = Field(
        None, description="Whom to call.", json_schema_extra={WHEN_EMPTY: "the endpoint's contact"}
    )
    time_to_respond_s: float | None = Field(
        None,
        gt=0,
        description="Seconds that an operator has to act; the priority follows.",
        json_schema_extra={WHEN_EMPTY: "the endpoint's"},
    )
    escalation: Identifier | None = Field(
        None,
        description=f'The id of the escalation while nobody acknowledges it; "{NEVER}" for none.',
        json_schema_extra={WHEN_EMPTY: "by priority"},
    )
