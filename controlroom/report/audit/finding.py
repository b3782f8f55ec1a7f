"""One finding of an audit: what, where, why it matters and what to do. It finds nothing itself.

Rules:
1. The most serious come first; of equal ones those of the structure, then of the asking, of the records, of
   what was measured, of training; then those with the most places.
2. ``code`` is stable, ``where`` holds ids of the site; the sentences are for people. All may hold text of the
   site: they are escaped where they are written.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final


class Seriousness(enum.StrEnum):
    """How much hangs on a finding."""

    SERIOUS = "serious"
    IMPORTANT = "important"
    MINOR = "minor"


class Area(enum.StrEnum):
    """What a finding is about."""

    STRUCTURE = "structure"
    ASKING = "asking"
    RECORDS = "records"
    MEASUREMENT = "measurement"
    TRAINING = "training"


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """One finding."""

    code: str
    seriousness: Seriousness
    area: Area
    what: str
    where: tuple[str, ...]
    why: str
    advice: str


_PLACES: Final = {each: place for place, each in enumerate(Seriousness)}
_AREAS: Final = {each: place for place, each in enumerate(Area)}


def ranked(found: Iterable[AuditFinding]) -> list[AuditFinding]:
    """Sort by rule 1."""
    return sorted(found, key=lambda each: (_PLACES[each.seriousness], _AREAS[each.area], -len(each.where)))


def counted(number: int, one: str, many: str = "") -> str:
    """Write a number with its word: ``1 endpoint``, ``3 endpoints``."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def listed(names: Iterable[str], most: int = 6) -> str:
    """Write names in a row, the first few of them."""
    told = list(names)
    more = f" and {len(told) - most} more" if len(told) > most else ""
    return f"{', '.join(told[:most])}{more}"
