"""Sounds in a thread of their own: one at a time, the newest wins, each has its end; when to try again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.ui.desk.sound.recorder import Recorder, real_means, same_sound
from tests.ui.desk.sound.test_player import program
from ui.desk.sound.cache import SoundFolder
from ui.desk.sound.health import RECHECK_S, RETRY_S, UNHEARD, SoundHealth
from ui.desk.sound.player import SystemPlayer
from ui.desk.sound.programs import PlayingProgram, SpeakingProgram
from ui.desk.sound.speech import SystemSpeech
from ui.desk.sound.station import SoundEnd, SoundMeans, SoundStation, SpeechFound
from ui.desk.sound.waiting import Cue

Opened = Callable[[SoundMeans], SoundStation]


@pytest.fixture
def opened() -> Iterator[Opened]:
    """Opens stations and ends them."""
    stations: list[SoundStation] = []

    def open_one(means: SoundMeans) -> SoundStation:
        station = SoundStation(means)
        station.start()
        stations.append(station)
        return station

    yield open_one
    for station in stations:
        station.end(5.0)


def ends(station: SoundStation, number: int) -> list[SoundEnd]:
    """The next ends of sounds; what is said of speech is left out."""
    found: list[SoundEnd] = []
    for _ in range(500):
        found += [end for end in station.drain() if isinstance(end, SoundEnd)]
        if len(found) >= number:
            return found
        time.sleep(0.02)
    raise AssertionError(f"only {found}")


def own_means(folder: Path, play: str, speak: str = "cat > /dev/null") -> SoundMeans:
    """Means with programs of the test's own."""
    player = SystemPlayer([PlayingProgram((program(folder, "player", play),))])
    files = SoundFolder(folder / "sound")
    engine = SpeakingProgram((program(folder, "engine", speak),))
    return SoundMeans(player, SystemSpeech([engine], player, files), files)


def test_a_tone_and_then_words(recorder: Recorder, opened: Opened) -> None:
    """Both reach the sound card, in this order."""
    means = real_means(recorder.folder / "sound")
    station = opened(means)
    station.sound("a", Cue.FURTHER_FAULT, 60, "Further fault.")
    assert ends(station, 1) == [SoundEnd("a", played=True)]
    (_, tone), (rate_hz, words) = recorder.heard()
    assert same_sound(tone, means.folder.tone(Cue.FURTHER_FAULT, 60))
    assert words.any()
    assert rate_hz != 44_100


def test_a_check_plays_silence_and_tells_a_missing_card(recorder: Recorder, opened: Opened) -> None:
    """Before any alarm."""
    station = opened(real_means(recorder.folder / "sound"))
    station.check("one", 70)
    assert ends(station, 1) == [SoundEnd("one", played=True)]
    ((_, samples),) = recorder.heard()
    assert not samples.any()
    recorder.unplug()
    station.check("two", 70)
    (end,) = ends(station, 1)
    assert not end.played
    assert "aplay failed" in end.trouble
    assert "sound card" in end.advice


def test_failing_speech_leaves_the_tone(tmp_path: Path, opened: Opened) -> None:
    """The tone has been played; what failed is told apart."""
    station = opened(own_means(tmp_path, "true", "exit 9"))
    station.sound("a", Cue.NEW_HIGH, 60, "Alarm.")
    (end,) = ends(station, 1)
    assert end.played
    assert not end.trouble
    assert "exit 9" in end.speech_trouble


def test_something_new_ends_what_is_playing(tmp_path: Path, opened: Opened) -> None:
    """Within a moment; the sounds between are dropped, and none of that is a failure."""
    slow = f'case "$1" in *heartbeat*) touch {tmp_path}/begun; exec sleep 30;; esac'
    station = opened(own_means(tmp_path, slow))
    station.sound("a", Cue.HEARTBEAT_LOST, 60)
    for _ in range(500):
        if (tmp_path / "begun").exists():
            break
        time.sleep(0.01)
    began_s = time.monotonic()
    station.sound("b", Cue.NEW_HIGH, 60)
    station.sound("c", Cue.NEW_CRITICAL, 60)
    assert ends(station, 3) == [SoundEnd("a", False), SoundEnd("b", False), SoundEnd("c", True)]
    assert time.monotonic() - began_s < 4
    assert not station.busy


def test_stopping_and_ending_do_not_wait_for_the_sound(tmp_path: Path, opened: Opened) -> None:
    """A desk that closes closes."""
    station = opened(own_means(tmp_path, "exec sleep 30"))
    station.sound("a", Cue.NEW_CRITICAL, 60)
    assert station.busy
    began_s = time.monotonic()
    station.stop()
    assert ends(station, 1) == [SoundEnd("a", False)]
    station.sound("b", Cue.NEW_CRITICAL, 60)
    station.end(5.0)
    assert time.monotonic() - began_s < 4


def test_speech_is_looked_for_at_the_start(tmp_path: Path, opened: Opened) -> None:
    """So that the desk knows what to offer."""
    station = opened(own_means(tmp_path, "true"))
    for _ in range(500):
        if found := station.drain():
            break
        time.sleep(0.01)
    assert found == [SpeechFound(True)]


def test_what_was_not_heard_stands_beside_what_is_told_by_programs() -> None:
    """A known trouble comes first, for it says more."""
    health = SoundHealth(unheard=True)
    health.took("", "", 1.0)
    assert health.band()[0] == UNHEARD
    health.took("aplay failed.", "Check the cable.", 2.0)
    assert health.band() == ("aplay failed.", "Check the cable.")
    health.unheard = False
    health.took("", "", 3.0)
    assert health.band() == ("", "")


def test_tries_come_often_while_sound_is_broken_and_seldom_otherwise() -> None:
    """At once at the start; a sound that was played is a try as well."""
    health = SoundHealth()
    assert health.due(5.0)
    assert not health.due(5.2)
    health.took("aplay failed.", "Check the cable.", 6.0)
    assert not health.due(6.0 + RETRY_S - 0.1)
    assert health.due(6.0 + RETRY_S)
    health.took("", "", 70.0)
    assert (health.trouble, health.advice) == ("", "")
    assert not health.due(70.0 + RECHECK_S - 0.1)
    assert health.due(70.0 + RECHECK_S)
