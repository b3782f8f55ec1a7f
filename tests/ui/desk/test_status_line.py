"""The line at the bottom tells what ails the monitoring itself."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from controlroom.store.interface import Heartbeat
from ui.desk.status_line import StatusLine
from ui.desk.theme import Theme, load_fonts


@pytest.mark.parametrize(
    ("failing", "never", "said"),
    [
        (0.0, 0.0, ""),
        (1.0, 0.0, "1 name not resolved, asked at the last address"),
        (1.0, 1.0, "1 name not resolved, not asked"),
        (3.0, 2.0, "3 names not resolved, 1 of them asked at the last address"),
    ],
)
def test_names_that_are_not_resolved_are_told(qtbot: QtBot, failing: float, never: float, said: str) -> None:
    """First of all, so that a narrow window does not cut it off; nothing while all is well."""
    line = StatusLine(Theme("dark", load_fonts()))
    qtbot.addWidget(line)
    line.show_health(
        Heartbeat(1, 1000.0, {"names_failing": failing, "names_never_found": never}, None), "", 2.0
    )
    assert line.words.text().startswith(said or "Probes 2.0/s")
