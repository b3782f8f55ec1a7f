"""A recording becomes a script at its own pace, with its losses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lab.recording import RECORDED, RECORDINGS, Recording, missing_recordings

_ROWS = """sent,operator,rtt_ms
2023-05-13T14:19:31.600Z,one,30
2023-05-13T14:19:31.700Z,two,5
2023-05-13T14:19:31.800Z,one,
,one,
2023-05-13T14:19:32.200Z,one,19.8
2023-05-13T14:29:32.000Z,one,21
2023-05-13T14:29:32.200Z,one,22
"""


def test_a_recording_is_read_with_pace_and_losses(tmp_path: Path) -> None:
    """One operator's pings in order, a pause left out, what was lost lost."""
    (tmp_path / "drive.csv").write_text(_ROWS)
    script = Recording("one", "One", "drive.csv", "sent", "one").script(tmp_path)
    assert script.replay_s == (0.030, None, None, 0.0198, 0.021, 0.022)
    assert script.replay_step_s == 0.3


def test_missing_recordings_are_said(tmp_path: Path) -> None:
    """Nothing is made up in their place."""
    assert "CONTROLROOM_DATA" in (missing_recordings(tmp_path) or "")


@pytest.mark.skipif(missing_recordings() is not None, reason=missing_recordings() or "")
def test_the_real_recordings_are_links() -> None:
    """Thousands of pings each, some lost on the satellite link, at five to twenty a second."""
    for recording in RECORDED:
        script = recording.script(RECORDINGS)
        assert len(script.replay_s) > 1000
        assert 0.04 <= script.replay_step_s <= 0.25
        assert all(rtt_s is None or rtt_s > 0 for rtt_s in script.replay_s)
    starlink = next(each for each in RECORDED if each.id == "starlink").script(RECORDINGS)
    assert 1000 < starlink.replay_s.count(None) < 1500
