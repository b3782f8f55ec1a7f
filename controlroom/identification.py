"""What an endpoint turned out to be when it was asked what it is. Values alone: it asks and words nothing.

All texts that came from the endpoint are untrusted: escape them before they reach a screen.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from pydantic import BaseModel, ConfigDict

from controlroom.finding import Doubt
from controlroom.reading import Outcome, Reason

ROWS: Final = "rows"
"""The setting that names rows."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Kind(_Part):
    """A kind of device that is known.

    ``proven`` tells whether it was checked with what a real device answered; ``general`` that it says
    nothing of a maker. ``what_to_do`` is what to do where such a device is at fault.
    """

    id: str
    title: str
    maker: str = ""
    about: str = ""
    what_to_do: str = ""
    source: str = ""
    proven: bool = False
    general: bool = False


class FoundValue(_Part):
    """One value as it would be graphed.

    ``row`` is its row as the site names it, empty for what is of the device as a whole. ``number`` is none
    where there is none: ``lack`` says why. ``meaning``, ``severity`` and ``grade`` are of states and signals.
    ``raw`` is what came, as it is shown; ``source`` the object that it came from.
    """

    name: str
    title: str
    unit: str = ""
    row: str = ""
    number: float | None = None
    meaning: str = ""
    severity: str = ""
    grade: str = ""
    raw: str = ""
    lack: str = ""
    source: str = ""


class Setting(_Part):
    """One of the probe's parameters as it fits what was found; a row stands for each row of the device."""

    key: str
    value: str | tuple[str, ...]


class Beside(_Part):
    """Another kind that fits, and was read: what a probe of its own would watch, and how it is set.

    ``watches`` are the titles of its values that have a number now, but for how long the endpoint is up.
    """

    kind: Kind
    watches: tuple[str, ...] = ()
    settings: tuple[Setting, ...] = ()


class Identification(_Part):
    """What came of asking.

    An ``outcome`` other than *replied* says why no more is known, ``text`` with what was met and ``advice``
    with what to look at; where ``description`` or ``object_id`` is there all the same, it broke off midway.
    ``fits`` has the best first; ``offered`` what a person may choose besides; ``beside`` those of ``fits``
    that were read and not chosen. ``rows`` are all rows with a value, ``left_out`` those of them that
    ``settings`` cannot name, ``resting`` those that it does not name because they are not in use now,
    ``missing`` those wanted in vain, ``ambiguous`` those wanted whose name several have; ``empty`` are the
    titles of the template's tables of which the device has no row; ``cut`` tells that a table was too long to
    be read to its end.
    """

    outcome: Outcome
    reason: Reason = Reason.NONE
    text: str = ""
    advice: str = ""
    description: str = ""
    name: str = ""
    object_id: str = ""
    fits: tuple[Kind, ...] = ()
    offered: tuple[Kind, ...] = ()
    chosen: Kind | None = None
    beside: tuple[Beside, ...] = ()
    values: tuple[FoundValue, ...] = ()
    rows: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    resting: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    cut: bool = False
    settings: tuple[Setting, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def broke_off(self) -> bool:
        """Whether the endpoint answered at first, and then no more."""
        return self.outcome is not Outcome.REPLIED and bool(self.description or self.object_id)

    def only(self, rows: Sequence[str]) -> Identification:
        """Return it with these rows alone; those that are not there are missing, or ambiguous."""
        settings = [each for each in self.settings if each.key != ROWS]
        named = tuple(row for row in rows if row in self.rows)
        ambiguous = tuple(row for row in rows if row in self.ambiguous or share_name(row, self.rows))
        return self.model_copy(
            update={
                "values": tuple(each for each in self.values if not each.row or each.row in rows),
                "rows": named,
                "left_out": (),
                "resting": (),
                "missing": tuple(row for row in rows if row not in self.rows and row not in ambiguous),
                "ambiguous": ambiguous,
                "empty": (),
                "settings": (*settings, Setting(key=ROWS, value=named)) if named else tuple(settings),
            }
        )


def share_name(row: str, rows: Iterable[str]) -> bool:
    """Whether several of these rows have that name: each then has its index in brackets behind it."""
    pattern = re.compile(rf"{re.escape(row)} \([0-9.]+\)")
    return sum(pattern.fullmatch(each) is not None for each in rows) > 1


class Stage(enum.StrEnum):
    """How far the asking has come."""

    ASKING = "asking"
    READING = "reading"
    COUNTING = "counting"


class Step(_Part):
    """One step of the asking, of how many of its stage; ``what`` is what is being read."""

    stage: Stage
    done: int = 0
    of: int = 0
    what: str = ""


OnStep = Callable[[Step], None]
