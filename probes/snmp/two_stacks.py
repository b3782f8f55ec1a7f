"""The fast stack for whatever it can, the portable one for the rest: what one lacks falls to the other.

Rules
1. The portable stack lives in a process of its own, and is started when the first question needs it.
2. Nothing is asked twice: which stack asks follows from the credentials alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final

from probes.snmp.client import Answer, Credentials, Get, PrivacyProtocol, SnmpClient, Walk

FAST_LACKS: Final = frozenset(
    {PrivacyProtocol.AES192, PrivacyProtocol.AES256, PrivacyProtocol.AES192C, PrivacyProtocol.AES256C}
)
"""What gufo-snmp 0.13 cannot encrypt."""


class TwoStacks:
    """An ``SnmpClient`` made of two."""

    def __init__(self, fast: SnmpClient, portable: SnmpClient) -> None:
        """Start neither."""
        self._fast, self._portable = fast, portable
        self._starting: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the fast stack."""
        await self._fast.start()

    async def stop(self) -> None:
        """Stop what was started."""
        await self._fast.stop()
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)
            await self._portable.stop()

    def health(self) -> Mapping[str, float]:
        """Tell what both count."""
        counted = {} if self._starting is None else self._portable.health()
        return {**self._fast.health(), **counted}

    async def prepare(self, credentials: Credentials) -> None:
        """Start the stack that can, if need be, and make it ready."""
        await (await self._stack_for(credentials)).prepare(credentials)

    async def get(self, asked: Get) -> Answer:
        """Ask by the stack that can."""
        return await (await self._stack_for(asked.credentials)).get(asked)

    async def walk(self, asked: Walk) -> Answer:
        """Walk by the stack that can."""
        return await (await self._stack_for(asked.credentials)).walk(asked)

    async def _stack_for(self, credentials: Credentials) -> SnmpClient:
        if credentials.privacy_protocol not in FAST_LACKS:
            return self._fast
        if self._starting is None:
            self._starting = asyncio.get_running_loop().create_task(self._portable.start())
        await asyncio.shield(self._starting)
        return self._portable
