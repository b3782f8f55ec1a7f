"""Whether files of the store were set aside, as damaged ones are. It opens none of them."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from controlroom.finding import Finding, Health
from controlroom.report.figures import value_text
from controlroom.store.folder import DataFolder
from controlroom.store.sqlite.set_aside import files_set_aside

SET_ASIDE: Final = ("set-aside", "Files set aside")
_MOST_NAMED: Final = 5


def check_set_aside(folder: DataFolder) -> list[Finding]:
    """Name the files that were set aside, their size, and what to do about them."""
    try:
        found = [*files_set_aside(folder.path), *files_set_aside(folder.history)]
        size = sum(path.stat().st_size for path in found)
    except OSError as error:
        said = f"{folder.path} cannot be looked at: {error.strerror}"
        return [
            Finding(*SET_ASIDE, Health.UNKNOWN, "unreadable", said, "See what is said of the data folder.")
        ]
    if not found:
        return [Finding(*SET_ASIDE, Health.OK, "none", "Nothing was set aside")]
    files = "file was" if len(found) == 1 else "files were"
    said = f"{len(found)} {files} set aside ({value_text(float(size), 'B')}): {_named(folder.path, found)}"
    cure = (
        "The event log tells of each when and why, and what was lost. Check the disk. Retention does not drop"
        " them: once nobody needs them as evidence, move them to another disk, or remove them:\n"
        f"cd {shlex.quote(str(folder.path))} && rm {' '.join(_shown(folder.path, found))}"
    )
    return [Finding(*SET_ASIDE, Health.TROUBLE, "set-aside", said, cure)]


def _named(place: Path, found: Sequence[Path]) -> str:
    more = len(found) - _MOST_NAMED
    named = ", ".join(str(path.relative_to(place)) for path in found[:_MOST_NAMED])
    return f"{named} in {place}" if more <= 0 else f"{named} and {more} more in {place}"


def _shown(place: Path, found: Sequence[Path]) -> list[str]:
    """Return the files with their logs, as a command takes them."""
    beside = (path.with_name(path.name + suffix) for path in found for suffix in ("", "-wal", "-shm"))
    return [shlex.quote(str(path.relative_to(place))) for path in beside if path.exists()]
