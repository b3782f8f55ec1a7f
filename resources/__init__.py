"""Bundled data: examples, themes, fonts. ``path`` finds a file; there is no other code here."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def path(name: str) -> Path:
    """Return the path of a bundled file or folder by its name relative to this package."""
    return Path(str(files(__name__).joinpath(name)))
