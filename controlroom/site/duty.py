"""Who is told when nobody acknowledges an alarm: contacts, shifts, escalations, quiet hours. It tells none.

Times of day are those of the site's clock on the wall. What that means where clocks are changed says
``controlroom/alarms/wall_clock.py``.
"""

from __future__ import annotations

import enum
from typing import Annotated, Final

from pydantic import Field

from controlroom.site.configured import WHEN_EMPTY, Configured, Identifier, Line

DESK: Final = "desk"
"""In the place of a contact's id: the desk itself, which sounds again."""

TimeOfDay = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""Hours and minutes of the clock on the wall, from 00:00 to 23:59."""


class Weekday(enum.StrEnum):
    """The days of the week, Monday first."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class Hours(Configured):
    """Hours of the day on some days of the week. Over midnight they belong to the day on which they begin."""

    days: tuple[Weekday, ...] = Field(
        (),
        description="The days on which they begin, such as monday.",
        json_schema_extra={WHEN_EMPTY: "every day"},
    )
    begin: TimeOfDay = Field(alias="from", description="When they begin, in the site's zone, such as 19:00.")
    until: TimeOfDay = Field(
        description="When they end, such as 07:00. Not after the beginning means on the next day."
    )


class Contact(Configured):
    """A person, or a desk elsewhere, who can be called."""

    id: Identifier = Field(description="Unique among contacts and shifts.")
    name: Line = Field(description="What people call them.")
    phone: Line = Field("", description="The telephone number.")


class Shift(Hours):
    """Who is on duty in some hours."""

    id: Identifier = Field(description="Unique among contacts and shifts.")
    contacts: tuple[Identifier, ...] = Field(min_length=1, description="Ids of the contacts on duty then.")


class EscalationStep(Configured):
    """One further telling."""

    after_s: float = Field(
        ge=0, le=86400, description="Seconds without an acknowledgement, counted from the alarm."
    )
    to: Identifier = Field(
        description=f'The id of a contact, or of a shift for whoever is on duty then, or "{DESK}".'
    )


class Escalation(Configured):
    """Who is told, one after another, while nobody acknowledges an alarm."""

    id: Identifier = Field(description="Unique among the escalations.")
    priorities: tuple[Annotated[int, Field(ge=1, le=4)], ...] = Field(
        (), description="The priorities that it is for where no rule names an escalation."
    )
    steps: tuple[EscalationStep, ...] = Field(min_length=1, description="The tellings, in order of time.")


class QuietHours(Hours):
    """Hours in which nobody is called for what can wait. The desk is told all the same."""

    least_urgent_told: int = Field(
        1, le=4, description="The least urgent priority for which people are called then, from 1 to 4."
    )


USUAL_ESCALATION: Final = Escalation(
    id="usual", priorities=(1, 2), steps=(EscalationStep(after_s=300, to=DESK),)
)
"""What holds as long as no escalation of the site is for a priority: after five minutes the desk, louder."""
