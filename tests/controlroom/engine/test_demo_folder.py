"""The demonstration's folder: its own, begun anew on request, and never one that holds anything real."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

import resources
from controlroom.engine.demo_folder import prepare_demo
from controlroom.engine.engine import Engine
from controlroom.engine.folder_kind import site_kept
from controlroom.engine.foreground import system_clocks
from controlroom.engine.parts import EngineParts
from controlroom.engine.profile_files import read_profiles
from controlroom.engine.site_file import read_site
from controlroom.errors import ControlroomError, EngineError, StoreError
from controlroom.store.folder import DataFolder
from controlroom.store.sqlite import open_engine_store
from probes.registry import PROBE_TYPES

DEMO = resources.path("demo/site.toml")
PROFILES = read_profiles(resources.path("profiles"))
REAL = """
name = "Room"
[[endpoints]]
id = "here"
name = "Here"
kind = "infrastructure"
address = "127.0.0.1"
probes = [{ type = "host" }]
"""


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """A data folder that is not there yet."""
    return DataFolder(tmp_path / "demo")


def prepare(folder: DataFolder, *, fresh: bool = False) -> None:
    """Prepare it, beside a folder of real measurements that never is this one."""
    prepare_demo(folder, folder.path.with_name("real"), DEMO, PROBE_TYPES, fresh=fresh, profiles=PROFILES)


def measure(folder: DataFolder, site_file: Path) -> None:
    """Let an engine write into it for a moment."""
    loaded, store = read_site(site_file, PROBE_TYPES, PROFILES), open_engine_store(folder)
    parts = EngineParts(
        site=loaded.site,
        site_digest=loaded.digest,
        probe_types=PROBE_TYPES,
        store=store,
        resolve_secret=str,
        own_addresses=frozenset,
        ways_out=lambda: None,
        clocks=system_clocks,
        version="1",
    )

    async def live() -> None:
        assert await Engine(parts).run(for_s=0.2)

    asyncio.run(live())
    store.close()


def contents(path: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(each.relative_to(path)): each.read_bytes() for each in path.rglob("*") if each.is_file()}


def test_the_site_is_copied_once_and_what_was_changed_stays(folder: DataFolder) -> None:
    """Whoever practises on it finds it as they left it."""
    prepare(folder)
    assert folder.site_file.read_text(encoding="utf-8") == DEMO.read_text(encoding="utf-8")
    changed = DEMO.read_text(encoding="utf-8").replace("Northshire", "Southshire")
    folder.site_file.write_text(changed, encoding="utf-8")
    measure(folder, folder.site_file)
    prepare(folder)
    assert folder.site_file.read_text(encoding="utf-8") == changed
    assert site_kept(folder) is not None


def test_beginning_anew_removes_what_was_written_and_nothing_else(folder: DataFolder) -> None:
    """Store, acts, site and its versions go; operators, settings and what is not ours stay."""
    prepare(folder)
    measure(folder, folder.site_file)
    folder.site_file.write_text(DEMO.read_text(encoding="utf-8") + "\n# mine\n", encoding="utf-8")
    (folder.inbox / "desk-1.jsonl").write_text("", encoding="utf-8")
    (folder.path / "site-versions").mkdir()
    for name in ("desk.ini", "operators.json", "holiday.jpg"):
        (folder.path / name).write_text("kept", encoding="utf-8")
    for name in ("raw-2026-01-02.db", "raw-2026-01-02.db-wal", "minutes-2026-01.damaged-1.db", "notes.txt"):
        (folder.history / name).write_text("", encoding="utf-8")
    prepare(folder, fresh=True)
    assert site_kept(folder) is None
    assert folder.site_file.read_text(encoding="utf-8") == DEMO.read_text(encoding="utf-8")
    ours = ("inbox", "history", "site.toml", "engine.lock")
    left = {each.name for each in folder.path.iterdir()}
    assert left == {"desk.ini", "operators.json", "holiday.jpg", *ours}
    assert not list(folder.inbox.iterdir())
    assert [each.name for each in folder.history.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("fresh", [False, True])
def test_a_folder_with_real_measurements_is_refused_untouched(folder: DataFolder, fresh: bool) -> None:
    """Even where its site file is gone by now."""
    folder.prepare()
    folder.site_file.write_text(REAL, encoding="utf-8")
    measure(folder, folder.site_file)
    folder.site_file.unlink()
    before = contents(folder.path)
    with pytest.raises(EngineError, match="holds real measurements") as caught:
        prepare(folder, fresh=fresh)
    assert caught.value.code == "folder-real"
    assert contents(folder.path) == before


@pytest.mark.parametrize("fresh", [False, True])
def test_a_folder_with_a_real_site_is_refused_untouched(folder: DataFolder, fresh: bool) -> None:
    """Though nothing was measured there yet."""
    folder.prepare()
    folder.site_file.write_text(REAL, encoding="utf-8")
    with pytest.raises(EngineError, match="real control room"):
        prepare(folder, fresh=fresh)
    assert contents(folder.path) == {"site.toml": REAL.encode()}


@pytest.mark.parametrize("fresh", [False, True])
def test_a_store_that_cannot_be_read_is_never_removed(folder: DataFolder, fresh: bool) -> None:
    """It may be a real one that is damaged."""
    folder.prepare()
    folder.store_file.write_bytes(b"no database at all" * 400)
    before = contents(folder.path)
    with pytest.raises(StoreError):
        prepare(folder, fresh=fresh)
    assert contents(folder.path) == before


@pytest.mark.parametrize("fresh", [False, True])
def test_somebody_elses_folder_is_refused_untouched(folder: DataFolder, fresh: bool) -> None:
    """It says what lies there; an empty one, and what a start that was cut short left, is taken."""
    folder.path.mkdir()
    for name in ("a.jpg", "b.jpg", "c.jpg", "d.jpg"):
        (folder.path / name).write_text("mine", encoding="utf-8")
    before = contents(folder.path)
    with pytest.raises(EngineError, match="no data folder of this program") as caught:
        prepare(folder, fresh=fresh)
    assert caught.value.code == "folder-foreign"
    assert "“a.jpg”, “b.jpg”, “c.jpg” and 1 more" in caught.value.happened
    assert "name an empty folder" in caught.value.advice
    assert contents(folder.path) == before
    assert not folder.inbox.exists()
    for name in before:
        (folder.path / name).unlink()
    folder.inbox.mkdir()
    (folder.path / "desk.ini").write_text("", encoding="utf-8")
    prepare(folder, fresh=fresh)


def test_a_folder_that_cannot_be_read_is_a_sentence(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not the system's own words alone."""

    def closed(path: Path) -> list[str]:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("controlroom.engine.demo_folder.os.listdir", closed)
    with pytest.raises(EngineError, match="cannot be read by this account: Permission denied"):
        prepare(folder)


def test_the_real_folder_is_refused_whatever_it_holds(folder: DataFolder) -> None:
    """Also by a detour, and though it is not even there."""
    detour = folder.path.parent / "somewhere" / ".." / folder.path.name
    with pytest.raises(EngineError, match="where real measurements belong"):
        prepare_demo(folder, detour, DEMO, PROBE_TYPES, fresh=True, profiles=PROFILES)
    assert not folder.path.exists()


def test_nothing_is_begun_anew_under_a_running_engine(folder: DataFolder) -> None:
    """Its store would vanish under it."""
    prepare(folder)
    measure(folder, folder.site_file)
    store = open_engine_store(folder)
    try:
        prepare(folder)
        with pytest.raises(ControlroomError) as caught:
            prepare(folder, fresh=True)
        assert caught.value.code == "engine-running"
    finally:
        store.close()
    assert site_kept(folder) is not None
