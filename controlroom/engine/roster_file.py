"""The list of operators in a file that only its owner can read (a ``RosterKeeper``). It signs nobody in."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

from controlroom.errors import ControlroomError, EngineError
from controlroom.operators.roster import LARGEST_TEXT, Roster, roster_of, roster_text

FILE: Final = "operators.json"

_MEND: Final = "Put a good copy in its place, or move it away and list the operators anew."


class RosterFile:
    """The list of one data folder."""

    def __init__(self, data_folder: Path) -> None:
        """Name the file; it need not exist."""
        self._path = data_folder / FILE

    def load(self) -> Roster:
        """Return the list; a file that others may touch is no list to trust."""
        flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
        try:
            handle = os.open(self._path, flags)
        except FileNotFoundError:
            return Roster()
        except OSError as error:
            raise self._unusable(f"cannot be read: {error.strerror}", "Check its rights.") from error
        try:
            about = os.fstat(handle)
            if not stat.S_ISREG(about.st_mode) or about.st_uid != os.geteuid() or about.st_mode & 0o077:
                advice = f"Make it a file of this account alone: chmod 600 {self._path}"
                raise self._unusable("can be used by others than this account", advice)
            with os.fdopen(handle, "rb", closefd=False) as file:
                content = file.read(LARGEST_TEXT + 1)
        finally:
            os.close(handle)
        try:
            return roster_of(content.decode("utf-8", "replace"))
        except ControlroomError as error:
            happened = f"{error.happened} File: {self._path}."
            raise EngineError(error.code, happened, _MEND) from error

    def save(self, roster: Roster) -> None:
        """Put a list in the place of the one before."""
        draft = self._path.with_name(f".{FILE}.{os.getpid()}")
        try:
            handle = os.open(
                draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600
            )
            with os.fdopen(handle, "wb") as file:
                file.write(roster_text(roster).encode())
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._path)
        except OSError as error:
            with suppress(OSError):
                draft.unlink()
            raise self._unusable(f"cannot be written: {error.strerror}", "Check folder and space.") from error

    def _unusable(self, what: str, advice: str) -> EngineError:
        return EngineError("roster-unusable", f"The list of operators {self._path} {what}.", advice)
