"""Secrets by their references, read once off the loop and kept in memory. It shows none to anyone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from controlroom.errors import SecretError
from probes.side_thread import SideThread


class SecretCache:
    """Gives secrets; many that ask for the same one at once cause one reading."""

    def __init__(self, resolve: Callable[[str], str], thread: SideThread) -> None:
        """``resolve`` may block: it runs in ``thread``."""
        self._resolve = resolve
        self._thread = thread
        self._readings: dict[str, asyncio.Task[str]] = {}

    async def secret(self, reference: str | None) -> str:
        """Return the secret; ``""`` for no reference. Raise ``SecretError`` where it cannot be had."""
        if reference is None:
            return ""
        reading = self._readings.get(reference)
        if reading is None:
            reading = asyncio.get_running_loop().create_task(self._read(reference))
            self._readings[reference] = reading
        return await asyncio.shield(reading)

    def forget(self, references: Iterable[str | None]) -> None:
        """Read these again the next time: the device did not accept what was kept."""
        for reference in references:
            reading = self._readings.get(reference or "")
            if reading is not None and reading.done():
                del self._readings[reference or ""]

    async def stop(self) -> None:
        """Forget everything."""
        readings = [*self._readings.values()]
        self._readings.clear()
        for reading in readings:
            reading.cancel()
        await asyncio.gather(*readings, return_exceptions=True)

    async def _read(self, reference: str) -> str:
        try:
            secret = await self._thread.run(lambda: self._resolve(reference))
        except SecretError:
            # A failure is not kept: the file may be there the next time.
            self._readings.pop(reference, None)
            raise
        if not secret:
            self._readings.pop(reference, None)
            raise SecretError("secret-empty", f"The secret {reference} is empty.", "Write it there.")
        return secret
