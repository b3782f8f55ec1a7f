"""The last texts that a site file had, each in a file of its own beside a record of who wrote it and when.

1. The numbers only grow; the oldest goes when there are more than are kept.
2. The text is there before its record, and a version without a readable record is none: a crash between
   the two leaves what was kept before.
3. Only its owner can read it. Texts hold references to secrets, never a secret.
4. Desk and engine may keep a text at the same moment: a number is taken by whoever made its file first.
5. A record of an older program lacks what was not recorded then; its text can be had like any other.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from controlroom.engine import owner_only_file
from controlroom.errors import EngineError
from controlroom.site.change_words import change_words
from controlroom.site.keeping import VERSIONS_KEPT, Author, SiteVersion
from controlroom.site.model import Site

FOLDER: Final = "site-versions"
_RECORD: Final = re.compile(r"(\d{6,12})\.json")
_LARGEST_RECORD: Final = 8192
_FIRST: Final = "The first text that was kept"
_LONGEST_WHO: Final = 200
_LONGEST_WHAT: Final = 400


class SiteVersions:
    """The versions kept in one data folder."""

    def __init__(self, data_folder: Path, site_of: Callable[[str], Site | None]) -> None:
        """Name the folder; nothing is made before there is a version. ``site_of`` reads a text."""
        self._folder = data_folder / FOLDER
        self._site_of = site_of

    def keep(self, text: str, *, at_utc_s: float, by: Author, lead: str = "") -> None:
        """Keep a text and what it changed, unless it is the newest; raise ``EngineError`` if that fails."""
        content = text.encode()
        digest, kept = hashlib.sha256(content).hexdigest(), self.all()
        try:
            if kept and kept[0].digest == digest:
                self._learn(kept[0], by, lead)
                return
            what = self._what(kept[0] if kept else None, text, lead)
            version = SiteVersion(kept[0].number + 1 if kept else 1, at_utc_s, digest, by, what)
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._write_record(replace(version, number=self._write_text(version.number, content)))
        except OSError as error:
            raise EngineError(
                "versions-unwritable",
                f"The versions of the site file cannot be kept in {self._folder}: {error.strerror}.",
                "Check the folder, its rights and its space.",
            ) from error
        for old in self.all()[VERSIONS_KEPT:]:
            self._forget(old.number)

    def found_by(self, account: str) -> Author:
        """Name the author of a text that was found in the file: from outside, unless nothing was kept yet."""
        return Author(outside=True, account=account) if self.all() else Author()

    def all(self) -> Sequence[SiteVersion]:
        """Return what is kept, newest first; damaged and foreign files are passed over."""
        try:
            names = os.listdir(self._folder)
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise EngineError(
                "versions-unreadable",
                f"The versions of the site file cannot be kept in {self._folder}: {error.strerror}.",
                "Check the folder and its rights.",
            ) from error
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

    def _what(self, before: SiteVersion | None, text: str, lead: str) -> str:
        if before is None:
            return lead or _FIRST
        try:
            words = change_words(self._site_of(self.text(before.number)), self._site_of(text))
        except EngineError:  # the text before it has just gone
            return lead or _FIRST
        return f"{lead}: {words[:1].lower()}{words[1:]}" if lead else words

    def _learn(self, version: SiteVersion, by: Author, lead: str) -> None:
        """Add the operator who used a text that was found first: the engine may have been quicker."""
        if by.operator and not version.by.operator:
            told = replace(by, account=version.by.account if by.outside else "")
            what = f"{lead}: {version.what}" if lead and not version.what.startswith(lead) else version.what
            self._write_record(replace(version, by=told, what=what))

    def _write_text(self, number: int, content: bytes) -> int:
        """Write a text under the first number that is free."""
        while True:
            try:
                owner_only_file.put(self._folder / f"{number:06d}.toml", content, over=False)
            except FileExistsError:
                number += 1
            else:
                return number

    def _write_record(self, version: SiteVersion) -> None:
        by = version.by
        record = {
            "at_utc_s": version.at_utc_s,
            "digest": version.digest,
            "operator": by.operator[:_LONGEST_WHO],
            "role": by.role[:_LONGEST_WHO],
            "outside": by.outside,
            "account": by.account[:_LONGEST_WHO],
            "program": by.program,
            "what": version.what[:_LONGEST_WHAT],
        }
        owner_only_file.put(self._folder / f"{version.number:06d}.json", json.dumps(record).encode())

    def _record(self, number: int) -> SiteVersion | None:
        try:
            raw = (self._folder / f"{number:06d}.json").read_bytes()[:_LARGEST_RECORD]
            found = json.loads(raw)
            if not (self._folder / f"{number:06d}.toml").is_file():
                return None
            by = Author(
                str(found.get("operator", "")),
                str(found.get("role", "")),
                found.get("outside") is True,
                str(found.get("account", "")),
                found.get("program") is True,
            )
            at_utc_s, digest = float(found["at_utc_s"]), str(found["digest"])
            return SiteVersion(number, at_utc_s, digest, by, str(found.get("what", "")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None

    def _forget(self, number: int) -> None:
        for ending in ("json", "toml"):
            with suppress(OSError):  # it is tried again with the next version
                (self._folder / f"{number:06d}.{ending}").unlink()
