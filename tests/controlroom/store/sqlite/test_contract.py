"""The store's contract, kept by the store in SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from controlroom.store.folder import DataFolder
from controlroom.store.inbox import DeskInbox
from controlroom.store.interface import ActInbox, EngineStore, ReadStore
from controlroom.store.sqlite import open_engine_store, open_read_store
from tests.controlroom.store.contract import StoreContract
from tests.controlroom.store.history_contract import HistoryContract
from tests.controlroom.store.outbox_contract import OutboxContract
from tests.controlroom.store.place import Place


class FolderPlace:
    """A store in a folder of its own."""

    def __init__(self, folder: DataFolder, opened: ExitStack) -> None:
        """Name the folder, and who closes what is opened in it."""
        self._folder = folder
        self._opened = opened

    def engine(self) -> EngineStore:
        """Open the writing side."""
        return self._opened.enter_context(closing(open_engine_store(self._folder)))

    def reader(self) -> ReadStore:
        """Open a reading side."""
        return self._opened.enter_context(closing(open_read_store(self._folder)))

    def inbox(self, desk_id: str) -> ActInbox:
        """Open a desk's inbox."""
        return self._opened.enter_context(closing(DeskInbox(self._folder, desk_id, pause=_no_pause)))


def _no_pause(_: float) -> None:
    pass


class TestSqliteStore(StoreContract, HistoryContract, OutboxContract):
    """The store in SQLite keeps the whole contract."""

    @pytest.fixture
    def place(self, tmp_path: Path) -> Iterator[Place]:
        """Name a folder that does not exist yet."""
        with ExitStack() as opened:
            yield FolderPlace(DataFolder(tmp_path / "data"), opened)
