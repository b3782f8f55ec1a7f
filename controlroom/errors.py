"""The errors that reach a person: a code, the facts, and what to do. Never a finished page of text.

ControlroomError      something a person can act on
├── SiteError         the site file cannot be used; holds every mistake at once (``site/mistakes.py``)
├── StoreError        the store cannot be opened, read or written
├── EngineError       the engine cannot start, stop or be reached
└── SecretError       a secret that a reference names cannot be had
"""

from __future__ import annotations


class ControlroomError(Exception):
    """Something went wrong that a person can act on.

    ``code`` is stable and short (``"store-locked"``) and travels to the edge unchanged; ``happened``
    says what happened and where, ``advice`` what to do about it. Neither ever holds a secret.
    """

    def __init__(self, code: str, happened: str, advice: str = "") -> None:
        """Keep the three parts apart, so that every edge can lay them out in its own way."""
        super().__init__(happened)
        self.code = code
        self.happened = happened
        self.advice = advice

    def __str__(self) -> str:
        """Join what happened and the advice into one line for a terminal."""
        return f"{self.happened} {self.advice}".strip()


class StoreError(ControlroomError):
    """The store cannot be opened, read or written."""


class EngineError(ControlroomError):
    """The engine cannot start, stop or be reached."""


class SecretError(ControlroomError):
    """A secret that a reference names cannot be had."""
