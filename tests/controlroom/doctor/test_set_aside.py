"""Files that the store set aside: named, with their size and what to do about them."""

from __future__ import annotations

import subprocess
from pathlib import Path

from controlroom.doctor.set_aside import check_set_aside
from controlroom.finding import Health
from controlroom.store.folder import DataFolder


def test_a_store_with_nothing_set_aside_is_well(tmp_path: Path) -> None:
    """Also where there is no folder yet."""
    folder = DataFolder(tmp_path / "data")
    assert [each.health for each in check_set_aside(folder)] == [Health.OK]
    folder.prepare()
    (found,) = check_set_aside(folder)
    assert (found.health, found.code) == (Health.OK, "none")


def test_what_was_set_aside_is_told_with_a_command_that_removes_it(tmp_path: Path) -> None:
    """The command names just these files, logs among them."""
    folder = DataFolder(tmp_path / "the data")
    folder.prepare()
    aside = [folder.path / "store.damaged-1.db", folder.history / "raw-2026-01-01.newer-1.db"]
    kept = [folder.store_file, folder.history / "raw-2026-01-02.db"]
    log = folder.path / "store.damaged-1.db-wal"
    for path in (*aside, *kept, log):
        path.write_bytes(bytes(1000))
    (found,) = check_set_aside(folder)
    assert (found.health, found.code) == (Health.TROUBLE, "set-aside")
    assert "2 files were set aside (2 kB)" in found.found
    assert "store.damaged-1.db, history/raw-2026-01-01.newer-1.db" in found.found
    assert str(folder.path) in found.found
    subprocess.run(["sh", "-c", found.cure.splitlines()[-1]], check=True)
    assert not any(path.exists() for path in (*aside, log))
    assert all(path.exists() for path in kept)
