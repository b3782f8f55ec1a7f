"""The tones: told apart by ear, without clicks, within their bounds; and the files they are kept in."""

from __future__ import annotations

import io
import stat
import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from ui.desk.sound.cache import SoundError, SoundFolder
from ui.desk.sound.tones import LEAST_VOLUME, MOST_VOLUME, PEAK, RATE_HZ, gain, silence, tone
from ui.desk.sound.waiting import Cue

FULL = 32767


def samples(content: bytes) -> NDArray[np.float64]:
    """The samples of a WAV file, of which the form is checked too."""
    with wave.open(io.BytesIO(content)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 2, RATE_HZ)
        return np.frombuffer(sound.readframes(sound.getnframes()), dtype="<i2").astype(np.float64)


def strokes(sound: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """The stretches of sound between stretches of silence of at least 20 ms."""
    window = RATE_HZ // 50
    blocks = sound[: sound.size // window * window].reshape(-1, window)
    loud = np.abs(blocks).max(axis=1) > 0
    edges = np.flatnonzero(np.diff(np.concatenate([[0], loud.astype(int), [0]])))
    return [blocks[begin:end].ravel() for begin, end in edges.reshape(-1, 2)]


def pitch_hz(stroke: NDArray[np.float64]) -> float:
    """The lowest strong component of a stroke."""
    spectrum = np.abs(np.fft.rfft(stroke, 1 << 16))
    return float(np.argmax(spectrum > spectrum.max() * 0.6) * RATE_HZ / (1 << 16))


def test_critical_rises_three_times() -> None:
    """Low, high; low, high; low, high."""
    pitches = [pitch_hz(stroke) for stroke in strokes(samples(tone(Cue.NEW_CRITICAL, 100)))]
    assert len(pitches) == 6
    assert all(
        high / low == pytest.approx(1.5, rel=0.03)
        for low, high in zip(pitches[::2], pitches[1::2], strict=True)
    )


def test_every_cue_has_a_rhythm_and_pitch_of_its_own() -> None:
    """Number of strokes and first pitch tell each from each."""
    known = {
        cue: (len(found := strokes(samples(tone(cue, 100)))), round(pitch_hz(found[0]) / 30)) for cue in Cue
    }
    assert len(set(known.values())) == len(Cue)
    assert known[Cue.FURTHER_FAULT][0] == 3
    assert pitch_hz(strokes(samples(tone(Cue.HEARTBEAT_LOST, 100)))[0]) < 300


@pytest.mark.parametrize("cue", Cue)
def test_a_small_loudspeaker_carries_it(cue: Cue) -> None:
    """At least three components between 500 Hz and 4 kHz within 15 dB of the strongest."""
    spectrum = np.abs(np.fft.rfft(strokes(samples(tone(cue, 100)))[0], 1 << 16))
    hertz = np.arange(spectrum.size) * RATE_HZ / (1 << 16)
    strong = spectrum > spectrum.max() * 10 ** (-15 / 20)
    peaks = (spectrum[1:-1] > spectrum[:-2]) & (spectrum[1:-1] >= spectrum[2:]) & strong[1:-1]
    at_hz = hertz[1:-1][peaks]
    groups = {round(value / 100) for value in at_hz[(at_hz > 500) & (at_hz < 4000)]}
    assert len(groups) >= 3


@pytest.mark.parametrize("cue", Cue)
def test_it_begins_and_ends_softly(cue: Cue) -> None:
    """The first and the last half millisecond of each stroke are nearly silent, so nothing clicks."""
    sound = samples(tone(cue, 100))
    edge = RATE_HZ // 2000
    for stroke in strokes(sound):
        used = stroke[np.flatnonzero(stroke)[0] : np.flatnonzero(stroke)[-1] + 1]
        assert np.abs(used[:edge]).max() < 0.02 * FULL
        assert np.abs(used[-edge:]).max() < 0.02 * FULL
    assert not sound[-RATE_HZ // 20 :].any()


@given(cue=st.sampled_from(Cue), volume=st.integers(-5, 300))
def test_no_volume_is_louder_than_full_or_softer_than_least(cue: Cue, volume: int) -> None:
    """Half of the full scale at most, and always something to hear."""
    peak = np.abs(samples(tone(cue, volume))).max()
    assert peak <= PEAK * FULL + 1
    assert peak >= 0.4 * gain(LEAST_VOLUME) * FULL - 1
    assert gain(LEAST_VOLUME) > 0.01


def test_louder_is_louder_and_high_is_softer_than_critical() -> None:
    """Every step of the slider counts."""
    gains = [gain(volume) for volume in range(LEAST_VOLUME, MOST_VOLUME + 1)]
    assert gains == sorted(set(gains))
    assert (
        np.abs(samples(tone(Cue.NEW_HIGH, 70))).max()
        < 0.5 * np.abs(samples(tone(Cue.NEW_CRITICAL, 70))).max()
    )


def test_the_silence_is_silent() -> None:
    """Nobody is startled by a self-check."""
    quiet = samples(silence(0.05))
    assert quiet.size == RATE_HZ // 20
    assert not quiet.any()


def test_a_file_is_written_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    """Folder 0700, file 0600; another volume is another file; a file that vanished is written again."""
    folder = SoundFolder(tmp_path / "sound")
    file = folder.tone(Cue.NEW_CRITICAL, 70)
    written = file.stat().st_mtime_ns
    assert folder.tone(Cue.NEW_CRITICAL, 70).stat().st_mtime_ns == written
    assert file.read_bytes() == tone(Cue.NEW_CRITICAL, 70)
    assert folder.tone(Cue.NEW_CRITICAL, 80) != file
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    file.unlink()
    assert folder.tone(Cue.NEW_CRITICAL, 70).read_bytes() == tone(Cue.NEW_CRITICAL, 70)
    assert len(list(file.parent.iterdir())) == 2


def test_what_lies_there_from_before_is_not_trusted(tmp_path: Path) -> None:
    """Another version may have written another tone under the name."""
    name = SoundFolder(tmp_path).tone(Cue.NEW_HIGH, 50)
    name.write_bytes(b"old")
    assert SoundFolder(tmp_path).tone(Cue.NEW_HIGH, 50).read_bytes() == tone(Cue.NEW_HIGH, 50)


def test_a_folder_that_cannot_be_is_a_sentence(tmp_path: Path) -> None:
    """A file stands in its place."""
    (tmp_path / "sound").write_text("")
    with pytest.raises(SoundError, match="cannot be written"):
        SoundFolder(tmp_path / "sound").silence()
