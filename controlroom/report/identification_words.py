"""What an endpoint turned out to be, in plain words, for terminal and form alike. It lays nothing out.

All that comes from the endpoint is escaped here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from controlroom.identification import Beside, FoundValue, Identification, Kind, Stage, Step
from controlroom.reading import Outcome, Reason
from controlroom.report.escaping import printable
from controlroom.report.figures import value_text
from controlroom.report.wording import reason_advice, reason_words
from controlroom.site.number_text import number_text

_LONGEST: Final = 300
_UNPROVEN: Final = (
    "This template was written after the maker's documents alone, and checked with no real device. Compare"
    " each value with what the device itself shows before you rely on it."
)


def step_words(step: Step) -> str:
    """Say how far the asking has come."""
    match step.stage:
        case Stage.ASKING:
            return "Asking what it is…"
        case Stage.READING:
            return f"Reading {printable(step.what, 80)}: {step.done + 1} of {step.of}…"
        case Stage.COUNTING:
            return f"Looking twice at {step.of} counters for their rates…"


def trouble_words(found: Identification, target: str) -> list[str]:
    """Say why no more is known, a sentence or two each; empty where all was told."""
    if found.outcome is Outcome.REPLIED:
        return []
    met = f" ({printable(found.text, _LONGEST)})" if found.text else ""
    why = f"{reason_words(found.reason.value)}{met}."
    if found.broke_off:
        return [f"It answered, and broke off midway: {why} What is shown came before."]
    asked = printable(target, 255)
    if found.reason is Reason.DEADLINE:
        said = [f"{asked} gave no answer.", found.advice]
    elif found.outcome is Outcome.NOT_RUN:
        said = [f"{asked} was not asked: {why}", reason_advice(found.reason)]
    else:
        said = [f"{asked} refused: {why}", reason_advice(found.reason)]
    return [each for each in said if each]


def unknown_words(found: Identification) -> list[str]:
    """Say what can be done where no template fits; empty where one was taken, or nobody answered."""
    if found.chosen is not None or found.outcome is not Outcome.REPLIED:
        return []
    return [
        "No template fits what it says of itself. It can be watched all the same: by a general template, or"
        " value by value, as objects of your own."
    ]


def kind_words(kind: Kind) -> str:
    """Name a template: its title, and its id."""
    return f"{printable(kind.title, 80)} ({kind.id})"


def remark_words(found: Identification) -> list[str]:
    """Say what must be known of the template before its values are relied upon."""
    said = []
    if found.chosen is not None:
        if found.chosen not in found.fits:
            said.append("This template does not fit what the device says of itself; it was asked for.")
        if not found.chosen.proven:
            said.append(_UNPROVEN)
    said += map(beside_words, found.beside)
    read = {each.kind.id for each in found.beside}
    others = [kind_words(each) for each in found.fits if each != found.chosen and each.id not in read]
    if others:
        said.append(f"Also fits, as a probe of its own beside this one: {', '.join(others)}.")
    if found.cut:
        said.append("A table is too long to be read whole by hand: rows at its end are not shown.")
    return said + _row_remarks(found)


def beside_words(beside: Beside) -> str:
    """Say what a second probe, by another template that fits, would watch."""
    name = kind_words(beside.kind)
    if not beside.watches:
        return f"{name} fits as well, and tells nothing here now but its uptime: it needs no probe."
    return f"{name} fits as well. Add a second probe for it: it would watch {_some(beside.watches)}."


def _row_remarks(found: Identification) -> list[str]:
    """Say which rows are not told, or cannot be named."""
    said = []
    if found.missing:
        said.append(f"Not there: {', '.join(printable(row, 100) for row in found.missing)}.")
    if found.empty:
        said.append(f"The device has no row now of: {_some(found.empty)}.")
    if found.ambiguous:
        said.append(
            f"Several have this name, so none of them is told: {_some(found.ambiguous)}. Name one of them as"
            " it is shown without a wish, with its index in brackets."
        )
    if found.left_out:
        rows = _some(found.left_out)
        said.append(
            f"One probe cannot name these rows beside the others; put them into a second probe: {rows}."
        )
    if found.resting:
        said.append(f"Down or switched off now, so add them only if they matter: {_some(found.resting)}.")
    return said


def _some(rows: Sequence[str]) -> str:
    named = ", ".join(printable(row, 100) for row in rows[:5])
    return f"{named} and {len(rows) - 5} more" if len(rows) > 5 else named


def doubt_words(found: Identification) -> Iterator[str]:
    """Say what is amiss with how it is asked."""
    for doubt in found.doubts:
        yield f"{doubt.words} {doubt.cure}"


def value_words(value: FoundValue) -> str:
    """Write a value with its unit and what it means; where it has no number, why, and what came."""
    if value.number is None:
        came = f"; it says {printable(value.raw, _LONGEST)}" if value.raw else ""
        return f"unknown: {printable(value.lack, _LONGEST)}{came}"
    if value.meaning:
        bad = f", {value.severity}" if value.severity in ("warning", "fault") else ""
        return f"{printable(value.meaning, 80)} ({number_text(value.number)}){bad}"
    written = value_text(value.number, "" if value.unit == "count" else printable(value.unit, 80))
    return f"{written}, {value.grade}" if value.grade else written
