"""Sound files are there before they are needed, also on a disk that has filled up since."""

from __future__ import annotations

from pathlib import Path

import pytest

from ui.desk.sound.cache import SoundError, SoundFolder
from ui.desk.sound.waiting import Cue


def filled_up(folder: SoundFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing more be written."""

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ui.desk.sound.cache.tempfile.mkstemp", full)


def test_every_tone_is_written_ahead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After it was made ready, each cue sounds though nothing can be written any more."""
    folder = SoundFolder(tmp_path / "sounds")
    assert folder.ready(70).is_file()
    filled_up(folder, monkeypatch)
    for cue in Cue:
        assert folder.tone(cue, 70).is_file()


def test_another_volume_is_better_than_silence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest one that there is."""
    folder = SoundFolder(tmp_path / "sounds")
    folder.ready(30)
    folder.ready(80)
    filled_up(folder, monkeypatch)
    assert folder.tone(Cue.HEARTBEAT_LOST, 55) == folder.tone(Cue.HEARTBEAT_LOST, 80)


def test_with_none_at_all_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What happened, where, and what to do."""
    folder = SoundFolder(tmp_path / "sounds")
    filled_up(folder, monkeypatch)
    with pytest.raises(SoundError, match="No space left on device"):
        folder.ready(70)
