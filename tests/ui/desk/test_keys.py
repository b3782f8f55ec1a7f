"""The keys: each declared once, each bound, each shown."""

from __future__ import annotations

from collections import Counter
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

import ui.desk
from controlroom.site.form import metrics_of, site_form
from probes.registry import PROBE_TYPES
from tests.ui.desk.conftest import OpenDesk
from ui.desk.key_binding import bind_keys
from ui.desk.keys import KEYS, Command, KeyPart, keys_of
from ui.desk.keys_sheet import KeysSheet
from ui.desk.site_editor.dialog import EditorDialog
from ui.desk.theme import Theme, load_fonts

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def _bound(window: QWidget) -> Counter[str]:
    shortcuts = window.findChildren(QShortcut)
    return Counter(each.key().toString() for each in shortcuts if each.parent() is window)


def _declared(form: bool) -> Counter[str]:
    return Counter(
        QKeySequence(key.name).toString()
        for key in KEYS
        if key.command is not None and (key.part is KeyPart.FORM) is form
    )


def test_every_shortcut_of_the_window_is_declared_and_every_declared_key_is_one(shift: OpenDesk) -> None:
    """Neither a key that the sheet does not know, nor a promise that nothing keeps; and none twice."""
    assert _bound(shift.desk.window) == _declared(form=False)
    assert set(_declared(form=False).values()) == {1}


def test_the_same_holds_in_the_form(qtbot: QtBot) -> None:
    """Its keys are declared as well."""
    parent = QWidget()
    qtbot.addWidget(parent)
    names = partial(metrics_of, PROBE_TYPES)
    dialog = EditorDialog(Theme("dark", load_fonts()), parent, site_form(PROBE_TYPES), names)
    assert _bound(dialog) == _declared(form=True)
    assert set(_declared(form=True).values()) == {1}


def test_no_shortcut_is_made_elsewhere() -> None:
    """One file binds keys; a shortcut made beside it would not stand on the sheet."""
    folder = Path(ui.desk.__file__).parent
    makers = {
        file.name
        for file in folder.rglob("*.py")
        if any(word in file.read_text(encoding="utf-8") for word in ("QShortcut(", "setShortcut"))
    }
    assert makers == {"key_binding.py"}


def test_every_command_has_a_key_that_qt_understands() -> None:
    """And every key stands in a part, with words."""
    assert {key.command for key in KEYS} - {None} == set(Command)
    assert all(QKeySequence(key.name).toString() for key in KEYS if key.command is not None)
    assert all(key.words for key in KEYS)
    assert sum(len(keys_of(part)) for part in KeyPart) == len(KEYS)


def test_the_sheet_shows_every_key_with_its_words(shift: OpenDesk) -> None:
    """F1 opens it; the line at the bottom shows those with a short word."""
    window = shift.desk.window
    window.show_keys()
    (sheet,) = window.findChildren(KeysSheet)
    texts = [label.text() for label in sheet.findChildren(QLabel)]
    for key in KEYS:
        assert key.name in texts
        assert key.words in texts
    assert {part.value for part in KeyPart} <= set(texts)
    hints = {child.accessibleName() for child in window.status.findChildren(QWidget)}
    assert {f"{key.name}: {key.short}" for key in KEYS if key.short} <= hints


def test_a_key_does_its_action(qtbot: QtBot) -> None:
    """In the window that it was given to."""
    done: list[str] = []
    window = QWidget()
    qtbot.addWidget(window)
    bind_keys(window, {Command.NOTE: lambda: done.append("note")})
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    QTest.keySequence(window, QKeySequence("F6"))
    assert done == ["note"]
