"""The code of why a service's alarm is there: what failed, what is left, what loses it. It words nothing.

``service;failed=router-a;next=group:duct-east,router-b+2;left=service:dispatch:path:radio``: each list names
a few, and counts after ``+`` how many more there are. A list that is empty is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Final, Self

MOST_NAMED: Final = 4
_HEAD: Final = "service"


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
class ServiceReason:
    """Why, by the names of endpoints, of risk groups (``group:<id>``) and of paths.

    ``failed`` has failed; any of ``next`` would lose the service; ``left`` are the paths that still work;
    ``poor`` works and is not good enough; ``planned`` is in maintenance and all that the service rests on.
    ``paths`` are those that a lost diversity or a dead standby is about, ``shared`` what they share.
    """

    failed: Named = Named()
    next: Named = Named()
    left: Named = Named()
    poor: Named = Named()
    planned: Named = Named()
    paths: Named = Named()
    shared: Named = Named()

    @property
    def code(self) -> str:
        """The code."""
        lists = ((field.name, getattr(self, field.name)) for field in fields(self))
        return ";".join([_HEAD, *(f"{name}={named.code}" for name, named in lists if named)])

    @classmethod
    def read(cls, code: str) -> Self | None:
        """Read a code; ``None`` where it is another. A list that is not known here is passed over."""
        head, *parts = code.split(";")
        if head != _HEAD:
            return None
        known = {field.name for field in fields(cls)}
        lists = (part.partition("=") for part in parts)
        return cls(**{name: Named.read(text) for name, _, text in lists if name in known})
