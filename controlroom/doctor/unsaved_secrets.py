"""Whether a test that was killed left a secret behind that nobody saved. It shows none and wipes none."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from controlroom.engine.lent_secrets import LentSecrets
from controlroom.engine.secret_files import FOLDER
from controlroom.finding import Finding, Health

UNSAVED: Final = ("unsaved-secrets", "Unsaved secrets")
_MOST_NAMED: Final = 10


def check_unsaved_secrets(data_folder: Path) -> list[Finding]:
    """Look for files that the form's *Test now* lends secrets by."""
    found = LentSecrets(data_folder).look()
    if any(path.name == FOLDER for path in found.closed):
        said = f"{found.closed[0]} cannot be looked into by this account"
        return [Finding(*UNSAVED, Health.UNKNOWN, "folder-closed", said, "Run the doctor as its owner.")]
    if found.closed:
        return [_closed(found.closed)]
    if found.left:
        said = (
            f"{_files(found.left)} in {found.left[0].parent} with a secret that was typed into the form and"
            " not saved; the desk was killed while it tested"
        )
        cure = (
            f"Start the desk or the engine: each wipes them as it starts.\nOr at once: {_shred(found.left)}"
        )
        return [Finding(*UNSAVED, Health.TROUBLE, "secrets-left-behind", said, cure)]
    if found.in_use:
        return [
            Finding(*UNSAVED, Health.OK, "in-use", f"{_files(found.in_use)} lent to a test that runs now")
        ]
    return [Finding(*UNSAVED, Health.OK, "ok", "none left behind")]


def _closed(paths: Sequence[Path]) -> Finding:
    said = (
        f"{_files(paths)} in {paths[0].parent} with a secret that was typed into the form and not saved;"
        " this account may not wipe them"
    )
    ours = all(path.lstat().st_uid == os.geteuid() for path in paths if os.path.lexists(path))
    cure = f"If no test runs: {'' if ours else 'sudo '}{_shred(paths)}"
    return Finding(*UNSAVED, Health.TROUBLE, "secrets-out-of-reach", said, cure)


def _files(paths: Sequence[Path]) -> str:
    return f"{len(paths)} file{'' if len(paths) == 1 else 's'}"


def _shred(paths: Sequence[Path]) -> str:
    return f"shred -fu -- {' '.join(shlex.quote(str(path)) for path in paths[:_MOST_NAMED])}"
