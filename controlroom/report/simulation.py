"""How an export of invented readings is marked: a column, and the name of its file. It writes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Final

COLUMN: Final = "simulated"
"""The last column of every export of a simulated site, ``true`` in each row; real exports have none."""

_MARK: Final = "SIMULATED"


def marked_path(path: Path, *, simulated: bool) -> Path:
    """Return the path to write an export to: where it is simulated, its name says so.

    A name that says it already, in whatever case, is left as it is.
    """
    if not simulated or _MARK.lower() in path.name.lower():
        return path
    return path.with_name(f"{_MARK}-{path.name}")
