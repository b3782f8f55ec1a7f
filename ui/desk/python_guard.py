"""Refuses a Qt binding that would end the desk in the middle of a shift. It mends nothing.

PySide6 6.12.0 takes a reference from ``None`` with every call that returns nothing. Before Python
3.12 that ends the process after some five thousand calls.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject

from controlroom.errors import ControlroomError

_CALLS = 500
_TOLERATED = 50


def binding_keeps_references() -> bool:
    """Whether calls into Qt leave the references to ``None`` alone (always so from Python 3.12 on)."""
    if sys.version_info >= (3, 12):
        return True
    probe = QObject()
    before = sys.getrefcount(None)
    for _ in range(_CALLS):
        probe.setObjectName("probe")
    return sys.getrefcount(None) > before - _TOLERATED


def refuse_broken_binding() -> None:
    """Raise ``ControlroomError`` where the installed PySide6 would abort the desk."""
    if not binding_keeps_references():
        raise ControlroomError(
            "qt-binding-broken",
            "This PySide6 loses references on Python before 3.12 and would abort within seconds.",
            'Install "PySide6-Essentials>=6.10,<6.12".',
        )
