"""An assessment as JSON, and back. Untrusted on the way back: typed and bounded, nothing passed over."""

from __future__ import annotations

from typing import Final

from pydantic import TypeAdapter

from controlroom.condition.assessment import Assessment

MOST_CHARACTERS: Final = 16 * 1024
"""Longer is none: a few dozen figures with their names are some two thousand."""

_ASSESSMENT: Final = TypeAdapter(Assessment)


def text_of_assessment(assessment: Assessment) -> str:
    """Write an assessment as one line of JSON."""
    return _ASSESSMENT.dump_json(assessment).decode()


def assessment_of(text: str) -> Assessment:
    """Read an assessment; ``ValueError`` where the text is none."""
    if len(text) > MOST_CHARACTERS:
        raise ValueError("the text is too long for an assessment")
    return _ASSESSMENT.validate_json(text)
