"""What a picture is taken of: the site and its operators in a place of our own, whatever is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from controlroom.engine.copied_folder import copy_for_looking
from controlroom.engine.roster_file import FILE as ROSTER
from controlroom.engine.running_site import FILE as RUNNING
from controlroom.store.folder import DataFolder


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """Make a data folder."""
    folder = DataFolder(tmp_path / "data")
    folder.prepare()
    return folder


def looked_at(folder: DataFolder) -> dict[str, str]:
    """Return what the copy holds."""
    place = folder.path.parent / "place"
    place.mkdir()
    copied = copy_for_looking(folder, place)
    assert copied.path == place
    return {each.name: each.read_text() for each in place.iterdir()}


def test_what_is_there_is_copied(folder: DataFolder) -> None:
    """The site file, what runs, the operators; no measurement."""
    for name in ("site.toml", RUNNING, ROSTER, "store.db"):
        (folder.path / name).write_text(name)
    assert looked_at(folder) == {name: name for name in ("site.toml", RUNNING, ROSTER)}


def test_a_site_file_that_lies_elsewhere_is_taken_from_what_runs(folder: DataFolder) -> None:
    """The engine was started with a file of another place."""
    (folder.path / RUNNING).write_text("running")
    assert looked_at(folder) == {"site.toml": "running", RUNNING: "running"}


def test_nothing_is_made_of_nothing(folder: DataFolder) -> None:
    """A folder of an older program may have neither."""
    assert looked_at(folder) == {}
