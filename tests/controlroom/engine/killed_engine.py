"""A real engine of some endpoints that come and go all the time, as a process to be killed.

    python -m tests.controlroom.engine.killed_engine DATA LAMP

What it delivers on the channel ``lamp`` it appends to a file, at once and for good.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Final

from controlroom.alarms.message import Message
from controlroom.engine.engine import Engine
from controlroom.engine.foreground import system_clocks
from controlroom.notify.consumer import DELIVERED, Ended
from controlroom.probe import Question
from controlroom.reading import Outcome, Reading, Reason
from controlroom.site.model import Criticality, Site
from controlroom.store.folder import DataFolder
from controlroom.store.sqlite import open_engine_store
from tests.controlroom.engine.test_engine_run import parts_of, replied

LAMP: Final = "lamp"
ENDPOINTS: Final = 12
TURN_S: Final = 3.0


class Lamp:
    """A consumer whose deliveries outlive its process."""

    name = LAMP

    def __init__(self, file: Path) -> None:
        """Append to a file."""
        self._file = file

    async def deliver(self, message: Message) -> Ended:
        """Write the key, and force it to the disk; every fourth time it does not get through at first."""
        if message.number % 4 == 0 and time.time() % 2 < 1:
            return Ended("dark")
        with self._file.open("a", encoding="utf-8") as file:
            file.write(f"{message.key}\n")
            file.flush()
            os.fsync(file.fileno())
        return DELIVERED


def answer(question: Question) -> Reading:
    """Answer, or not, each endpoint in its own time."""
    number = int(question.probe.endpoint_id.removeprefix("e"))
    if int(time.time() / TURN_S + number * 0.37) % 2:
        return replied(question)
    now = system_clocks()
    return Reading(
        question.probe,
        now.utc_s,
        now.monotonic_s,
        Outcome.REFUSED,
        Reason.PORT_UNREACHABLE,
        beat=question.beat,
    )


def site_of(site: Site) -> Site:
    """A site of some endpoints on this machine, which need no witness."""
    (endpoint,) = site.endpoints
    levels = list(Criticality)
    endpoints = tuple(
        endpoint.model_copy(
            update={
                "id": f"e{number}",
                "name": f"E{number}",
                "address": "127.0.0.1",
                "criticality": levels[number % len(levels)],
            }
        )
        for number in range(ENDPOINTS)
    )
    return site.model_copy(update={"endpoints": endpoints})


async def run(engine: Engine) -> None:
    """Run until a signal asks for the end."""
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, engine.stop)
    await engine.run()


def main() -> None:
    """Run on a data folder."""
    folder = DataFolder(Path(sys.argv[1]))
    with closing(open_engine_store(folder)) as store:
        parts = parts_of(store, answer)
        parts = replace(parts, site=site_of(parts.site), consumers=(Lamp(Path(sys.argv[2])),))
        asyncio.run(run(Engine(parts)))


if __name__ == "__main__":
    main()
