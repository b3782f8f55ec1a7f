"""Plays a sound file with the system's own player, and knows whether it could. It chooses no sound.

1. A player that exists need not work: each is tried in turn, and the first that ends well is kept.
2. When the one that is kept fails, the others are tried again, so that sound that came back is found.
3. A player that hangs is ended soon after the sound should have been over, and the next one is tried. It
   is tried last from then on, until it has played again: the next alarm is not to wait for it.
4. A sound that is wanted no longer is broken off. If it should have been over by then, its player hangs,
   and that is a failure like any other.
"""

from __future__ import annotations

import shutil
import wave
from collections.abc import Callable, Sequence
from pathlib import Path

from ui.desk.sound.cache import SoundError
from ui.desk.sound.program import HANGS, Wanted, run
from ui.desk.sound.programs import PACKAGES, PlayingProgram

_DUE_S = 1.5
"""How long after its sound a player that works may end: sound servers begin late and play out a buffer."""

_PATIENCE_S = 3.0

_CURE_OF_HANGING = "Restart the sound server: systemctl --user restart pipewire pipewire-pulse wireplumber"

Which = Callable[[str], str | None]


class SystemPlayer:
    """Plays one file after another. Blocks while it plays: not for the GUI thread."""

    def __init__(self, programs: Sequence[PlayingProgram], which: Which = shutil.which) -> None:
        """Choose among programs; ``which`` finds one by its name."""
        self._programs, self._which = tuple(programs), which
        self._kept: PlayingProgram | None = None
        self._hung: set[PlayingProgram] = set()

    @property
    def name(self) -> str:
        """The program that worked last; empty while none has."""
        return self._kept.command[0] if self._kept is not None else ""

    def play(self, file: Path, wanted: Wanted) -> bool:
        """Play a WAV file to its end; ``False`` if it was wanted no longer, ``SoundError`` if none can."""
        sound_s = length_s(file)
        failures: list[str] = []
        hangs = False
        for program in sorted(self._programs, key=self._rank):
            path = self._which(program.command[0])
            if path is None:
                continue
            try:
                return self._run(program, path, file, sound_s, wanted)
            except SoundError as error:
                failures.append(error.happened)
                hangs = hangs or error.code == HANGS
                if error.code == HANGS and not wanted():
                    break
        self._kept = None
        if not failures:
            advice = f"Install one of the Debian packages {PACKAGES}."
            raise SoundError("no-player", "No sound player was found.", advice)
        if hangs:
            raise SoundError(HANGS, " ".join(failures), _CURE_OF_HANGING)
        raise SoundError(
            "no-sound", " ".join(failures), "Check the sound card, its cable and the sound server."
        )

    def _rank(self, program: PlayingProgram) -> tuple[bool, bool]:
        return (program in self._hung, program is not self._kept)

    def _run(self, program: PlayingProgram, path: str, file: Path, sound_s: float, wanted: Wanted) -> bool:
        """Play with one program, and remember whether it works, or hangs (rules 1, 3)."""
        try:
            done = run(
                (path, *program.line(file)[1:]),
                timeout_s=sound_s + _PATIENCE_S,
                due_s=sound_s + _DUE_S,
                wanted=wanted,
                more=program.environment(file),
            )
        except SoundError as error:
            if error.code == HANGS:
                self._hung.add(program)
            raise
        if done is None:
            return False
        self._kept = program
        self._hung.discard(program)
        return True


def length_s(file: Path) -> float:
    """How long a WAV file plays, by its header; raise ``SoundError`` where it is none."""
    try:
        with wave.open(str(file), "rb") as sound:
            return sound.getnframes() / sound.getframerate()
    except (OSError, EOFError, wave.Error) as error:
        raise SoundError("sound-file", f"The sound file {file} cannot be read.") from error
