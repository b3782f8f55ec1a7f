"""What becomes of an endpoint's name stands in the log, and the last address is asked on."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest

from controlroom.engine import address_book
from controlroom.engine.engine import Engine
from controlroom.logbook.entry import LogKind
from tests.controlroom.engine.test_engine import Room

KINDS = (LogKind.NAME_LOST, LogKind.NAME_BACK, LogKind.ADDRESS_CHANGED)


def test_a_name_server_that_fails_is_told_and_the_last_address_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found, lost, back, moved: one entry each, and the endpoint stays up through all of it."""
    answers = ["127.0.0.7", "", "", "127.0.0.7", "127.0.0.8"]

    def answer(*_name: object, **_hints: object) -> list[tuple[object, ...]]:
        address = answers.pop(0) if len(answers) > 1 else answers[0]
        if not address:
            raise socket.gaierror
        return [(socket.AF_INET, socket.SOCK_DGRAM, 17, "", (address, 0))]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    monkeypatch.setattr(address_book, "LOOK_UP_EVERY_S", 0.1)
    monkeypatch.setattr(address_book, "LOOK_UP_AGAIN_S", 0.1)
    room = Room(tmp_path / "data")

    async def live() -> None:
        engine = Engine(room.parts("mast.example"))
        running = asyncio.create_task(engine.run())
        await asyncio.sleep(2.5)
        engine.stop("SIGTERM")
        assert await running

    asyncio.run(live())
    told = [(each.kind, each.subject, each.facts["address"]) for each in room.entries(*KINDS)]
    assert told == [
        (LogKind.NAME_LOST, "mast", "127.0.0.7"),
        (LogKind.NAME_BACK, "mast", "127.0.0.7"),
        (LogKind.ADDRESS_CHANGED, "mast", "127.0.0.8"),
    ]
    assert room.entries(LogKind.CONDITION_CHANGED) == []
    room.inbox.close()
    room.store.close()
