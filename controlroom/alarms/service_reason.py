"""The code of why a service's alarm is there: what failed, what is left, what loses it. It words nothing.

``service;failed=router-a;next=group:duct-east,router-b+2;left=service:dispatch:path:radio``: each list names
a few, and counts after ``+`` how many more there are. A list that is empty is left out. A past loss is
``was_lost=1764295552.0:35.0``: from when, and how long it lasted.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Final, Self

MOST_NAMED: Final = 4
_HEAD: Final = "service"
_WAS_LOST: Final = "was_lost"


@dataclass(frozen=True, slots=True)
class Named:
    """A few names, and how many more there are."""

    names: tuple[str, ...] = ()
    more: int = 0

    @classmethod
    def of(cls, names: Iterable[str], more: int = 0) -> Self:
        """Name the first few."""
        listed = tuple(dict.fromkeys(names))
        return cls(listed[:MOST_NAMED], max(0, len(listed) - MOST_NAMED) + more)

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.names or self.more)

    @property
    def code(self) -> str:
        """The list as it stands in a code."""
        return ",".join(self.names) + (f"+{self.more}" if self.more else "")

    @classmethod
    def read(cls, code: str) -> Self:
        """Read a list; what is no number of more is none."""
        names, _, more = code.partition("+")
        count = int(more) if more.isascii() and more.isdigit() and len(more) < 10 else 0
        return cls(tuple(name for name in names.split(",") if name), count)


@dataclass(frozen=True, slots=True)
class PastLoss:
    """A loss that is over: from when, in POSIX seconds, and how long it lasted."""

    from_utc_s: float
    lasted_s: float

    @property
    def code(self) -> str:
        """As it stands in a code."""
        return f"{self.from_utc_s!r}:{self.lasted_s!r}"

    @classmethod
    def read(cls, code: str) -> Self | None:
        """Read it; ``None`` where it is none."""
        begun, _, lasted = code.partition(":")
        try:
            told = cls(float(begun), float(lasted))
        except ValueError:
            return None
        return told if math.isfinite(told.from_utc_s) and math.isfinite(told.lasted_s) else None


@dataclass(frozen=True, slots=True)
class ServiceReason:
    """Why, by the names of endpoints, of risk groups (``group:<id>``) and of paths.

    ``failed`` has failed; any of ``next`` would lose the service; ``left`` are the paths that still work;
    ``poor`` works and is not good enough; ``planned`` is in maintenance and all that the service rests on.
    ``paths`` are those that a lost diversity or a dead standby is about, ``shared`` what they share.
    Of ``unknown`` nothing is known, so it may be worse.
    ``was_lost`` is a loss that is over and that nobody acknowledged.
    """

    failed: Named = Named()
    next: Named = Named()
    left: Named = Named()
    poor: Named = Named()
    planned: Named = Named()
    paths: Named = Named()
    shared: Named = Named()
    unknown: Named = Named()
    was_lost: PastLoss | None = None

    @property
    def code(self) -> str:
        """The code."""
        parts = ((field.name, getattr(self, field.name)) for field in fields(self))
        return ";".join([_HEAD, *(f"{name}={part.code}" for name, part in parts if part)])

    @classmethod
    def read(cls, code: str) -> Self | None:
        """Read a code; ``None`` where it is another. A list that is not known here is passed over."""
        head, *parts = code.split(";")
        if head != _HEAD:
            return None
        known = {field.name for field in fields(cls)} - {_WAS_LOST}
        texts = {name: text for name, _, text in (part.partition("=") for part in parts)}
        lists = {name: Named.read(text) for name, text in texts.items() if name in known}
        return cls(**lists, was_lost=PastLoss.read(texts.get(_WAS_LOST, "")))
