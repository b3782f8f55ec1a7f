"""Getting secrets: owner-only files and the keyring give them; anything less safe is refused by code."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, NoKeyringError

from controlroom.engine.secrets import LARGEST_SECRET_BYTES, SecretResolver
from controlroom.errors import SecretError


def _written(path: Path, content: bytes, mode: int = 0o600) -> str:
    path.write_bytes(content)
    path.chmod(mode)
    return f"file:{path}"


def _code(resolver: SecretResolver, reference: str) -> str:
    with pytest.raises(SecretError) as caught:
        resolver(reference)
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None
    return caught.value.code


@pytest.mark.parametrize(
    ("content", "secret"),
    [
        (b"hunter2\n", "hunter2"),
        (b"hunter2\r\n", "hunter2"),
        (b"hunter2", "hunter2"),
        (b"hunter2\n\n", "hunter2\n"),
        (b" two words ", " two words "),
    ],
)
def test_one_line_end_is_taken_off(tmp_path: Path, content: bytes, secret: str) -> None:
    """Only what an editor adds is taken off; blanks may belong to the secret."""
    assert SecretResolver(tmp_path)(_written(tmp_path / "s", content)) == secret


def test_a_relative_path_starts_at_the_data_folder(tmp_path: Path) -> None:
    """The working directory does not matter."""
    _written(tmp_path / "mast", b"hunter2\n", 0o400)
    assert SecretResolver(tmp_path)("file:mast") == "hunter2"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601, 0o777])
def test_a_file_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    """Any right of group or others refuses the file."""
    assert (
        _code(SecretResolver(tmp_path), _written(tmp_path / "s", b"hunter2", mode)) == "secret-open-to-others"
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "secret-empty"),
        (b"\n", "secret-empty"),
        (b"hunter2\xff", "secret-not-text"),
        (b"hunter2" * LARGEST_SECRET_BYTES, "secret-too-long"),
    ],
)
def test_unusable_content_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    """Empty, endless and undecodable files are no secrets."""
    assert _code(SecretResolver(tmp_path), _written(tmp_path / "s", content)) == code


def test_what_is_no_plain_file_is_refused_without_waiting(tmp_path: Path) -> None:
    """Folders, pipes, devices and missing files end in a code at once."""
    os.mkfifo(tmp_path / "pipe", 0o600)
    (tmp_path / "folder").mkdir(mode=0o700)
    resolver = SecretResolver(tmp_path)
    assert _code(resolver, "file:pipe") == "secret-not-a-file"
    assert _code(resolver, "file:folder") == "secret-not-a-file"
    assert _code(resolver, "file:/dev/null") == "secret-not-a-file"
    assert _code(resolver, "file:missing") == "secret-missing"
    (tmp_path / "file").touch(0o600)
    assert _code(resolver, "file:missing/deeper") == "secret-missing"
    assert _code(resolver, "file:file/deeper") == "secret-unreadable"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_somebody_else_is_refused(tmp_path: Path) -> None:
    """Whoever owns the file could change the secret."""
    reference = _written(tmp_path / "s", b"hunter2")
    os.chown(tmp_path / "s", 12345, -1)
    assert _code(SecretResolver(tmp_path), reference) == "secret-owner"


def test_what_is_no_reference_is_refused_and_not_shown(tmp_path: Path) -> None:
    """A literal secret does not reach the message."""
    assert _code(SecretResolver(tmp_path), "hunter2") == "secret-bad-reference"


class MemoryKeyring(KeyringBackend):
    """A keyring of one entry, which can be locked or missing."""

    priority = 1

    def __init__(self, fault: Exception | None = None) -> None:
        """Hold one entry, or raise the fault instead."""
        self.fault = fault

    def get_password(self, service: str, username: str) -> str | None:
        """Give the one password."""
        if self.fault is not None:
            raise self.fault
        return "hunter2" if (service, username) == ("controlroom", "mast") else None

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep nothing."""

    def delete_password(self, service: str, username: str) -> None:
        """Delete nothing."""


@pytest.fixture(autouse=True)
def _own_keyring() -> Iterator[None]:
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


def test_the_keyring_gives_the_secret(tmp_path: Path) -> None:
    """Service and user find the entry; a missing entry has its code."""
    keyring.set_keyring(MemoryKeyring())
    resolver = SecretResolver(tmp_path)
    assert resolver("keyring:controlroom/mast") == "hunter2"
    assert _code(resolver, "keyring:controlroom/other") == "secret-missing"


@pytest.mark.parametrize(
    ("fault", "code"),
    [(NoKeyringError("x"), "secret-no-keyring"), (KeyringLocked("x"), "secret-keyring-locked")],
)
def test_an_unusable_keyring_has_its_code(tmp_path: Path, fault: Exception, code: str) -> None:
    """No keyring and a locked one are told apart."""
    keyring.set_keyring(MemoryKeyring(fault))
    assert _code(SecretResolver(tmp_path), "keyring:controlroom/mast") == code
