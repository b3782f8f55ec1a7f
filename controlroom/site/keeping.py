"""What keeps a site file for those who edit it: its text, its versions, the secrets it refers to.

Only the promise; the one that keeps it on disk is the engine's. Every call may wait for the disk.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final, Protocol

from controlroom.site.mistakes import Mistake
from controlroom.site.model import Site

VERSIONS_KEPT: Final = 20

CHANGED_OUTSIDE: Final = "site-changed-outside"
"""The code of the error that somebody else has changed the file meanwhile."""


@dataclass(frozen=True, slots=True)
class SiteOnDisk:
    """The file as it stands: its text, the SHA-256 of its bytes, and the site or every mistake in it."""

    text: str
    digest: str
    site: Site | None
    mistakes: tuple[Mistake, ...] = ()


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a text of the site file; nothing is set where that was not recorded.

    ``operator`` is named with the account, as in the log, and had ``role``. ``outside`` means that it was
    not written by this program: then ``account`` is the one that the file belonged to, and ``operator`` is
    whoever took it into use. ``program`` means that this program wrote it unasked.
    """

    operator: str = ""
    role: str = ""
    outside: bool = False
    account: str = ""
    program: bool = False


@dataclass(frozen=True, slots=True)
class SiteVersion:
    """A text that the site file once had: when it was kept, who wrote it and what that changed."""

    number: int
    at_utc_s: float
    digest: str
    by: Author
    what: str


@dataclass(frozen=True, slots=True)
class KeptVersions:
    """The versions, newest first, and the digests of the file as it is and of what the engine was given."""

    versions: tuple[SiteVersion, ...]
    file_digest: str
    running_digest: str


class SiteKeeper(Protocol):
    """Keeps one site file."""

    def digest(self) -> str:
        """Return the digest of the file as it stands, as cheaply as can be; empty where there is none."""

    def read(self) -> SiteOnDisk:
        """Read the file; raise ``SiteError`` only where it cannot be read as text at all."""

    def judge(self, text: str) -> tuple[Mistake, ...]:
        """Name every mistake that a text would have as the site file."""

    def site_of(self, text: str) -> Site | None:
        """Read a text as the site file; ``None`` where it has mistakes."""

    def save(self, text: str, *, expected_digest: str, by: Author, lead: str = "") -> SiteOnDisk:
        """Put a text in the file's place, whole or not at all, and keep it as a version.

        What it changed is found out; ``lead`` is said before that.
        Raises ``SiteError`` for mistakes, ``ControlroomError`` with ``CHANGED_OUTSIDE`` where the file is
        no longer the one with the digest, and others where it cannot be written.
        """

    def note(self, text: str, *, by: Author, lead: str = "") -> None:
        """Keep a text as a version, unless it is the newest already; that one then learns who used it."""

    def versions(self) -> Sequence[SiteVersion]:
        """Return what is kept, newest first, at most ``VERSIONS_KEPT``."""

    def version_text(self, number: int) -> str:
        """Return a version's text; raise ``ControlroomError`` where it is no longer kept."""

    def running(self) -> str | None:
        """Return the text that the engine was last given; ``None`` where none ever ran."""

    def keep_secret(self, endpoint_id: str, probe_name: str, key: str, secret: str) -> str:
        """Keep a new secret for good, for its owner alone, and return the reference to it."""

    def forget_secret(self, reference: str) -> None:
        """Wipe a secret that was kept for a text which then was not saved; one that is referred to stays."""

    def unsaved_secret(self, secret: str) -> AbstractContextManager[str]:
        """Lend a reference to a secret that is not to be kept: wiped when the block ends."""
