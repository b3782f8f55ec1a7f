"""The data folder: real folders with real rights, a real small disk, and an account without rights."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from controlroom.doctor.data_folder import check_data_folder, mount_table
from controlroom.finding import Finding, Health
from controlroom.store.folder import DataFolder

NOBODY = 54321
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another account, or mount")


def judge(path: Path, mountinfo: str | None = None) -> tuple[Finding, Finding]:
    """What is found about a folder and its disk."""
    folder, space = check_data_folder(DataFolder(path), mount_table() if mountinfo is None else mountinfo)
    return folder, space


def judge_as_nobody(path: Path) -> list[dict[str, Any]]:
    """The same, looked at by an account that owns nothing."""
    code = (
        "import json, os, sys, dataclasses; from pathlib import Path;"
        "from controlroom.doctor.data_folder import check_data_folder, mount_table;"
        "from controlroom.store.folder import DataFolder;"
        f"os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY});"
        "found = check_data_folder(DataFolder(Path(sys.argv[1])), mount_table());"
        "print(json.dumps([dataclasses.asdict(each) for each in found]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True, timeout=20
    )
    findings: list[dict[str, Any]] = json.loads(done.stdout)
    return findings


@pytest.fixture
def reachable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder that every account can reach, though not change."""
    path = Path(f"/var/tmp/controlroom-doctor-{os.getpid()}")  # noqa: S108 - pytest's own folders are closed to others
    path.mkdir(mode=0o755)
    try:
        yield path
    finally:
        subprocess.run(["rm", "-rf", str(path)], check=True)


def test_a_prepared_folder_is_well(tmp_path: Path) -> None:
    """Its owner and its room are told."""
    DataFolder(tmp_path / "data").prepare()
    folder, space = judge(tmp_path / "data")
    assert (folder.health, folder.code, folder.cure) == (Health.OK, "ok", "")
    assert space.name == "free-space"
    assert "free on the disk" in space.found


def test_a_folder_that_is_not_there_yet_is_well_and_is_not_made(tmp_path: Path) -> None:
    """A first start would make it."""
    folder, _ = judge(tmp_path / "a" / "b")
    assert (folder.health, folder.code) == (Health.OK, "not-there-yet")
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_its_place_is_trouble(tmp_path: Path) -> None:
    """Or in the place of a folder above it."""
    (tmp_path / "file").write_text("")
    assert judge(tmp_path / "file")[0].code == "folder-confused"
    assert judge(tmp_path / "file" / "data")[0].code == "folder-confused"


def test_a_folder_that_everybody_may_write_is_trouble(tmp_path: Path) -> None:
    """With the command that takes the right away."""
    path = tmp_path / "open data"
    path.mkdir()
    path.chmod(0o777)
    folder, _ = judge(path)
    assert (folder.health, folder.code) == (Health.TROUBLE, "folder-open-to-all")
    assert folder.cure == f"chmod o-w '{path}'"
    subprocess.run(folder.cure, shell=True, check=True)  # noqa: S602 - a cure is a command to copy
    assert judge(path)[0].health is Health.OK


def test_a_network_share_is_trouble_before_anything_in_it_is_touched(tmp_path: Path) -> None:
    """As the store itself refuses it."""
    mountinfo = f"36 25 0:1 / {tmp_path} rw - nfs4 server:/export rw\n"
    folder, _ = judge(tmp_path, mountinfo)
    assert (folder.health, folder.code) == (Health.TROUBLE, "network-share")
    assert "nfs4" in folder.found


@as_root
def test_a_folder_of_ones_own_that_forbids_writing_is_cured_by_its_rights(reachable: Path) -> None:
    """No other account is needed for that, and a place for a new folder is judged alike."""
    data = reachable / "my data"
    data.mkdir()
    os.chown(data, NOBODY, NOBODY)
    data.chmod(0o555)
    for looked_at in (data, data / "new"):
        folder = judge_as_nobody(looked_at)[0]
        assert (folder["health"], folder["code"]) == ("trouble", "folder-unwritable")
        assert folder["cure"].splitlines()[0] == f"chmod u+rwx '{data}'"
    assert "its rights (555) do not let it write" in judge_as_nobody(data)[0]["found"]
    subprocess.run(folder["cure"].splitlines()[0], shell=True, check=True)  # noqa: S602 - as above
    assert judge_as_nobody(data)[0]["health"] == "ok"


@as_root
def test_files_of_ones_own_that_forbid_writing_are_cured_by_their_rights(reachable: Path) -> None:
    """The folder itself is well."""
    data = reachable / "data"
    data.mkdir()
    (data / "store.db").write_text("")
    (data / "store.db").chmod(0o400)
    for each in (data, data / "store.db"):
        os.chown(each, NOBODY, NOBODY)
    folder = judge_as_nobody(data)[0]
    assert (folder["code"], folder["cure"]) == ("file-unwritable", f"chmod -R u+rwX {data}")


@as_root
def test_a_folder_behind_a_closed_one_is_trouble_in_plain_words(reachable: Path) -> None:
    """It is not said to be missing; of one's own the cure is a right, else it is a question to its owner."""
    closed = reachable / "closed"
    (closed / "data").mkdir(parents=True)
    closed.chmod(0o700)
    folder = judge_as_nobody(closed / "data")[0]
    assert (folder["health"], folder["code"]) == ("trouble", "folder-unreadable")
    assert folder["found"].endswith(f"this account may not enter {closed}")
    assert folder["cure"].splitlines()[0] == "Ask root for the right."
    os.chown(closed, NOBODY, NOBODY)
    closed.chmod(0)
    assert judge_as_nobody(closed / "data")[0]["cure"].splitlines()[0] == f"chmod u+rwx {closed}"


@as_root
def test_a_disk_that_can_only_be_read_is_trouble(tmp_path: Path) -> None:
    """A real one: no right is blamed for it, and the cure makes it writable."""
    disk = tmp_path / "disk"
    (disk).mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "ro,size=1m", "none", disk], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("nothing can be mounted here")
    try:
        for path in (disk, disk / "data"):
            folder, _ = judge(path)
            assert (folder.health, folder.code) == (Health.TROUBLE, "disk-read-only")
            assert f"mounted read-only at {disk}" in folder.found
            assert folder.cure.splitlines()[0] == f"sudo mount -o remount,rw {disk}"
            assert "--data" in folder.cure
        cure = folder.cure.splitlines()[0].removeprefix("sudo ")
        subprocess.run(cure, shell=True, check=True)  # noqa: S602 - as above
        assert judge(disk)[0].code != "disk-read-only"
    finally:
        subprocess.run(["umount", disk], check=True)


@as_root
def test_another_accounts_folder_is_trouble(reachable: Path) -> None:
    """Whoever owns it should ask; giving it over comes second, for an engine may run on it."""
    (reachable / "data").mkdir(mode=0o755)
    folder = judge_as_nobody(reachable / "data")[0]
    assert (folder["health"], folder["code"]) == ("trouble", "folder-unwritable")
    assert "belongs to root" in folder["found"]
    assert folder["cure"].startswith("Run the doctor, the engine and the desk as root")
    assert folder["cure"].endswith(f"from now on: sudo chown -R {NOBODY} {reachable / 'data'}")


@as_root
def test_a_place_where_no_folder_can_be_made_is_trouble(reachable: Path) -> None:
    """The cure makes it for the account."""
    folder = judge_as_nobody(reachable / "data")[0]
    assert (folder["health"], folder["code"]) == ("trouble", "folder-unwritable")
    cure = folder["cure"].splitlines()[0]
    assert cure == f"sudo install -d -m 700 -o {NOBODY} -g {NOBODY} {reachable / 'data'}"
    subprocess.run(cure.removeprefix("sudo "), shell=True, check=True)  # noqa: S602 - as above
    assert judge_as_nobody(reachable / "data")[0]["health"] == "ok"


@as_root
def test_files_left_behind_by_root_are_trouble(reachable: Path) -> None:
    """A start with sudo leaves such a store; the folder alone looks well."""
    data = reachable / "data"
    data.mkdir()
    (data / "store.db").write_text("")
    (data / "store.db").chmod(0o600)
    os.chown(data, NOBODY, NOBODY)
    folder = judge_as_nobody(data)[0]
    assert (folder["code"], folder["cure"]) == ("file-unwritable", f"sudo chown -R {NOBODY} {data}")
    assert "store.db" in folder["found"]


@as_root
def test_root_says_nothing_about_another_account(reachable: Path) -> None:
    """Root may do everything, so its word is unknown."""
    os.chown(reachable, NOBODY, NOBODY)
    folder, _ = judge(reachable)
    assert (folder.health, folder.code) == (Health.UNKNOWN, "asked-as-root")


@as_root
def test_a_full_disk_is_trouble(tmp_path: Path) -> None:
    """A real one, of a mebibyte."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", disk], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("nothing can be mounted here")
    try:
        _, space = judge(disk / "data")
        assert (space.health, space.code) == (Health.TROUBLE, "disk-nearly-full")
        assert space.found.startswith("1.05 MB free")
        assert space.cure.startswith(f"Make room: du -xh -d 2 {disk}")
    finally:
        subprocess.run(["umount", disk], check=True)


def test_findings_are_plain_values(tmp_path: Path) -> None:
    """They can be written as JSON as they are."""
    assert json.loads(json.dumps([asdict(each) for each in judge(tmp_path)]))[0]["name"] == "data-folder"
