"""Who is at the machine: the operating system's account. It signs nobody in."""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping
from pathlib import Path


def operator_name() -> str:
    """Return the account's name, or its number where it has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


def owner_of(path: Path) -> str:
    """Return the account that a file belongs to; empty where it cannot be told."""
    try:
        return path.owner()
    except (KeyError, OSError, NotImplementedError):
        return ""


def is_root() -> bool:
    """Whether this process may do everything on this machine."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def raised_to_root(environment: Mapping[str, str]) -> bool:
    """Whether root was reached by sudo from an ordinary account, which could run the window itself."""
    return environment.get("SUDO_UID", "0") not in ("", "0")
