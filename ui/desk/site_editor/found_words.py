"""What an endpoint turned out to be, as the form says it below the button. Pure, no widgets."""

from __future__ import annotations

from itertools import groupby

from controlroom.identification import Identification
from controlroom.report.escaping import printable
from controlroom.report.identification_words import (
    doubt_words,
    kind_words,
    remark_words,
    trouble_words,
    unknown_words,
    value_words,
)

_MOST_VALUES = 8
_LONGEST = 200


def found_words(found: Identification, target: str, why_not_filled: str = "", kept_rows: bool = False) -> str:
    """Say it in lines: what it is, what was filled in, some of what it tells, what must be known.

    ``why_not_filled`` says why the fields could not be changed; ``kept_rows`` that the rows in them stayed.
    """
    lines = [*trouble_words(found, target), *unknown_words(found)]
    if found.description or found.name:
        said = ", ".join(printable(text, _LONGEST) for text in (found.name, found.description) if text)
        lines.append(f"It says of itself: {said}")
    if found.chosen is not None:
        lines += [_filled(found, why_not_filled), *_rows(found, why_not_filled, kept_rows), _told(found)]
    elif unknown_words(found):
        lines.append("Choose one under Template, or list objects below.")
    lines += remark_words(found)
    lines += [f"Warning: {words}" for words in doubt_words(found)]
    return "\n".join(filter(None, lines))


def _filled(found: Identification, why_not: str) -> str:
    if found.chosen is None:
        return ""
    name = kind_words(found.chosen)
    if why_not:
        return f"{name} fits. Nothing was filled in: {why_not}"
    return f"{name} fits and is filled in below. Nothing is saved yet."


def _rows(found: Identification, why_not: str, kept: bool) -> list[str]:
    named = next((each.value for each in found.settings if isinstance(each.value, tuple)), ())
    if kept:
        return [f"The rows that stood there stay; the device has {len(found.rows)}."]
    if not named or why_not:
        return []
    return [f"{len(named)} rows are filled in: take out those that do not matter."]


def _told(found: Identification) -> str:
    """Name the first values that have a number, row by row, and count all."""
    known = [value for value in found.values if value.number is not None]
    shown: list[str] = []
    for row, values in groupby(known[:_MOST_VALUES], key=lambda value: value.row):
        name = printable(row.partition("/")[2], 80)
        told = "; ".join(f"{printable(each.title, 80)} {value_words(each)}" for each in values)
        shown.append(f"[{name}] {told}" if name else told)
    more, unknown = len(known) - _MOST_VALUES, len(found.values) - len(known)
    words = "; ".join([*shown, *([f"and {more} more"] if more > 0 else [])])
    lacking = f" {unknown} {'value has' if unknown == 1 else 'values have'} no number now." if unknown else ""
    return f"It tells: {words}.{lacking}" if words else f"It tells no number now.{lacking}"
