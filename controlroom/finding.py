"""What a look at the machine, or at how it is set, found: with the cure. It looks at nothing itself."""

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


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is amiss with how something is set although it works, such as a password that everybody knows.

    ``code`` is stable. ``words`` and ``cure`` are sentences for people; neither holds a secret. ``grave``
    tells what asks for a change from what had better be known.
    """

    code: str
    words: str
    cure: str
    grave: bool = True
