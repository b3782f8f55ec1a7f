"""The site file on disk: read whole, or written once as a starter. It knows nothing of its meaning."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from controlroom.errors import ControlroomError
from controlroom.probe import ProbeTypes
from controlroom.site.load import load_site
from controlroom.site.model import Site

_LONGEST = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class LoadedSite:
    """A site as read from its file, and the SHA-256 of the very bytes read."""

    site: Site
    digest: str


def read_site(path: Path, probe_types: ProbeTypes) -> LoadedSite:
    """Read a site file; raise ``SiteError`` with every mistake, or ``ControlroomError`` if unreadable."""
    try:
        with path.open("rb") as file:
            content = file.read(_LONGEST + 1)
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ControlroomError(
            "site-unreadable",
            f"The site file {path} is not UTF-8 text (byte {error.start}).",
            "Save it as UTF-8.",
        ) from error
    except OSError as error:
        raise ControlroomError(
            "site-unreadable",
            f"The site file {path} cannot be read: {error.strerror}.",
            "Name another with --site.",
        ) from error
    return LoadedSite(load_site(text, str(path), probe_types), hashlib.sha256(content).hexdigest())


def write_starter(path: Path, starter: Callable[[], str]) -> bool:
    """Write a starter site where there is no site file yet; return whether one was written.

    It appears whole or not at all, and never replaces a file, whoever made it meanwhile.
    """
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(starter(), encoding="utf-8")
    try:
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True
