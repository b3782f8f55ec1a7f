"""What a doctor is told of sound: that a moment of it could be played, or why not, and in time."""

from __future__ import annotations

import time
from pathlib import Path

from controlroom.doctor.examine import ANSWERS_WITHIN_S
from controlroom.doctor.sound import check_sound
from controlroom.finding import Finding, Health
from tests.ui.desk.sound.test_station import own_means
from ui.desk.sound.examine import examine_sound

NAMED = check_sound({"aplay": "/usr/bin/aplay"}.get)


def examined(folder: Path, play: str) -> Finding:
    """What is found with a player of the test's own."""
    (found,) = examine_sound(own_means(folder, play), NAMED)
    return found


def test_a_player_that_plays_is_well(tmp_path: Path) -> None:
    """A moment of silence proves it."""
    found = examined(tmp_path, "true")
    assert (found.health, found.code, found.cure) == (Health.OK, "ok", "")
    assert "a moment of silence was played" in found.found


def test_a_player_that_fails_is_trouble_with_its_own_words(tmp_path: Path) -> None:
    """And where to look."""
    found = examined(tmp_path, 'echo "no card" >&2; exit 1')
    assert (found.health, found.code) == (Health.TROUBLE, "no-sound")
    assert found.found == "alarms are silent: player failed: no card (exit 1)."
    assert "Check the sound card" in found.cure


def test_a_player_that_hangs_is_trouble_in_time_and_has_a_cure(tmp_path: Path) -> None:
    """Before the doctor stops waiting for it."""
    began_s = time.monotonic()
    found = examined(tmp_path, "exec sleep 30")
    assert time.monotonic() - began_s < ANSWERS_WITHIN_S
    assert (found.health, found.code) == (Health.TROUBLE, "no-sound")
    assert found.found == "alarms are late or silent: player had not ended after 2 s."
    assert "systemctl --user restart pipewire" in found.cure
