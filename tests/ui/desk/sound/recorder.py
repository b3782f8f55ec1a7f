"""A real sound system whose sound card is a folder: the real aplay writes there what it would play."""

from __future__ import annotations

import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ui.desk.sound.cache import SoundFolder
from ui.desk.sound.player import SystemPlayer
from ui.desk.sound.programs import PlayingProgram, programs_of
from ui.desk.sound.speech import SystemSpeech
from ui.desk.sound.station import SoundMeans

ALSA = "/usr/share/alsa/alsa.conf"


@dataclass(slots=True)
class Recorder:
    """Plugs a recording sound card in and out, through the configuration that aplay reads."""

    folder: Path
    patch: pytest.MonkeyPatch

    def plug_in(self) -> None:
        """Let every sound be recorded into a file of its own; each has the pace of a null device: none."""
        sounds = self.folder / "heard"
        sounds.mkdir(exist_ok=True)
        config = self.folder / "alsa.conf"
        keep = self.folder / "keep.sh"
        keep.write_text(f"cat > {sounds}/part-$$ && mv {sounds}/part-$$ {sounds}/$(date +%s%N).wav\n")
        config.write_text(
            f'<{ALSA}>\npcm.!default {{ type file slave.pcm {{ type null }} file "|sh {keep}" format wav }}\n'
        )
        self.patch.setenv("ALSA_CONFIG_PATH", str(config))

    def unplug(self) -> None:
        """Leave a machine without a sound card."""
        config = self.folder / "alsa.conf"
        config.write_text(f"<{ALSA}>\npcm.!default {{ type hw card 31 }}\n")
        self.patch.setenv("ALSA_CONFIG_PATH", str(config))

    def heard(self) -> list[tuple[int, NDArray[np.int16]]]:
        """What was played, in order, as rate and samples."""
        return [samples_of(file.read_bytes()) for file in sorted((self.folder / "heard").glob("*.wav"))]

    def loud(self) -> list[NDArray[np.int16]]:
        """What was played and was not silence."""
        return [samples for _, samples in self.heard() if samples.any()]


def samples_of(content: bytes) -> tuple[int, NDArray[np.int16]]:
    """Rate and samples of a WAV file that was written into a pipe: its header knows no length."""
    place = content.index(b"data") + 8
    rate_hz = int.from_bytes(content[24:28], "little")
    channels = int.from_bytes(content[22:24], "little")
    body = content[place : place + (len(content) - place) // 2 * 2]
    return rate_hz, np.frombuffer(body, dtype="<i2")[::channels]


def real_means(folder: Path) -> SoundMeans:
    """The means of a Linux desk, with aplay as the only player: this is the one that can be recorded."""
    files, programs = SoundFolder(folder), programs_of("linux")
    players = [program for program in programs.playing if program.command[0] == "aplay"]
    player = SystemPlayer(players)
    return SoundMeans(player, SystemSpeech(programs.speaking[:1], player, files), files)


def same_sound(one: NDArray[np.int16], file: Path) -> bool:
    """Whether what was heard is what a file holds."""
    with wave.open(str(file), "rb") as sound:
        samples = np.frombuffer(sound.readframes(sound.getnframes()), dtype="<i2")
    return bool(np.array_equal(one[: samples.size], samples)) and one.size >= samples.size


def unheard_means(folder: Path) -> SoundMeans:
    """Means whose player always ends well and makes no sound, for tests that are about something else."""
    files, player = SoundFolder(folder), SystemPlayer([PlayingProgram(("true",))])
    return SoundMeans(player, SystemSpeech([], player, files), files)
