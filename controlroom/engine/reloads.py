"""Reads the site file again when an operator has changed it. It adopts nothing itself.

Rules:
1. The file is read and judged in a thread, so that nothing waits for it.
2. One at a time, in the order of the acts.
3. A file with a mistake, or of the other kind (simulated or real), changes nothing: its act is refused.
4. A fault of our own ends the engine, as in any callback.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from controlroom.engine import acts
from controlroom.engine.acts import Taken
from controlroom.engine.site_file import LoadedSite
from controlroom.errors import ControlroomError, EngineError
from controlroom.site.mistakes import SiteError
from controlroom.store.interface import TakenAct

_LONGEST_MISTAKE: Final = 500


@dataclass(frozen=True, slots=True)
class ReloadMeans:
    """What reloading is built on.

    ``read`` reads the file and may wait for the disk; ``refuse_unfit`` raises ``ControlroomError`` for a site
    that may not follow the one that runs; ``adopt`` goes on with a site; ``refused`` gets the answer to an
    act whose file was refused.
    """

    read: Callable[[], LoadedSite] | None
    refuse_unfit: Callable[[LoadedSite], None]
    adopt: Callable[[LoadedSite, TakenAct], Awaitable[None]]
    refused: Callable[[Taken], None]
    utc_s: Callable[[], float]


class Reloads:
    """The reloads that are under way or wait for their turn."""

    def __init__(self, means: ReloadMeans) -> None:
        """Nothing is under way."""
        self._means = means
        self._one_at_a_time = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, act: TakenAct) -> None:
        """Read the file because of an act; it is answered when that is done."""
        task = asyncio.get_running_loop().create_task(self._reload(act))
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def cancel(self) -> None:
        """Break off what is under way; its acts wait for the next engine."""
        for task in tuple(self._tasks):
            task.cancel()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (mistake := task.exception()) is not None:
            raise mistake  # rule 4

    async def _reload(self, act: TakenAct) -> None:
        async with self._one_at_a_time:
            try:
                loaded = await self._read()
                self._means.refuse_unfit(loaded)
            except ControlroomError as error:
                self._means.refused(_refused(act, error, self._means.utc_s()))
                return
            await self._means.adopt(loaded, act)

    async def _read(self) -> LoadedSite:
        if self._means.read is None:
            raise EngineError("no-site-file", "This engine was given no site file to read again.")
        return await asyncio.to_thread(self._means.read)


def _refused(act: TakenAct, error: ControlroomError, now_utc_s: float) -> Taken:
    code = "site_mistakes" if isinstance(error, SiteError) else error.code.replace("-", "_")
    mistake = str(error.mistakes[0]) if isinstance(error, SiteError) else str(error)
    return acts.refused(act, code, now_utc_s, mistake=mistake[:_LONGEST_MISTAKE])
