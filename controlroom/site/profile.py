"""Profiles: what a use of a link needs of it, as limits for each grade, each with its source. Data alone.

A profile is a file in ``resources/profiles``; an endpoint of a site names one and may replace single
numbers.

Rules
1. A grade's number is the worst figure that is still of that grade; what is worse than the last number is
   graded as ``beyond`` says. Numbers go from better to worse, and good always has one.
2. Every number names its source, and a mark says what that is worth: published by who made the rule,
   known from a secondary source, chosen by us, or chosen by the site.
3. A delay that is told one way is compared with half a round trip, for a ping cannot tell the ways apart.
   Jitter and variation are compared as measured, over both ways: the stricter reading of a number told
   for one way.
4. A limit says how many readings a claim needs. ``breach_only`` says that pings can show it broken and
   never kept, as a loss of one in a million: it takes 3.8 million pings without a loss to show that.
"""

from __future__ import annotations

import enum
import tomllib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from controlroom.errors import ControlroomError

MOST_READINGS: Final = 1_000_000

Words = Annotated[str, Field(min_length=1, max_length=1000)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Grade(enum.StrEnum):
    """How well a link serves, from best to worst; unknown is none of them."""

    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"
    UNUSABLE = "unusable"
    UNKNOWN = "unknown"


NAMED_GRADES: Final = (Grade.GOOD, Grade.FAIR, Grade.POOR)
"""The grades that a limit may have a number for, best first."""

WORSENING: Final = (*NAMED_GRADES, Grade.UNUSABLE)
"""All grades that say something, best first."""


class FigureName(enum.StrEnum):
    """The figures that a profile may limit; durations in seconds, of the round trip."""

    RTT_S = "rtt_s"
    """The median."""
    RTT_MEAN_S = "rtt_mean_s"
    RTT_P95_S = "rtt_p95_s"
    JITTER_S = "jitter_s"
    """RFC 3550, section 6.4.1."""
    DELAY_VARIATION_S = "delay_variation_s"
    """The 99.9th percentile less the minimum (RFC 5481)."""
    LOSS_RATIO = "loss_ratio"
    REORDERED_RATIO = "reordered_ratio"
    MOS = "mos"
    """An estimate by the E-model, from 1 to 4.5."""


DELAYS: Final = frozenset({FigureName.RTT_S, FigureName.RTT_MEAN_S, FigureName.RTT_P95_S})
RATIOS: Final = frozenset({FigureName.LOSS_RATIO, FigureName.REORDERED_RATIO})
_MOST: Final = {**dict.fromkeys(RATIOS, 1.0), FigureName.MOS: 4.5}


class Mark(enum.StrEnum):
    """What the source of a number is worth."""

    PUBLISHED = "published"
    SECONDARY = "secondary"
    OWN_CHOICE = "own choice"
    SITE = "site"
    """Replaced by whoever configured the site; no bundled file has it."""


class Threshold(_Part):
    """One number and where it comes from."""

    at: float = Field(ge=0, le=86400)
    mark: Mark
    source: Words


class ProfileLimit(_Part):
    """The limits on one figure."""

    figure: FigureName
    one_way: bool = False
    minimum_readings: int = Field(20, ge=1, le=MOST_READINGS)
    breach_only: bool = False
    good: Threshold
    fair: Threshold | None = None
    poor: Threshold | None = None
    beyond: Grade

    @property
    def numbers(self) -> tuple[tuple[Grade, Threshold], ...]:
        """The grades that have a number, best first."""
        pairs = zip(NAMED_GRADES, (self.good, self.fair, self.poor), strict=True)
        return tuple((grade, threshold) for grade, threshold in pairs if threshold is not None)

    @property
    def more_is_better(self) -> bool:
        """Whether the figure is better the higher it is."""
        return self.figure is FigureName.MOS

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.beyond not in WORSENING[WORSENING.index(self.numbers[-1][0]) + 1 :]:
            raise ValueError(f"{self.figure}: beyond: must be worse than the last grade that has a number")
        if self.one_way and self.figure not in DELAYS:
            raise ValueError(f"{self.figure}: one_way: is for delays alone")
        ats = [threshold.at for _, threshold in self.numbers]
        if ats != sorted(set(ats), reverse=self.more_is_better):
            raise ValueError(f"{self.figure}: the numbers must go from better to worse")
        if max(ats) > _MOST.get(self.figure, max(ats)):
            raise ValueError(f"{self.figure}: is never more than {_MOST[self.figure]:g}")
        return self


class Profile(_Part):
    """What one use of a link needs of it."""

    format: Literal[1] = 1
    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=63)]
    title: Annotated[str, Field(min_length=1, max_length=80)]
    about: Words
    """What it is for, what its numbers leave open, and what pings cannot tell of it."""
    limits: tuple[ProfileLimit, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_each_figure_once(self) -> Self:
        figures = [limit.figure for limit in self.limits]
        if len(set(figures)) < len(figures):
            raise ValueError("a figure stands twice")
        return self

    def limit(self, figure: FigureName) -> ProfileLimit | None:
        """Return the limits on a figure, or ``None`` where the profile leaves it open."""
        return next((limit for limit in self.limits if limit.figure is figure), None)


Profiles = Mapping[str, Profile]
"""Profiles by their ids."""

NO_PROFILES: Final[Profiles] = MappingProxyType({})


def read_profile(text: str, name: str) -> Profile:
    """Read a profile from the text of its file, whose name without its ending is ``name``.

    Raises ``ControlroomError`` ``profile-bad`` where it is none: the file comes with the program.
    """
    try:
        profile = Profile.model_validate(tomllib.loads(text))
    except (ValueError, ValidationError) as error:
        raise _bad(f"{name} is no profile: {error}") from error
    if profile.id != name:
        raise _bad(f"{name} calls itself {profile.id}.")
    if any(threshold.mark is Mark.SITE for limit in profile.limits for _, threshold in limit.numbers):
        raise _bad(f"{name} has a number that only a site may choose.")
    return profile


def _bad(happened: str) -> ControlroomError:
    return ControlroomError("profile-bad", happened, "Install the program again.")
