"""The last texts that a site file had, each in a file of its own beside a record of who wrote it and when.

1. The numbers only grow; the oldest goes when there are more than are kept.
2. The text is there before its record, and a version without a readable record is none: a crash between
   the two leaves what was kept before.
3. Only its owner can read it. Texts hold references to secrets, never a secret.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from controlroom.errors import EngineError
from controlroom.site.keeping import VERSIONS_KEPT, SiteVersion

FOLDER: Final = "site-versions"
_RECORD: Final = re.compile(r"(\d{6,12})\.json")
_LARGEST_RECORD: Final = 8192


class SiteVersions:
    """The versions kept in one data folder."""

    def __init__(self, data_folder: Path) -> None:
        """Name the folder; nothing is made before there is a version."""
        self._folder = data_folder / FOLDER

    def keep(self, text: str, *, at_utc_s: float, operator: str, what: str) -> None:
        """Keep a text, unless it is the newest already; raise ``EngineError`` where it cannot be kept."""
        content = text.encode()
        digest = hashlib.sha256(content).hexdigest()
        kept = self.all()
        if kept and kept[0].digest == digest:
            return
        number = kept[0].number + 1 if kept else 1
        record = {"at_utc_s": at_utc_s, "digest": digest, "operator": operator[:200], "what": what[:400]}
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(self._folder / f"{number:06d}.toml", content)
            _write(self._folder / f"{number:06d}.json", json.dumps(record).encode())
        except OSError as error:
            raise EngineError(
                "versions-unwritable",
                f"The versions of the site file cannot be kept in {self._folder}: {error.strerror}.",
                "Check the folder, its rights and its space.",
            ) from error
        for old in self.all()[VERSIONS_KEPT:]:
            self._forget(old.number)

    def all(self) -> Sequence[SiteVersion]:
        """Return what is kept, newest first; damaged and foreign files are passed over."""
        try:
            names = os.listdir(self._folder)
        except FileNotFoundError:
            return ()
        numbers = sorted(
            (int(match[1]) for name in names if (match := _RECORD.fullmatch(name))), reverse=True
        )
        found = (self._record(number) for number in numbers)
        return tuple(version for version in found if version is not None)

    def text(self, number: int) -> str:
        """Return a version's text; raise ``EngineError`` where it is no longer there."""
        try:
            return (self._folder / f"{number:06d}.toml").read_bytes().decode()
        except (OSError, UnicodeDecodeError) as error:
            raise EngineError(
                "no-such-version", f"Version {number} of the site file is no longer kept.", "Choose another."
            ) from error

    def _record(self, number: int) -> SiteVersion | None:
        try:
            raw = (self._folder / f"{number:06d}.json").read_bytes()[:_LARGEST_RECORD]
            found = json.loads(raw)
            if not (self._folder / f"{number:06d}.toml").is_file():
                return None
            return SiteVersion(
                number,
                float(found["at_utc_s"]),
                str(found["digest"]),
                str(found["operator"]),
                str(found["what"]),
            )
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def _forget(self, number: int) -> None:
        for ending in ("json", "toml"):
            with suppress(OSError):  # it is tried again with the next version
                (self._folder / f"{number:06d}.{ending}").unlink()


def _write(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW
    handle = os.open(draft, flags, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        with suppress(OSError):
            draft.unlink()
        raise
