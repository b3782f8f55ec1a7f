"""A store is filled once and copied for every test: each commit waits for the disk."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from controlroom.store.folder import DataFolder
from tests.controlroom.store.sqlite.care.stores import fill


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """A data folder with two days of measurements, for copying alone."""
    folder = DataFolder(tmp_path_factory.mktemp("filled") / "data")
    fill(folder)
    return folder


@pytest.fixture
def folder(filled: DataFolder, tmp_path: Path) -> DataFolder:
    """A data folder with two days of measurements."""
    return DataFolder(Path(shutil.copytree(filled.path, tmp_path / "data")))
