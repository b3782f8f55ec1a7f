"""An editor on a real data folder, in the hands of somebody who may configure."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from controlroom.engine.site_keeper import FileSiteKeeper
from controlroom.engine.trial import TrialProcess
from controlroom.operators.role import Role
from controlroom.site.form import metrics_of, site_form
from controlroom.site.keeping import Author
from probes.registry import PROBE_TYPES
from ui.desk.duty import Duty, OnDuty
from ui.desk.site_editor.dialog import EditorDialog
from ui.desk.site_editor.difference_dialog import DifferenceDialog
from ui.desk.site_editor.field_editors import LineEditor
from ui.desk.site_editor.leader import SiteEditor
from ui.desk.site_editor.means import SiteEditing
from ui.desk.theme import Theme, load_fonts

MAIN = Path(__file__).parents[4] / "main.py"
HUSH = "correct horse battery staple"
SITE = """# the room
name = "Room"
[own_connectivity]
anchors = ["core"]

# in the cellar
[[endpoints]]
id = "core"
name = "Core router" # by the door
kind = "infrastructure"
address = "127.0.0.1"
probes = [{ type = "icmp" }]

[[endpoints]]
id = "mast"
name = "Mast"
kind = "radio-gateway"
address = "127.0.0.2"
[[endpoints.probes]]
type = "icmp"
period_s = 2

[[services]]
id = "voice"
name = "Voice"
needs = "p"
paths = [{ id = "p", endpoints = ["mast"] }]
"""


@dataclass
class Bench:
    """An editor on a data folder, and what it asked of the engine."""

    editor: SiteEditor
    folder: Path
    duty: Duty
    qtbot: QtBot
    reloads: list[str] = field(default_factory=list)

    @property
    def dialog(self) -> EditorDialog:
        """The open window."""
        assert self.editor.dialog is not None
        return self.editor.dialog

    @property
    def text(self) -> str:
        """The site file as it is now."""
        return (self.folder / "site.toml").read_text()

    def open(self, endpoint_id: str = "", new: bool = False) -> None:
        """Open the window and wait for the file."""
        self.editor.open(endpoint_id, new)
        self.wait(lambda: self.dialog.list.count() > 0 and bool(self.dialog.form.sections))

    def wait(self, what: Callable[[], bool]) -> None:
        """Let the window live until something is so."""
        self.qtbot.waitUntil(what, timeout=15_000)

    def type(self, key: str, words: str) -> None:
        """Type into one of the endpoint's lines, over what stands there."""
        editor = self.dialog.form.fields.editors[key]
        assert isinstance(editor, LineEditor)
        self.type_into(editor.line, words)

    def type_into(self, line: QLineEdit, words: str) -> None:
        """Type over what stands in a line."""
        line.selectAll()
        QTest.keyClicks(line, words)

    def line(self, key: str, section: int = 0) -> QLineEdit:
        """A line of a probe's."""
        fields = self.dialog.form.sections[section].fields
        assert fields is not None
        editor = fields.editors[key]
        assert isinstance(editor, LineEditor)
        return editor.line

    def press(self, button: QPushButton) -> None:
        """Click a button once it is shown and in its place."""
        self.wait(button.isVisible)
        QApplication.processEvents()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def save(self) -> None:
        """Save and wait until the engine has been asked to load it."""
        before = len(self.reloads)
        self.press(self.dialog.save)
        self.wait(lambda: len(self.reloads) > before)

    def runs_the_file(self) -> None:
        """Let the engine run the file as it is."""
        self.editor.know_running(self.editor._means.keeper.digest(), ZoneInfo("UTC"))

    def other_desk(self, before: str, after: str) -> str:
        """Let another desk save a change, and the engine take it; return the text."""
        keeper = FileSiteKeeper(self.folder / "site.toml", self.folder, PROBE_TYPES, time.time)
        disk = keeper.read()
        assert before in disk.text
        text = disk.text.replace(before, after)
        keeper.save(text, expected_digest=disk.digest, by=Author("Bob (ops2)", "configure"))
        self.runs_the_file()
        return text

    def difference(self) -> DifferenceDialog:
        """The difference that is shown, once it is."""
        self.wait(
            lambda: self.editor.offers.difference is not None and self.editor.offers.difference.isVisible()
        )
        assert self.editor.offers.difference is not None
        return self.editor.offers.difference


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    """An editor in the hands of somebody who may configure."""
    (tmp_path / "site.toml").write_text(SITE)
    window = QWidget()
    window.resize(1280, 720)
    qtbot.addWidget(window)
    window.show()
    duty = Duty(OnDuty("ops1", "Ann Lee", Role.CONFIGURE))
    reloads: list[str] = []

    def reload(note: str) -> str:
        reloads.append(note)
        return f"act-{len(reloads)}"

    keeper = FileSiteKeeper(tmp_path / "site.toml", tmp_path, PROBE_TYPES, time.time)
    trials = TrialProcess([sys.executable, str(MAIN), "trial", "--data", str(tmp_path)])
    means = SiteEditing(keeper, site_form(PROBE_TYPES), trials, partial(metrics_of, PROBE_TYPES))
    editor = SiteEditor(means, Theme("dark", load_fonts()), window, duty, reload)
    editor.start()
    bench = Bench(editor, tmp_path, duty, qtbot, reloads)
    yield bench
    if editor.dialog is not None:
        editor.dialog.form.edited = False
        editor.dialog.close()
    editor.end(5.0)
