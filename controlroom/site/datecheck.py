"""Which keys of the site file take a date, and what stands there instead of one. It reads no file.

1. A date is a TOML date without a time and without quotes. Text is refused though it may read as a date, for
   types are strict everywhere in the file.
2. Where no date is taken, none may stand, nor a time.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final, get_args

from controlroom.site.keys import HEADERS, file_keys
from controlroom.site.lines import KeyPath
from controlroom.site.mistakes import MistakeList

DATE_ADVICE: Final = "Write year, month and day without quotes, such as 2027-03-31."

_TAKING: Final = frozenset(
    (*header.strip("[]").split("."), key)
    for header, model in HEADERS
    for key, field in file_keys(model).items()
    if field.annotation is date or date in get_args(field.annotation)
)
_NAMES: Final = frozenset(path[-1] for path in _TAKING)


def takes_date(path: KeyPath) -> bool:
    """Whether the key at a path takes a date."""
    return bool(path) and path[-1] in _NAMES and _words(path) in _TAKING


def check_date(mistakes: MistakeList, path: KeyPath, value: object) -> None:
    """Note a date where none may stand, and what is none where one must."""
    is_date = isinstance(value, date) and not isinstance(value, datetime)
    taken = takes_date(path)
    if taken and isinstance(value, str | datetime | time):
        mistakes.add("wrong-type", path, f"must be a date, not {_kind_of(value)}.", DATE_ADVICE)
    elif not taken and (is_date or isinstance(value, datetime | time)):
        mistakes.add("wrong-type", path, "is a date or time, which this key does not take.", "Write text.")


def _kind_of(value: str | datetime | time) -> str:
    if isinstance(value, str):
        return "text"
    return "a date with a time" if isinstance(value, datetime) else "a time"


def _words(path: KeyPath) -> tuple[str, ...]:
    return tuple(step for step in path if isinstance(step, str))
