"""Plays a sound file with the system's own player, and knows whether it could. It chooses no sound.

1. A player that exists need not work: each is tried in turn, and the first that ends well is kept.
2. When the one that is kept fails, the others are tried again, so that sound that came back is found.
3. A player that hangs is ended soon after the sound should have been over.
"""

from __future__ import annotations

import shutil
import wave
from collections.abc import Callable, Sequence
from pathlib import Path

from ui.desk.sound.cache import SoundError
from ui.desk.sound.program import Wanted, run
from ui.desk.sound.programs import PACKAGES, PlayingProgram

_PATIENCE_S = 4.0

Which = Callable[[str], str | None]


class SystemPlayer:
    """Plays one file after another. Blocks while it plays: not for the GUI thread."""

    def __init__(self, programs: Sequence[PlayingProgram], which: Which = shutil.which) -> None:
        """Choose among programs; ``which`` finds one by its name."""
        self._programs, self._which = tuple(programs), which
        self._kept: PlayingProgram | None = None

    @property
    def name(self) -> str:
        """The program that worked last; empty while none has."""
        return self._kept.command[0] if self._kept is not None else ""

    def play(self, file: Path, wanted: Wanted) -> bool:
        """Play a WAV file to its end; ``False`` if it was wanted no longer, ``SoundError`` if none can."""
        timeout_s = length_s(file) + _PATIENCE_S
        failures: list[str] = []
        for program in sorted(self._programs, key=lambda program: program is not self._kept):
            path = self._which(program.command[0])
            if path is None:
                continue
            command = (path, *program.line(file)[1:])
            try:
                done = run(command, timeout_s=timeout_s, wanted=wanted, more=program.environment(file))
            except SoundError as error:
                failures.append(error.happened)
                continue
            self._kept = program if done is not None else self._kept
            return done is not None
        self._kept = None
        if not failures:
            advice = f"Install one of the Debian packages {PACKAGES}."
            raise SoundError("no-player", "No sound player was found.", advice)
        raise SoundError(
            "no-sound", " ".join(failures), "Check the sound card, its cable and the sound server."
        )


def length_s(file: Path) -> float:
    """How long a WAV file plays, by its header; raise ``SoundError`` where it is none."""
    try:
        with wave.open(str(file), "rb") as sound:
            return sound.getnframes() / sound.getframerate()
    except (OSError, EOFError, wave.Error) as error:
        raise SoundError("sound-file", f"The sound file {file} cannot be read.") from error
