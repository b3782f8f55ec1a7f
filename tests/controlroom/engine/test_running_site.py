"""Which site a data folder goes by."""

from __future__ import annotations

from pathlib import Path

from controlroom.engine.running_site import FILE, RunningSite, site_of
from controlroom.store.folder import DataFolder


def test_a_folder_goes_by_its_own_site_or_by_what_was_given_from_elsewhere(tmp_path: Path) -> None:
    """Its own counts where it has one; without either it is the one that a first start writes."""
    folder = DataFolder(tmp_path)
    assert site_of(folder) == folder.site_file
    RunningSite(tmp_path).give("[site]\n")
    assert site_of(folder) == tmp_path / FILE
    folder.site_file.write_text("[site]\n", encoding="utf-8")
    assert site_of(folder) == folder.site_file
