"""Numbers of a site in the place of its profile's. It names no profile and judges no figure.

Rules
1. A number takes the place of the profile's for that grade; the others stay, and together they must still
   go from better to worse. A delay is one way where the profile's is.
2. A figure that the profile leaves open gets a limit of its own, over the round trip, and so needs a number
   for good. What is beyond its last number is poor, or unusable where that is the number for poor.
3. Where a site says itself what is good, pings are believed to show it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from controlroom.site.profile import (
    MOST_READINGS,
    NAMED_GRADES,
    FigureName,
    Grade,
    Mark,
    Profile,
    ProfileLimit,
    Threshold,
)

_CHOSEN_HERE: Final = "Chosen for this site."


class ProfileOverride(BaseModel):
    """What a site says of one figure."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    figure: FigureName = Field(description="The figure; delays are one way where the profile's are.")
    good: float | None = Field(None, ge=0, le=86400, description="The worst that is still good.")
    fair: float | None = Field(None, ge=0, le=86400, description="The worst that is still fair.")
    poor: float | None = Field(None, ge=0, le=86400, description="The worst that is still poor.")
    minimum_readings: int | None = Field(
        None, ge=1, le=MOST_READINGS, description="Fewer readings claim nothing; the profile's by default."
    )

    @property
    def chosen(self) -> dict[Grade, float]:
        """The numbers that are given, by grade."""
        pairs = zip(NAMED_GRADES, (self.good, self.fair, self.poor), strict=True)
        return {grade: at for grade, at in pairs if at is not None}


def overridden(profile: Profile, overrides: Sequence[ProfileOverride]) -> Profile:
    """Return a profile with a site's numbers; raise ``ValueError`` with a sentence where they do not fit."""
    limits = {limit.figure: limit for limit in profile.limits}
    for override in overrides:
        limits[override.figure] = overridden_limit(limits.get(override.figure), override)
    return profile.model_copy(update={"limits": tuple(limits.values())})


def overridden_limit(limit: ProfileLimit | None, override: ProfileOverride) -> ProfileLimit:
    """Return one limit with a site's numbers; ``None`` is of a figure that the profile leaves open."""
    chosen = override.chosen
    if limit is None and override.good is None:
        raise ValueError("needs a number for good: the profile has no limit on this figure.")
    if not chosen and override.minimum_readings is None:
        raise ValueError("changes nothing: give a number for good, fair or poor.")
    values: dict[str, Any] = {"figure": override.figure, "beyond": Grade.POOR}
    if limit is not None:
        values = {name: getattr(limit, name) for name in ProfileLimit.model_fields}
    values |= {
        grade.value: Threshold(at=at, mark=Mark.SITE, source=_CHOSEN_HERE) for grade, at in chosen.items()
    }
    if Grade.POOR in chosen:
        values["beyond"] = Grade.UNUSABLE
    if Grade.GOOD in chosen:
        values["breach_only"] = False
    if override.minimum_readings is not None:
        values["minimum_readings"] = override.minimum_readings
    try:
        return ProfileLimit.model_validate(values)
    except ValidationError as error:
        raise ValueError(f"{_rule(error)}.") from error


def _rule(error: ValidationError) -> str:
    """Take what a rule says out of the error, without the figure's name before it."""
    told = error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
    return told.partition(": ")[2] or told
