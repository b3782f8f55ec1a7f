"""Speaks words with the system's own engine. It decides neither when nor what.

1. Words reach the engine on its standard input, never on a command line.
2. They are plain: letters, digits and the signs of a sentence. Brackets, exclamation marks and control
   characters would be commands to one engine or another.
3. They are short: what takes longer to say than to read stands on screen.
"""

from __future__ import annotations

import io
import shutil
import unicodedata
import wave
from collections.abc import Sequence
from typing import Final

import numpy as np

from ui.desk.sound.cache import SoundError, SoundFolder
from ui.desk.sound.player import SystemPlayer, Which
from ui.desk.sound.program import Wanted, run
from ui.desk.sound.programs import SpeakingProgram
from ui.desk.sound.tones import gain, wav

LONGEST_CHARACTERS: Final = 200
_TIMEOUT_S: Final = 5.0
_SPOKEN_TIMEOUT_S: Final = 30.0
_LONGEST_WAV: Final = 4_000_000
_FILE: Final = "speech.wav"
_SIGNS: Final = frozenset(" .,;:'’-–%/&+()")


class SystemSpeech:
    """Speaks through the first engine that is installed. Blocks while it speaks: not for the GUI thread."""

    def __init__(
        self,
        programs: Sequence[SpeakingProgram],
        player: SystemPlayer,
        folder: SoundFolder,
        which: Which = shutil.which,
    ) -> None:
        """Choose among programs; what comes back as a sound file goes through the player."""
        self._programs, self._player, self._folder, self._which = tuple(programs), player, folder, which

    def found(self) -> bool:
        """Whether there is an engine."""
        return any(self._which(program.command[0]) is not None for program in self._programs)

    def speak(self, words: str, volume_percent: int, wanted: Wanted) -> bool:
        """Speak to the end; ``False`` if it was wanted no longer. Raise ``SoundError`` if it cannot be."""
        for program in self._programs:
            path = self._which(program.command[0])
            if path is not None:
                given = (speakable(words) + "\n").encode()
                timeout_s = _TIMEOUT_S if program.gives_wav else _SPOKEN_TIMEOUT_S
                said = run((path, *program.command[1:]), given=given, timeout_s=timeout_s, wanted=wanted)
                if said is None or not program.gives_wav:
                    return said is not None
                file = self._folder.keep(_FILE, at_volume(said, volume_percent))
                return self._player.play(file, wanted)
        raise SoundError("no-speech", "No speech engine was found.", "Install the Debian package espeak-ng.")


def speakable(words: str) -> str:
    """Return words with nothing in them but words (rules 2, 3)."""
    composed = unicodedata.normalize("NFC", words[: 4 * LONGEST_CHARACTERS])
    kept = "".join(sign if sign.isalnum() or sign in _SIGNS else " " for sign in composed)
    return " ".join(kept.split())[:LONGEST_CHARACTERS].strip()


def at_volume(said: bytes, volume_percent: int) -> bytes:
    """Return an engine's WAV file at a volume. Its header may lie about the length: it was written first."""
    try:
        with wave.open(io.BytesIO(said[:_LONGEST_WAV]), "rb") as sound:
            if (sound.getnchannels(), sound.getsampwidth()) != (1, 2):
                raise SoundError("speech-format", "The speech engine gave sound of an unknown kind.")
            rate_hz, frames = sound.getframerate(), sound.readframes(_LONGEST_WAV)
    except (EOFError, wave.Error) as error:
        raise SoundError("speech-format", "The speech engine gave no sound.") from error
    samples = np.frombuffer(frames[: len(frames) // 2 * 2], dtype="<i2").astype(np.float64)
    if not samples.any():
        raise SoundError("speech-format", "The speech engine gave silence.")
    return wav(samples / np.abs(samples).max() * gain(volume_percent), rate_hz)
