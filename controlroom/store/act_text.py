"""An act as one line of JSON, and back. Untrusted on the way back: bounded, typed, nothing passed over.

Rules for a line that counts as an act
1. At most ``LINE_LIMIT`` bytes of UTF-8, one JSON object with exactly the keys below; a line written by an
   older desk has no role, and one that needs none has no details.
2. The id is 1 to 64 letters, digits and hyphens; the kind is known; the time is finite and after 1970.
3. Operator and subject are single lines of at most 200 characters, the note at most 4,000; no control
   characters but tab and line end, and those in the note alone; no half of a surrogate pair.
4. At most 40 details, each a name of lower-case letters and ``_`` with a text as a note may be, a finite
   number or a yes or no.
"""

from __future__ import annotations

import json
import re
from typing import Final

from controlroom.logbook.act import Act, ActKind, Detail

LINE_LIMIT: Final = 64 * 1024
"""The longest line in an inbox that can be an act, in bytes."""

LONGEST_LINE: Final = 200
LONGEST_NOTE: Final = 4000
"""The most characters of a name, and of a note."""

_KEYS: Final = frozenset({"id", "kind", "at_utc_s", "operator", "subject", "alarm_number", "note"})
_LATER_KEYS: Final = frozenset({"role", "details"})
_ID: Final = re.compile(r"[0-9A-Za-z-]{1,64}")
_LINE: Final = re.compile(rf"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]{{0,{LONGEST_LINE}}}")
_NOTE: Final = re.compile(rf"[^\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]{{0,{LONGEST_NOTE}}}")
_ROLE: Final = re.compile(r"[a-z]{0,20}")
_DETAIL: Final = re.compile(r"[a-z][a-z_]{0,39}")
_MOST_DETAILS: Final = 40
_LAST_UTC_S: Final = 253402300800.0  # the year 10000
_LAST_NUMBER: Final = 2**53


class MalformedActError(ValueError):
    """A line or an act breaks one of the rules; the text says which."""


def is_line(text: str) -> bool:
    """Whether a text may be a name or a subject (rule 3)."""
    return _LINE.fullmatch(text) is not None


def is_note(text: str) -> bool:
    """Whether a text may be a note (rule 3)."""
    return _NOTE.fullmatch(text) is not None


def text_of(act: Act) -> str:
    """Write an act as JSON without a line end; raise ``MalformedActError`` where it breaks a rule."""
    keys: dict[str, object] = {
        "id": act.id,
        "kind": act.kind.value,
        "at_utc_s": act.at_utc_s,
        "operator": act.operator,
        "subject": act.subject,
        "alarm_number": act.alarm_number,
        "note": act.note,
        "role": act.role,
    }
    if act.details:
        keys["details"] = dict(act.details)
    text = json.dumps(keys, separators=(",", ":"))
    if act_of(text.encode()) != act:
        raise MalformedActError("the act does not come back from its text as it was")
    return text


def act_of(line: bytes | str) -> Act:
    """Read an act; raise ``MalformedActError`` where the line breaks a rule."""
    found = _object(line)
    number = found["alarm_number"]
    if number is not None and not (type(number) is int and 0 < number <= _LAST_NUMBER):
        raise MalformedActError("the alarm number is no whole number above 0")
    return Act(
        id=_text(found, "id", _ID),
        kind=_kind(found["kind"]),
        at_utc_s=_time(found["at_utc_s"]),
        operator=_text(found, "operator", _LINE),
        subject=_text(found, "subject", _LINE),
        alarm_number=number,
        note=_text(found, "note", _NOTE),
        role=_text(found, "role", _ROLE) if "role" in found else "",
        details=_details(found.get("details", {})),
    )


def _object(line: bytes | str) -> dict[str, object]:
    if len(line) > LINE_LIMIT:
        raise MalformedActError("the line is too long")
    try:
        found = json.loads(line.decode() if isinstance(line, bytes) else line)
    except (ValueError, RecursionError) as error:
        raise MalformedActError("the line is no JSON") from error
    if not isinstance(found, dict) or found.keys() - _LATER_KEYS != _KEYS:
        raise MalformedActError("the line has not exactly the keys of an act")
    return found


def _kind(value: object) -> ActKind:
    if not isinstance(value, str):
        raise MalformedActError("the kind is no text")
    try:
        return ActKind(value)
    except ValueError as error:
        raise MalformedActError("the kind is unknown") from error


def _time(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise MalformedActError("the time is no number")
    if not 0 < value < _LAST_UTC_S:  # also refuses NaN
        raise MalformedActError("the time is out of range")
    return float(value)


def _details(value: object) -> dict[str, Detail]:
    if not isinstance(value, dict) or len(value) > _MOST_DETAILS:
        raise MalformedActError("the details are no object, or too many")
    return {_detail_name(name): _detail(each) for name, each in value.items()}


def _detail_name(name: str) -> str:
    if not _DETAIL.fullmatch(name):
        raise MalformedActError("a detail has a name that is none")
    return name


def _detail(value: object) -> Detail:
    if isinstance(value, str) and _NOTE.fullmatch(value):
        return value
    if isinstance(value, bool | int | float) and abs(value) <= _LAST_NUMBER:  # also refuses NaN
        return value
    raise MalformedActError("a detail is neither a text, a number, nor yes or no")


def _text(found: dict[str, object], key: str, allowed: re.Pattern[str]) -> str:
    value = found[key]
    if not isinstance(value, str) or not allowed.fullmatch(value):
        raise MalformedActError(f"the {key} holds what it must not, or is too long")
    return value
