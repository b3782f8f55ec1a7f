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


def test_a_folder_of_the_other_kind_is_refused(
    folder: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever its site file says, a folder stays what it was."""
    monkeypatch.setattr("controlroom.engine.folder_kind.site_kept", lambda _: '{"simulated": true}')
    (tmp_path / "site.toml").write_text(LOOPBACK_SITE, encoding="utf-8")
    with pytest.raises(EngineError) as refused:
        SiteSource(folder, tmp_path / "site.toml", PROBE_TYPES, NO_PROFILES).read()
    assert refused.value.code == "folder-simulated"
