"""The site file on disk: read whole, or written once as a starter. It knows nothing of its meaning."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from controlroom.errors import EngineError
from controlroom.probe import ProbeTypes
from controlroom.site.load import LARGEST_FILE_BYTES, load_site
from controlroom.site.mistakes import Mistake, SiteError
from controlroom.site.model import Site
from controlroom.site.profile import NO_PROFILES, Profiles


@dataclass(frozen=True, slots=True)
class LoadedSite:
    """A site as read from its file, its text, and the SHA-256 of the very bytes read."""

    site: Site
    digest: str
    text: str = ""


def read_site(path: Path, probe_types: ProbeTypes, profiles: Profiles = NO_PROFILES) -> LoadedSite:
    """Read a site file; raise ``SiteError`` with every mistake, or with the one that it is unreadable."""
    content = _content_of(path)
    text = _text_of(path, content)
    site = load_site(text, str(path), probe_types, profiles)
    return LoadedSite(site, hashlib.sha256(content).hexdigest(), text)


def read_site_text(path: Path) -> str:
    """Read a site file's text as it stands, a mark at its beginning included; raise ``SiteError``."""
    return _text_of(path, _content_of(path))


def _content_of(path: Path) -> bytes:
    """Read no more than a site file may have, and the one byte that shows that it is too large."""
    try:
        with open(path, "rb", opener=_open_without_waiting) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise _unreadable(path, 1, "This is no regular file.", "Name a file, not a pipe or a device.")
            return file.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        advice = "Check its name, and that you may read it."
        raise _unreadable(path, 1, f"The file cannot be read: {reason}.", advice) from error
    except ValueError as error:
        raise _unreadable(path, 1, "This is no usable file name.", "Check its name.") from error


def _open_without_waiting(path: str, flags: int) -> int:
    """Open a file; a pipe that nobody writes to would otherwise be waited for."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))


def _text_of(path: Path, content: bytes) -> str:
    try:
        # The end of a file that is too large may be half a character: the size alone is complained of.
        return content.decode("utf-8", "strict" if len(content) <= LARGEST_FILE_BYTES else "replace")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _unreadable(path, line, "The file is not UTF-8 text.", "Save it as UTF-8.") from error


def _unreadable(path: Path, line: int, happened: str, advice: str) -> SiteError:
    return SiteError(str(path), [Mistake("site-unreadable", str(path), line, "", happened, None, advice)])


def write_starter(path: Path, starter: Callable[[], str]) -> bool:
    """Write a starter site where there is no site file yet; return whether one was written.

    It appears whole or not at all, and never replaces a file, whoever made it meanwhile. Raise
    ``EngineError`` where it cannot be written.
    """
    if path.exists():
        return False
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(starter(), encoding="utf-8")
        os.link(draft, path)
    except OSError as error:
        if path.exists():
            return False
        raise EngineError(
            "starter-unwritten",
            f"The starter site {path} cannot be written: {error.strerror or type(error).__name__}.",
            "Check the folder, its rights and its space, or name a site file with --site.",
        ) from error
    finally:
        with suppress(OSError):  # what could not even be made
            draft.unlink()
    return True
