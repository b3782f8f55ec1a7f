"""A maintenance window as JSON, and back. Untrusted on the way back: typed and bounded."""

from __future__ import annotations

import json
from typing import Final

from controlroom.condition.maintenance.flat import flat_window, window_of
from controlroom.condition.maintenance.window import MaintenanceWindow

MOST_CHARACTERS: Final = 64 * 1024
"""Longer is none: texts and identifiers of a window are some sixteen thousand, each escaped twice as many."""


def text_of_window(window: MaintenanceWindow) -> str:
    """Write a window as one line of JSON."""
    return json.dumps(flat_window(window), separators=(",", ":"))


def window_of_text(text: str) -> MaintenanceWindow:
    """Read a window; ``ValueError`` where the text is none."""
    if len(text) > MOST_CHARACTERS:
        raise ValueError("the text is too long for a window")
    try:
        flat = json.loads(text)
    except RecursionError as error:
        raise ValueError("the text is no window") from error
    if not isinstance(flat, dict):
        raise ValueError("the text is no window")
    return window_of(flat)
