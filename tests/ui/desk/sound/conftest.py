"""A recorder in the place of a sound card."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.desk.sound.recorder import Recorder


@pytest.fixture
def recorder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """A sound card that records, plugged in."""
    made = Recorder(tmp_path, monkeypatch)
    made.plug_in()
    return made
