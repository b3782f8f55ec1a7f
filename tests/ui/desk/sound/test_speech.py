"""Speech: the real espeak-ng, heard through the real aplay; and words that try to be commands."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.alarms.alarm import ENGINE, Cause, Priority
from tests.ui.desk.sound.recorder import Recorder, real_means
from tests.ui.desk.sound.test_cues import alarm
from tests.ui.desk.sound.test_player import always, program
from ui.desk.sound.announcement import announcement
from ui.desk.sound.cache import SoundError, SoundFolder
from ui.desk.sound.cues import Due
from ui.desk.sound.player import SystemPlayer
from ui.desk.sound.programs import SpeakingProgram
from ui.desk.sound.speech import LONGEST_CHARACTERS, SystemSpeech, at_volume, speakable
from ui.desk.sound.tones import gain, silence
from ui.desk.sound.waiting import Cue


def test_espeak_speaks_through_the_player_at_the_volume(recorder: Recorder) -> None:
    """A second or more of sound; longer words take longer; half the gain is half the peak."""
    means = real_means(recorder.folder / "sound")
    assert means.speech.found()
    assert means.speech.speak("Critical alarm.", 100, always)
    assert means.speech.speak("Critical alarm. Mast North is down.", 50, always)
    (rate_hz, short), (_, long) = recorder.heard()
    assert 0.5 < short.size / rate_hz < long.size / rate_hz < 6
    assert np.abs(short).max() == pytest.approx(gain(100) * 32767, rel=0.01)
    assert np.abs(long).max() == pytest.approx(gain(50) * 32767, rel=0.01)


def test_words_are_given_on_standard_input_alone(tmp_path: Path) -> None:
    """No command line holds them, whatever a site calls an endpoint."""
    path = program(tmp_path, "espeak-ng", f'echo "$@" > {tmp_path}/line; cat > {tmp_path}/words')
    engine = SpeakingProgram(("espeak-ng", "--stdin"))
    speech = SystemSpeech([engine], SystemPlayer([]), SoundFolder(tmp_path), lambda _name: path)
    assert speech.speak("--help $(reboot) [[x]]\x1b<b>\n!-!quit", 70, always)
    assert (tmp_path / "line").read_text() == "--stdin\n"
    assert (tmp_path / "words").read_text() == "--help (reboot) x b - quit\n"


@given(st.text(max_size=3000))
def test_what_is_spoken_is_words_and_short(text: str) -> None:
    """No brackets, no control characters, one line, 200 characters."""
    said = speakable(text)
    assert len(said) <= LONGEST_CHARACTERS
    assert not set(said) & set("[]<>!\\{}$`|*#@")
    assert said.isprintable()
    assert speakable(said) == said


def test_names_in_other_tongues_stay_whole() -> None:
    """Letters are letters."""
    assert speakable("St Anne’s, Łódź – Αθήνα 2") == "St Anne’s, Łódź – Αθήνα 2"


def test_an_engine_that_fails_or_gives_nothing_is_a_sentence(tmp_path: Path) -> None:
    """None of it stops a tone: that has been played before."""
    for text, words in (("exit 2", "failed: exit 2"), ("true", "gave no sound"), ("echo RIFF", "no sound")):
        path = program(tmp_path, "espeak-ng", text)
        engine = SpeakingProgram(("espeak-ng",), gives_wav=True)
        speech = SystemSpeech([engine], SystemPlayer([]), SoundFolder(tmp_path), {"espeak-ng": path}.get)
        with pytest.raises(SoundError, match=words):
            speech.speak("x", 70, always)
    with pytest.raises(SoundError, match="silence"):
        at_volume(silence(0.1), 70)


def test_no_engine_is_known_beforehand(tmp_path: Path) -> None:
    """And speaking all the same is a sentence."""
    speech = SystemSpeech(
        [SpeakingProgram(("espeak-ng",))], SystemPlayer([]), SoundFolder(tmp_path), lambda _: None
    )
    assert not speech.found()
    with pytest.raises(SoundError, match="espeak-ng"):
        speech.speak("x", 70, always)


def test_the_words_of_each_cue() -> None:
    """What, where, and how much more."""
    one = alarm(1)
    assert announcement(Due(Cue.NEW_CRITICAL, one), "Mast North") == "Critical alarm. Mast North is down."
    assert (
        announcement(Due(Cue.FURTHER_FAULT, one, 2), "Mast North")
        == "Further fault. Mast North is down. And 2 more."
    )
    unmeasured = replace(one, cause=Cause.NOT_MEASURED, priority=Priority.HIGH)
    assert announcement(Due(Cue.NEW_HIGH, unmeasured), "Ups 2") == "Alarm. Ups 2 cannot be measured."
    own = replace(one, subject=ENGINE, cause=Cause.OWN_CONNECTION_LOST)
    assert (
        announcement(Due(Cue.NEW_CRITICAL, own), "Monitoring")
        == "Critical alarm. This workstation has lost the network."
    )
    assert announcement(Due(Cue.HEARTBEAT_LOST), "").startswith("Monitoring has stopped.")
