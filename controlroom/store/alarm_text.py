"""What an alarm has beyond its first columns, as JSON, and back. Of what is as usual nothing is written.

A text that says anything else than fields of an alarm, each of its type, is damage: ``ValueError``.
"""

from __future__ import annotations

import json
import math
from dataclasses import fields
from typing import Any, Final

from controlroom.alarms.alarm import Alarm

_COLUMNS: Final = frozenset(
    {
        "number",
        "subject",
        "cause",
        "reason",
        "priority",
        "state",
        "since_utc_s",
        "raised_utc_s",
        "occurrences",
        "acknowledged_utc_s",
        "acknowledged_by",
        "note",
        "returned_utc_s",
    }
)
_USUAL: Final = {field.name: field.default for field in fields(Alarm) if field.name not in _COLUMNS}
_WHOLE: Final = frozenset({"part_of"})


def text_of_more(alarm: Alarm) -> str:
    """Write the fields that have no column of their own and are not as usual."""
    more = {name: getattr(alarm, name) for name, usual in _USUAL.items() if getattr(alarm, name) != usual}
    return json.dumps(more, separators=(",", ":"), allow_nan=False)


def more_of(text: str) -> dict[str, Any]:
    """Read those fields."""
    found = json.loads(text)
    if not isinstance(found, dict) or not found.keys() <= _USUAL.keys():
        raise ValueError("an alarm has more than it can have")
    return {name: _field(name, value) for name, value in found.items()}


def _field(name: str, value: object) -> object:
    usual = _USUAL[name]
    if isinstance(usual, bool | str):
        fits = type(value) is type(usual)
    elif name in _WHOLE:
        fits = type(value) is int
    else:
        fits = type(value) in (int, float) and math.isfinite(float(str(value)))
    if not fits:
        raise ValueError(f"the {name} of an alarm is of another type")
    return value
