"""What a killed test left behind is a trouble with a cure; looking for it changes nothing."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from controlroom.doctor.unsaved_secrets import check_unsaved_secrets
from controlroom.engine.lent_secrets import LentSecrets
from controlroom.finding import Health

HUSH = "correct horse battery staple"


def leave(folder: Path, number: int = 1) -> Path:
    """Leave a secret behind as a killed desk does."""
    (folder / "secrets").mkdir(mode=0o700, exist_ok=True)
    path = folder / "secrets" / f"unsaved-{number}-ab"
    path.write_text(HUSH)
    path.chmod(0o600)
    return path


def test_without_any_all_is_well(tmp_path: Path) -> None:
    """Also before there is a folder, and while a test lends one."""
    assert [each.code for each in check_unsaved_secrets(tmp_path / "none")] == ["ok"]
    with LentSecrets(tmp_path).lend(HUSH):
        (found,) = check_unsaved_secrets(tmp_path)
        assert (found.health, found.code) == (Health.OK, "in-use")
        assert "1 file lent to a test that runs now" in found.found


def test_one_left_behind_is_a_trouble_and_its_cure_works(tmp_path: Path) -> None:
    """The finding names the file, never the secret."""
    folder = tmp_path / "a folder"
    folder.mkdir()
    path = leave(folder)
    (found,) = check_unsaved_secrets(folder)
    assert (found.health, found.code) == (Health.TROUBLE, "secrets-left-behind")
    assert str(path.parent) in found.found
    assert HUSH not in f"{found}"
    assert path.read_text() == HUSH
    if shutil.which("shred") is None:
        pytest.skip("no shred on this machine")
    subprocess.run(shlex.split(found.cure.split("Or at once: ")[1]), check=True, timeout=30)
    assert not path.exists()
    assert check_unsaved_secrets(folder)[0].code == "ok"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look everywhere")
def test_what_this_account_may_not_open_is_told(tmp_path: Path) -> None:
    """A file that cannot be judged is no quiet ok, nor is a folder that cannot be looked into."""
    path = leave(tmp_path)
    path.chmod(0o000)
    (found,) = check_unsaved_secrets(tmp_path)
    assert (found.health, found.code) == (Health.TROUBLE, "secrets-out-of-reach")
    path.parent.chmod(0o000)
    try:
        (closed,) = check_unsaved_secrets(tmp_path)
    finally:
        path.parent.chmod(0o700)
    assert (closed.health, closed.code) == (Health.UNKNOWN, "folder-closed")
