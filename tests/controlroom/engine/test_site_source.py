"""Where the site is taken from, and what is written where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from controlroom.engine.running_site import RunningSite
from controlroom.engine.site_source import SiteSource
from controlroom.errors import EngineError
from controlroom.site.mistakes import SiteError
from controlroom.site.profile import NO_PROFILES
from controlroom.site.starter import MachineFacts
from controlroom.store.folder import DataFolder
from controlroom.store.lock import EngineLock
from probes.machine import machine_facts
from probes.registry import PROBE_TYPES
from tests.end_to_end.test_process import LOOPBACK_SITE

FACTS = machine_facts(Path("/nowhere"))


def never() -> MachineFacts:
    """Fail where facts are asked for in vain."""
    raise AssertionError


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """A data folder that nothing was written into."""
    return DataFolder(tmp_path / "data")


def test_a_starter_is_written_once_and_can_be_watched(folder: DataFolder) -> None:
    """The second time the file stays as it is, whatever this machine is by then."""
    source = SiteSource(folder, None, PROBE_TYPES, NO_PROFILES)
    assert source.write_starter(lambda: FACTS)
    text = folder.site_file.read_text(encoding="utf-8")
    assert not source.write_starter(lambda: FACTS)
    loaded = source.read()
    assert source.given(loaded) is loaded
    assert (loaded.text, RunningSite(folder.path).text()) == (text, text)


def test_a_file_that_was_named_is_never_written(folder: DataFolder, tmp_path: Path) -> None:
    """Where it is missing that is a mistake, and the folder stays as it was."""
    source = SiteSource(folder, tmp_path / "site.toml", PROBE_TYPES, NO_PROFILES)
    assert not source.write_starter(never)
    with pytest.raises(SiteError):
        source.read()
    assert not folder.path.exists()
    (tmp_path / "site.toml").write_text(LOOPBACK_SITE, encoding="utf-8")
    assert [endpoint.id for endpoint in source.read().site.endpoints] == ["loopback"]


def test_a_desk_goes_by_the_file_that_the_engine_was_given(folder: DataFolder, tmp_path: Path) -> None:
    """Also where it names none: it may not put another room in its place."""
    given = tmp_path / "room.toml"
    given.write_text(LOOPBACK_SITE, encoding="utf-8")
    folder.prepare()
    engine = SiteSource(folder, given, PROBE_TYPES, NO_PROFILES)
    engine.given(engine.read())
    desk = SiteSource(folder, None, PROBE_TYPES, NO_PROFILES)
    assert desk.path == given
    assert not desk.write_starter(never)
    given.unlink()
    gone = SiteSource(folder, None, PROBE_TYPES, NO_PROFILES)
    assert not gone.write_starter(never)
    with pytest.raises(SiteError):
        gone.read()


def test_the_folders_own_file_counts_unless_an_engine_runs_on_another(
    folder: DataFolder, tmp_path: Path
) -> None:
    """Once it has ended the folder is what it says itself."""
    given = tmp_path / "room.toml"
    given.write_text(LOOPBACK_SITE, encoding="utf-8")
    folder.prepare()
    folder.site_file.write_text(LOOPBACK_SITE, encoding="utf-8")
    engine = SiteSource(folder, given, PROBE_TYPES, NO_PROFILES)
    engine.given(engine.read())
    assert SiteSource(folder, None, PROBE_TYPES, NO_PROFILES).path == folder.site_file
    lock = EngineLock(folder)
    lock.acquire()
    try:
        assert SiteSource(folder, None, PROBE_TYPES, NO_PROFILES).path == given
    finally:
        lock.release()
    own = SiteSource(folder, None, PROBE_TYPES, NO_PROFILES)
    own.given(own.read())
    folder.site_file.unlink()
    with pytest.raises(EngineError) as refused:
        SiteSource(folder, None, PROBE_TYPES, NO_PROFILES)
    assert refused.value.code == "site-not-named"


def test_a_folder_of_the_other_kind_is_refused(
    folder: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever its site file says, a folder stays what it was."""
    monkeypatch.setattr("controlroom.engine.folder_kind.site_kept", lambda _: '{"simulated": true}')
    (tmp_path / "site.toml").write_text(LOOPBACK_SITE, encoding="utf-8")
    with pytest.raises(EngineError) as refused:
        SiteSource(folder, tmp_path / "site.toml", PROBE_TYPES, NO_PROFILES).read()
    assert refused.value.code == "folder-simulated"
