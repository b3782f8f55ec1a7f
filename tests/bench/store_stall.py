"""How long an engine's loop stands still while the store commits and seals in its own thread."""

from __future__ import annotations

import asyncio
import time
from contextlib import closing
from typing import Final

import numpy as np

from controlroom.engine.committer import Committer
from controlroom.reading import Reading
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Batch, Retention, Second
from controlroom.store.sqlite import open_engine_store
from tests.bench.store_load import START_UTC_S, Load

LOOK_S: Final = 0.005
SECOND_S: Final = 0.1
"""Ten times as quick as life, so that windows close and are sealed within the bench."""


def stalls(folder: DataFolder, load: Load, seconds: int) -> tuple[list[float], list[float]]:
    """Return how late each look of a loop was that did nothing else, and of one beside the store.

    Both make the same readings, a few at each look; only the second hands them to a committer.
    """
    alone = asyncio.run(_live(None, load, min(seconds, 300)))
    with closing(open_engine_store(folder)) as engine:
        committer = Committer(
            engine,
            on_acts=lambda _: None,
            on_trouble=lambda _: None,
            on_found=lambda _: None,
            retention=lambda: Retention(),
        )
        committer.start()
        beside = asyncio.run(_live(committer, load, seconds))
        committer.stop(60)
    return alone, beside


async def _live(committer: Committer | None, load: Load, seconds: int) -> list[float]:
    late: list[float] = []
    looks = round(SECOND_S / LOOK_S)
    parts = [part.tolist() for part in np.array_split(np.arange(load.probes), looks)]
    begin_s = time.monotonic()
    for number in range(seconds):
        readings: list[Reading] = []
        for look, probes in enumerate(parts):
            due_s = begin_s + number * SECOND_S + look * LOOK_S
            await asyncio.sleep(max(due_s - time.monotonic(), 0))
            late.append(time.monotonic() - due_s)
            readings += load.readings(number, probes)
        if committer is not None:
            committer.submit(Batch(Second(START_UTC_S + number + 1, readings)))
    return late
