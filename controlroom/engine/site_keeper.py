"""Keeps a site file on disk for those who edit it (a ``SiteKeeper``). It tells no engine of it.

1. A text with a mistake never gets into the file's place.
2. The file is replaced whole: written beside it, made durable, then renamed. Its rights stay, and where it
   is a link, what the link leads to is replaced.
3. Two who save at once are told apart by a lock and by the digest that each had read: the second is refused.
4. What a text replaces is kept as a version before it goes, whoever wrote it, so that it can be had back;
   what is no text at all is set aside under a name of its own.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from controlroom.engine.account import owner_of
from controlroom.engine.lent_secrets import LentSecrets
from controlroom.engine.running_site import RunningSite
from controlroom.engine.secret_files import SecretFiles
from controlroom.engine.site_file import read_site, read_site_text
from controlroom.engine.site_versions import SiteVersions
from controlroom.errors import ControlroomError, EngineError
from controlroom.probe import ProbeTypes
from controlroom.site.keeping import CHANGED_OUTSIDE, Author, SiteOnDisk, SiteVersion
from controlroom.site.load import load_site
from controlroom.site.mistakes import Mistake, SiteError
from controlroom.site.model import Site
from controlroom.site.profile import NO_PROFILES, Profiles
from controlroom.store.file_lock import try_lock


class FileSiteKeeper:
    """Keeps one site file, its versions and its secrets."""

    def __init__(
        self,
        site_file: Path,
        data_folder: Path,
        probe_types: ProbeTypes,
        utc_s: Callable[[], float],
        profiles: Profiles = NO_PROFILES,
    ) -> None:
        """Name the file and the folder; nothing is read yet."""
        self._site_file = site_file
        self._data_folder = data_folder
        self._probe_types, self._profiles = probe_types, profiles
        self._utc_s = utc_s
        self._versions, self._running = SiteVersions(data_folder, self.site_of), RunningSite(data_folder)
        self._secrets, self._lent = SecretFiles(data_folder), LentSecrets(data_folder)
        self._seen: tuple[tuple[int, int, int], str] | None = None

    def digest(self) -> str:
        """Return the digest of the file; read only where its size, time or place has changed."""
        try:
            about = self._site_file.stat()
        except OSError:
            return ""
        sign = (about.st_ino, about.st_size, about.st_mtime_ns)
        if self._seen is None or self._seen[0] != sign:
            try:
                text = read_site_text(self._site_file)
            except SiteError:
                return ""
            self._seen = (sign, _digest(text))
        return self._seen[1]

    def read(self) -> SiteOnDisk:
        """Read the file; raise ``SiteError`` only where it cannot be read as text at all."""
        text = read_site_text(self._site_file)
        try:
            site = self._load(text)
        except SiteError as error:
            return SiteOnDisk(text, _digest(text), None, error.mistakes)
        return SiteOnDisk(text, _digest(text), site)

    def judge(self, text: str) -> tuple[Mistake, ...]:
        """Name every mistake that a text would have as the site file."""
        try:
            self._load(text)
        except SiteError as error:
            return error.mistakes
        return ()

    def site_of(self, text: str) -> Site | None:
        """Read a text as the site file; ``None`` where it has mistakes."""
        try:
            return self._load(text)
        except SiteError:
            return None

    def _load(self, text: str) -> Site:
        return load_site(text, str(self._site_file), self._probe_types, self._profiles)

    def save(self, text: str, *, expected_digest: str, by: Author, lead: str = "") -> SiteOnDisk:
        """Put a text in the file's place and keep it as a version."""
        self._load(text)
        with self._alone():
            before = self._text_found()
            if (_digest(before) if before is not None else "") != expected_digest:
                raise ControlroomError(
                    CHANGED_OUTSIDE,
                    "The site file was changed by somebody else meanwhile; nothing was written.",
                    "Look at the difference first.",
                )
            if before is not None:
                self.note_found(before)
            self._replace(text, set_aside=before is None)
            self.note(text, by=by, lead=lead)
        site = read_site(self._site_file, self._probe_types, self._profiles).site
        return SiteOnDisk(text, _digest(text), site)

    def note(self, text: str, *, by: Author, lead: str = "") -> None:
        """Keep a text as a version, unless it is the newest already; that one then learns who used it."""
        if by.outside:
            by = replace(by, account=owner_of(self._site_file))
        self._versions.keep(text, at_utc_s=self._utc_s(), by=by, lead=lead)

    def note_found(self, text: str) -> None:
        """Keep a text that stands in the file, unless it is known: from outside, or the first of all."""
        self._versions.keep(
            text, at_utc_s=self._utc_s(), by=self._versions.found_by(owner_of(self._site_file))
        )

    def versions(self) -> Sequence[SiteVersion]:
        """Return what is kept, newest first."""
        return self._versions.all()

    def version_text(self, number: int) -> str:
        """Return a version's text."""
        return self._versions.text(number)

    def running(self) -> str | None:
        """Return the text that the engine was last given."""
        return self._running.text()

    def keep_secret(self, endpoint_id: str, probe_name: str, key: str, secret: str) -> str:
        """Keep a new secret for good and return the reference to it."""
        return self._secrets.keep(endpoint_id, probe_name, key, secret)

    def forget_secret(self, reference: str) -> None:
        """Wipe a secret that was kept for a text which then was not saved; one that is referred to stays."""
        text = self._text_found()
        if text is not None and reference not in text:
            self._secrets.forget(reference)

    def unsaved_secret(self, secret: str) -> AbstractContextManager[str]:
        """Lend a reference to a secret that is not to be kept."""
        return self._lent.lend(secret)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other desks from saving at the same moment."""
        handle = self._open_lock()
        try:
            if not try_lock(handle):
                raise ControlroomError(
                    "site-being-saved", "Another desk is saving the site file now.", "Try again in a moment."
                )
            yield
        finally:
            os.close(handle)

    def _open_lock(self) -> int:
        path = self._data_folder / "site.lock"
        try:
            return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise EngineError(
                "site-unwritable",
                f"The site file cannot be saved: {path} cannot be written: {error.strerror}.",
                "Check the folder, its rights and its space; nothing was changed.",
            ) from error

    def _text_found(self) -> str | None:
        """Return the file's text; ``None`` where it is gone or no text: its digest is empty then."""
        try:
            return read_site_text(self._site_file)
        except SiteError:
            return None

    def _set_aside(self) -> None:
        """Keep what cannot be kept as a version under a name of its own beside the file."""
        target = self._site_file.resolve()
        for number in range(1, 1000):
            with suppress(FileExistsError):
                with suppress(FileNotFoundError):
                    os.link(target, target.with_name(f"{target.name}.unreadable-{number}"))
                return

    def _replace(self, text: str, *, set_aside: bool) -> None:
        target = self._site_file.resolve()
        draft = target.with_name(f".{target.name}.{os.getpid()}.new")
        try:
            mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o600
            _write_durably(draft, text.encode(), mode)
            if set_aside:
                self._set_aside()
            draft.replace(target)
            _make_durable(target.parent)
        except OSError as error:
            with suppress(OSError):
                draft.unlink()
            raise EngineError(
                "site-unwritable",
                f"The site file {self._site_file} cannot be written: {error.strerror}.",
                "Check the folder, its rights and its space; nothing was changed.",
            ) from error


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _write_durably(path: Path, content: bytes, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as file:
        os.fchmod(file.fileno(), mode)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _make_durable(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
