"""A data folder holds simulated or real measurements, and is bound by what first wrote into it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from controlroom.engine.engine import Engine
from controlroom.engine.folder_kind import holds_simulated, refuse_other_kind
from controlroom.engine.foreground import system_clocks
from controlroom.engine.parts import EngineParts
from controlroom.engine.site_file import LoadedSite
from controlroom.errors import EngineError
from controlroom.logbook.act import Act, ActKind
from controlroom.site.load import load_site
from controlroom.site.model import Site
from controlroom.store.folder import DataFolder
from controlroom.store.inbox import DeskInbox
from controlroom.store.interface import EngineStore, TakenAct
from controlroom.store.sqlite import open_engine_store, open_read_store
from probes.registry import PROBE_TYPES

ROOM = """
name = "Room"
[[endpoints]]
id = "mast"
name = "Mast"
kind = "partner"
address = "127.0.0.1"
probes = [{ type = "TYPE" }]
"""


def _site(type_name: str) -> Site:
    return load_site(ROOM.replace("TYPE", type_name), "room.toml", PROBE_TYPES)


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """A new data folder."""
    return DataFolder(tmp_path / "data")


@pytest.fixture
def store(folder: DataFolder) -> Iterator[EngineStore]:
    """Its store, open as an engine has it."""
    store = open_engine_store(folder)
    yield store
    store.close()


def _parts(store: EngineStore, type_name: str) -> EngineParts:
    return EngineParts(
        site=_site(type_name),
        site_digest=type_name,
        probe_types=PROBE_TYPES,
        store=store,
        resolve_secret=str,
        own_addresses=frozenset,
        ways_out=lambda: None,
        clocks=system_clocks,
        version="1",
    )


def _run(store: EngineStore, type_name: str) -> None:
    async def live() -> None:
        assert await Engine(_parts(store, type_name)).run(for_s=0.3)

    asyncio.run(live())


@pytest.mark.parametrize(
    ("first", "other", "code"),
    [
        ("simulated", "host", "folder-simulated"),
        ("host", "simulated", "folder-real"),
    ],
)
def test_the_engine_refuses_the_other_kind(store: EngineStore, first: str, other: str, code: str) -> None:
    """Both ways, before anything is asked or written; the same kind goes on."""
    _run(store, first)
    _run(store, first)
    before = store.remember()
    with pytest.raises(EngineError) as caught:
        Engine(_parts(store, other))
    assert caught.value.code == code
    assert "--data" in caught.value.advice
    assert store.remember() == before


@pytest.mark.parametrize(
    ("first", "other", "answer"),
    [
        ("simulated", "host", "folder_simulated"),
        ("host", "simulated", "folder_real"),
    ],
)
def test_a_running_engine_refuses_to_become_the_other_kind(
    folder: DataFolder, store: EngineStore, first: str, other: str, answer: str
) -> None:
    """A site file that was exchanged under way is refused with the reason; the engine goes on as before."""
    act = Act("reload-1", ActKind.RELOAD, system_clocks().utc_s + 1, "ann")

    def read() -> LoadedSite:
        return LoadedSite(_site(other), other, "")

    async def live() -> None:
        engine = Engine(replace(_parts(store, first), read_site=read))
        running = asyncio.create_task(engine.run(for_s=1.2))
        await asyncio.sleep(0.2)
        inbox = DeskInbox(folder, "desk-1")
        inbox.put(act)
        inbox.close()
        assert await running

    asyncio.run(live())
    reader = open_read_store(folder)
    taken: TakenAct = reader.answers([act.id])[act.id]
    kept = reader.site_json()
    reader.close()
    assert (taken.accepted, taken.answer) == (False, answer)
    assert holds_simulated(kept) is (first == "simulated")


def test_nothing_real_is_taken_for_a_simulation() -> None:
    """An empty store is free; what cannot be read, or says nothing of it, is real."""
    assert holds_simulated(None) is None
    for text in ("", "null", "[]", "{", "{}", '{"simulated": "true"}', '{"simulated": 1}', "[" * 100_000):
        assert holds_simulated(text) is False
    assert holds_simulated('{"simulated": true, "from": "a newer program"}') is True
    refuse_other_kind(None, simulated=True)
    refuse_other_kind(None, simulated=False)
