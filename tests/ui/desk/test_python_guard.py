"""The Qt binding in use does not lose references."""

from __future__ import annotations

import sys

import pytest
from pytestqt.qtbot import QtBot

from controlroom.errors import ControlroomError
from ui.desk import python_guard


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_calls_without_a_result_keep_none_alive(qtbot: QtBot) -> None:
    """Five hundred void calls take no reference from ``None``."""
    assert python_guard.binding_keeps_references()


def test_a_broken_binding_is_refused_with_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk says which version to install and does not start."""
    monkeypatch.setattr(python_guard, "binding_keeps_references", lambda: False)
    with pytest.raises(ControlroomError, match=r"<6\.12"):
        python_guard.refuse_broken_binding()
