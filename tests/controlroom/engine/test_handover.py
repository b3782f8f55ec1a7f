"""What a thread tells reaches the loop, and nobody where that has ended."""

from __future__ import annotations

import asyncio
import threading

from controlroom.engine.handover import Handover


def test_what_a_thread_tells_is_heard_in_the_loop() -> None:
    """In the order in which it was told."""
    heard: list[tuple[str, bool]] = []
    told = ["first", "second"]

    async def live() -> None:
        over, way = asyncio.Event(), Handover()
        way.listen(asyncio.get_running_loop())

        def note(word: str) -> None:
            heard.append((word, threading.current_thread() is threading.main_thread()))

        hear = way.to(note)

        def work() -> None:
            for word in told:
                hear(word)
            way.call(over.set)

        threading.Thread(target=work).start()
        await asyncio.wait_for(over.wait(), 10)

    asyncio.run(live())
    assert heard == [(word, True) for word in told]


def test_nobody_hears_before_and_after() -> None:
    """A thread that tells then goes on."""
    way, heard = Handover(), list[str]()
    hear = way.to(heard.append)
    hear("too early")

    async def live() -> None:
        way.listen(asyncio.get_running_loop())

    asyncio.run(live())
    hear("too late")
    assert heard == []
