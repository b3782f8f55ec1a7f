"""The sound files of one desk, in a folder that its owner alone can read. It makes no sound.

Rules
1. The tones are written ahead, while the disk has room: what sounds when it is full must be there already.
2. Where a tone cannot be written at the volume that is wanted, one at another volume is better than silence.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from controlroom.errors import ControlroomError
from ui.desk.sound.tones import silence, tone
from ui.desk.sound.waiting import Cue

CHECK_S = 0.05
"""How long the silence is that a self-check plays."""


class SoundError(ControlroomError):
    """Something could not be made heard; what happened fits on one line of the screen."""


class SoundFolder:
    """Writes each sound once and gives its path. Blocks on the disk: not for the GUI thread."""

    def __init__(self, folder: Path) -> None:
        """Use a folder, which need not exist."""
        self._folder = folder
        self._written: dict[str, Path] = {}

    def tone(self, cue: Cue, volume_percent: int) -> Path:
        """Return the file of a cue's tone at a volume."""
        name = f"{cue.name.lower()}-{volume_percent:03}.wav"
        known = self._known(name)
        if known is not None:
            return known
        try:
            return self.keep(name, tone(cue, volume_percent))
        except SoundError:
            other = self._at_another_volume(cue)
            if other is None:
                raise
            return other

    def ready(self, volume_percent: int) -> Path:
        """Write every tone at a volume (rule 1), and return the file of a short silence."""
        for cue in Cue:
            self.tone(cue, volume_percent)
        return self.silence()

    def silence(self) -> Path:
        """Return the file of a short silence."""
        return self._known("silence.wav") or self.keep("silence.wav", silence(CHECK_S))

    def keep(self, name: str, content: bytes) -> Path:
        """Write a file whole under a name of ours; raise ``SoundError`` where that cannot be."""
        path = self._folder / name
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._folder.chmod(0o700)
            descriptor, part = tempfile.mkstemp(dir=self._folder, suffix=".part")  # for its owner alone
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            Path(part).replace(path)
        except OSError as error:
            what = f"The sound file {path} cannot be written: {error.strerror}."
            raise SoundError(
                "sound-file", what, "Make room on the disk, or give the right to write."
            ) from error
        self._written[name] = path
        return path

    def _at_another_volume(self, cue: Cue) -> Path | None:
        written = (name for name in reversed(self._written) if name.startswith(f"{cue.name.lower()}-"))
        return next((path for name in written if (path := self._known(name)) is not None), None)

    def _known(self, name: str) -> Path | None:
        path = self._written.get(name)
        return path if path is not None and path.is_file() else None
