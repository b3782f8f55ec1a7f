"""The profiles that come with the program, read from the folder that they lie in. It judges no link.

A file that is no profile is a mistake of the program: it is refused with its name and what is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from controlroom.errors import ControlroomError
from controlroom.site.profile import Profile, read_profile


def read_profiles(folder: Path) -> Mapping[str, Profile]:
    """Return all profiles of a folder by their ids, in order of their titles; raise ``ControlroomError``."""
    found = [_read(file) for file in sorted(folder.glob("*.toml"))]
    return {each.id: each for each in sorted(found, key=lambda each: each.title.casefold())}


def _read(file: Path) -> Profile:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ControlroomError(
            "profile-bad", f"{file.name} cannot be read: {error}", "Install the program again."
        ) from error
    return read_profile(text, file.stem)
