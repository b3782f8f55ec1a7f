"""What a look at the machine found: a value with a stable name, and the cure. It looks at nothing itself."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Health(enum.StrEnum):
    """Whether what was looked at serves. ``UNKNOWN`` is never a quiet ``OK``."""

    OK = "ok"
    TROUBLE = "trouble"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    ``name`` says what was looked at and ``code`` how it was found; both are stable, for programs.
    ``title`` and ``found`` are for people. ``cure`` is what to do: commands to copy and sentences, a line
    each; empty where nothing is to be done. ``found`` and ``cure`` may hold text of files and of the system:
    escape them before they reach a screen. None of them ever holds a secret.
    """

    name: str
    title: str
    health: Health
    code: str
    found: str
    cure: str = ""
