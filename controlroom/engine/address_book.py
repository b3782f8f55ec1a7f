"""The literal address of each endpoint: names are resolved off the loop and kept when that fails.

Rules:
1. A literal address is itself.
2. A name is looked up again every ``LOOK_UP_EVERY_S``; when that fails the last address stays, for
   a name server that is down does not make an endpoint unreachable.
3. Until a name has been found once there is no address, and the endpoint cannot be asked. Until its
   first look-up has ended one way or the other that is *undecided*, and no fault yet.
4. Each name is looked up by itself, and what is found counts at once: a dead name holds up no other.
5. A look-up without an answer within ``LOOK_UP_TAKES_AT_MOST_S`` has failed. It cannot be broken off:
   its thread goes on, the name is not looked up anew meanwhile, and a late answer still counts.
6. Each look-up has a daemon thread of its own, ``LOOK_UPS_AT_ONCE`` of them are waited for at a time,
   and nothing waits for one when the engine ends.
7. When the site changes, names that stay are looked up on as before.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress

LOOK_UP_EVERY_S = 60.0
LOOK_UP_AGAIN_S = 5.0
LOOK_UP_TAKES_AT_MOST_S = 5.0
LOOK_UPS_AT_ONCE = 32

log = logging.getLogger("controlroom.names")

LookUp = Callable[[str], str]
"""Turns a name into a literal address; blocks, and raises ``OSError`` or ``UnicodeError`` in vain."""


def is_literal(address: str) -> bool:
    """Whether an address needs no look-up."""
    try:
        ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return True


def system_look_up(name: str) -> str:
    """Ask this machine's resolver for a name's first address; may take as long as that likes."""
    return str(socket.getaddrinfo(name, None, type=socket.SOCK_DGRAM)[0][4][0])


class AddressBook:
    """Keeps the addresses of all endpoints current while ``keep_current`` runs."""

    def __init__(
        self,
        addresses: Mapping[str, str],
        *,
        look_up: LookUp = system_look_up,
        takes_at_most_s: float = LOOK_UP_TAKES_AT_MOST_S,
    ) -> None:
        """``addresses`` are the configured ones, by endpoint id."""
        self._literal: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._others = asyncio.Event()
        self._found: dict[str, str] = {}
        self._decided: set[str] = set()
        self._failing: set[str] = set()
        self._look_up = look_up
        self._takes_at_most_s = takes_at_most_s
        self._under_way: dict[str, asyncio.Future[str | None]] = {}
        self.adopt(addresses)

    def adopt(self, addresses: Mapping[str, str]) -> None:
        """Go on with other addresses; what was found of a name that stays is kept (rule 7)."""
        self._literal = {key: address for key, address in addresses.items() if is_literal(address)}
        self._names = {key: address for key, address in addresses.items() if key not in self._literal}
        self._others.set()

    def address(self, endpoint_id: str) -> str | None:
        """Return the literal address of an endpoint, or ``None`` while none is known."""
        literal = self._literal.get(endpoint_id)
        return literal if literal is not None else self._found.get(self._names.get(endpoint_id, ""))

    def undecided(self, endpoint_id: str) -> bool:
        """Whether an endpoint has no address only because its first look-up has not ended yet."""
        name = self._names.get(endpoint_id)
        return name is not None and name not in self._decided

    def found(self) -> Mapping[str, str]:
        """Return all addresses known now, by endpoint id."""
        named = {key: self._found[name] for key, name in self._names.items() if name in self._found}
        return {**self._literal, **named}

    async def keep_current(self) -> None:
        """Look all names up, again and again, until cancelled."""
        places = asyncio.Semaphore(LOOK_UPS_AT_ONCE)
        kept: dict[str, asyncio.Task[None]] = {}
        async with asyncio.TaskGroup() as group:
            while True:
                self._others.clear()
                wanted = set(self._names.values())
                for name in sorted(wanted - kept.keys()):
                    kept[name] = group.create_task(self._keep(name, places))
                for name in kept.keys() - wanted:
                    kept.pop(name).cancel()
                await self._others.wait()

    async def _keep(self, name: str, places: asyncio.Semaphore) -> None:
        while True:
            async with places:
                address = await self._answer(name)
            self._decided.add(name)
            self._learn(name, address)
            await asyncio.sleep(LOOK_UP_AGAIN_S if address is None else LOOK_UP_EVERY_S)

    def _learn(self, name: str, address: str | None) -> None:
        if address is None:
            if name not in self._failing:
                log.warning("%s cannot be resolved", name)
            self._failing.add(name)
            return
        if name in self._failing or self._found.get(name) != address:
            log.info("%s is now %s", name, address)
        self._failing.discard(name)
        self._found[name] = address

    async def _answer(self, name: str) -> str | None:
        """Wait for the look-up of a name, a new one or the one still under way (rule 5)."""
        answer = self._under_way.get(name)
        if answer is None:
            answer = self._under_way[name] = self._begin(name)
        await asyncio.wait({answer}, timeout=self._takes_at_most_s)
        if not answer.done():
            return None
        del self._under_way[name]
        return answer.result()

    def _begin(self, name: str) -> asyncio.Future[str | None]:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[str | None] = loop.create_future()

        def ask() -> None:
            try:
                address: str | None = self._look_up(name)
            except (OSError, UnicodeError):
                address = None
            # The loop may have ended meanwhile; then nobody waits for this any more.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(_deliver, answer, address)

        try:
            threading.Thread(target=ask, name=f"look-up {name}", daemon=True).start()
        except RuntimeError:  # this machine gives us no more threads just now
            answer.set_result(None)
        return answer


def _deliver(answer: asyncio.Future[str | None], address: str | None) -> None:
    if not answer.done():
        answer.set_result(address)
