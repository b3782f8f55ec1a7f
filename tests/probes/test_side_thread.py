"""The thread beside the loop: results and errors come back, and a hung call holds nothing up."""

from __future__ import annotations

import asyncio
import threading
import time
from functools import partial

import pytest

from probes.side_thread import SideThread


def fail() -> None:
    """Fail as a file that is not there does."""
    raise FileNotFoundError("gone")


def test_results_and_errors_come_back_on_the_loop() -> None:
    """The caller gets what the call gave or raised; the loop's own thread never ran it."""

    async def whole() -> int:
        thread = SideThread("test")
        ran_in = await thread.run(threading.get_ident)
        with pytest.raises(FileNotFoundError, match="gone"):
            await thread.run(fail)
        thread.stop()
        return ran_in

    assert asyncio.run(whole()) != threading.get_ident()


def test_a_hung_call_holds_up_neither_the_loop_nor_its_end() -> None:
    """A caller can give up on a call; the late result is dropped, even after the loop has ended."""
    let_go = threading.Event()

    async def whole() -> None:
        thread = SideThread("test")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await thread.run(lambda: let_go.wait(5))
        thread.stop()

    started = time.monotonic()
    asyncio.run(whole())
    assert time.monotonic() - started < 2
    let_go.set()


def test_calls_run_one_after_the_other() -> None:
    """Two calls never run at once, and come in order."""
    order: list[int] = []

    async def whole() -> None:
        thread = SideThread("test")
        await asyncio.gather(*(thread.run(partial(order.append, number)) for number in range(20)))
        thread.stop()

    asyncio.run(whole())
    assert order == [*range(20)]
