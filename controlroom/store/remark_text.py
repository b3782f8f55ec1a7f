"""What is unknown of an answer as JSON, and back. Untrusted on the way back: typed and bounded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pydantic import TypeAdapter

MOST_CHARACTERS: Final = 128 * 1024
"""Longer is none: 40 values of 200 characters, each escaped, are some fifty thousand."""

_UNKNOWN: Final = TypeAdapter(dict[str, str])


def text_of_unknown(unknown: Mapping[str, str]) -> str:
    """Write what is unknown as one line of JSON."""
    return _UNKNOWN.dump_json(dict(unknown)).decode()


def unknown_of_text(text: str) -> Mapping[str, str]:
    """Read what is unknown; ``ValueError`` where the text is none."""
    if len(text) > MOST_CHARACTERS:
        raise ValueError("the text is too long for a remark")
    return _UNKNOWN.validate_json(text, strict=True)
