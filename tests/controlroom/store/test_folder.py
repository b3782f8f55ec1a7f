"""The data folder: made for its owner, refused where the store cannot live."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from controlroom.errors import StoreError
from controlroom.store.folder import DataFolder


def refusal(folder: DataFolder, mountinfo: str = "") -> str:
    """Prepare a folder that must be refused; return the code."""
    with pytest.raises(StoreError) as refused:
        folder.prepare(mountinfo)
    assert str(folder.path.name) in refused.value.happened
    assert refused.value.advice
    return refused.value.code


def test_it_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    """The folder and the inboxes belong to the owner alone; parents are made on the way."""
    folder = DataFolder(tmp_path / "a" / "b")
    folder.prepare()
    folder.prepare()
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.inbox.stat().st_mode) == 0o700


def test_the_files_lie_inside(tmp_path: Path) -> None:
    """Every file of the store lies in the folder itself."""
    folder = DataFolder(tmp_path)
    files = [folder.store_file, folder.lock_file, folder.log_file, folder.site_file, folder.inbox]
    assert {file.parent for file in files} == {tmp_path}
    assert len(set(files)) == len(files)


def test_a_network_share_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    """On a share nothing is created, and the advice is to go to a local disk."""
    folder = DataFolder(tmp_path / "data")
    table = f"30 22 0:26 / {tmp_path} rw - nfs4 server:/x rw"
    assert refusal(folder, table) == "network-share"
    assert not folder.path.exists()


def test_a_share_behind_a_link_is_refused(tmp_path: Path) -> None:
    """The place a link leads to counts, not where the link lies."""
    (tmp_path / "share").mkdir()
    (tmp_path / "data").symlink_to(tmp_path / "share")
    table = f"30 22 0:26 / {tmp_path / 'share'} rw - cifs //server/x rw"
    assert refusal(DataFolder(tmp_path / "data"), table) == "network-share"


def test_a_link_to_a_local_folder_is_good(tmp_path: Path) -> None:
    """A data folder may lie elsewhere behind a link."""
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "data").symlink_to(tmp_path / "real")
    DataFolder(tmp_path / "data").prepare()
    assert (tmp_path / "real" / "inbox").is_dir()


@pytest.mark.parametrize("below", ["", "data"])
def test_a_file_in_the_way_is_refused(tmp_path: Path, below: str) -> None:
    """A file where the folder or its parent should be is named, and left alone."""
    (tmp_path / "file").write_text("mine")
    assert refusal(DataFolder(tmp_path / "file" / below)) == "folder-confused"
    assert (tmp_path / "file").read_text() == "mine"


def test_a_dangling_link_is_refused(tmp_path: Path) -> None:
    """A link that leads nowhere is no folder."""
    (tmp_path / "data").symlink_to(tmp_path / "nowhere")
    assert refusal(DataFolder(tmp_path / "data")) == "folder-confused"


@pytest.mark.parametrize("name", ["store.db", "engine.lock", "engine.log", "site.toml"])
def test_a_link_in_place_of_a_file_is_refused(tmp_path: Path, name: str) -> None:
    """No file of the store may lead elsewhere."""
    target = tmp_path / "target"
    target.write_text("mine")
    folder = DataFolder(tmp_path / "data")
    folder.prepare()
    (folder.path / name).symlink_to(target)
    with pytest.raises(StoreError) as refused:
        folder.prepare()
    assert refused.value.code == "folder-confused"


def test_a_link_in_place_of_the_inbox_is_refused(tmp_path: Path) -> None:
    """Inboxes lie in the folder itself."""
    (tmp_path / "data").mkdir(mode=0o700)
    (tmp_path / "data" / "inbox").symlink_to(tmp_path)
    with pytest.raises(StoreError) as refused:
        DataFolder(tmp_path / "data").prepare()
    assert refused.value.code == "folder-confused"


def test_a_folder_open_to_all_is_refused(tmp_path: Path) -> None:
    """Where every account may write, anyone could put acts into an inbox."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(0o777)
    assert refusal(DataFolder(tmp_path / "data")) == "folder-open-to-all"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_unwritable_folder_is_refused(tmp_path: Path) -> None:
    """A folder of somebody else's is refused with its name."""
    (tmp_path / "data").mkdir(mode=0o500)
    assert refusal(DataFolder(tmp_path / "data")) == "folder-unwritable"


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a read-only /proc")
def test_a_place_where_nothing_can_be_made_is_refused() -> None:
    """Where no folder can be made the refusal says so, even to root."""
    assert refusal(DataFolder(Path("/proc/self/data"))) == "folder-unwritable"
