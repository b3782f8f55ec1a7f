"""The literal addresses of each endpoint: names are resolved off the loop and kept when that fails.

Rules:
1. A literal address is itself.
2. A name is looked up again when its time to live has run out, no sooner than ``LOOK_UP_AGAIN_S`` and
   no later than ``LOOK_UP_EVERY_S``, which also holds where nobody tells how long it lives. When a look-up
   fails the last addresses stay, for a name server that is down does not make an endpoint unreachable;
   that, its end and every other change of an address are told (``on_change``).
3. Until a name has been found once there is no address, and the endpoint cannot be asked. Until its
   first look-up has ended one way or the other that is *undecided*, and no fault yet.
4. Each name is looked up by itself, and what is found counts at once: a dead name holds up no other.
5. A look-up without an answer within ``LOOK_UP_TAKES_AT_MOST_S`` has failed. It cannot be broken off:
   its thread goes on, the name is not looked up anew meanwhile, and a late answer still counts.
6. Each look-up has a daemon thread of its own, ``LOOK_UPS_AT_ONCE`` of them are waited for at a time,
   and nothing waits for one when the engine ends.
7. When the site changes, names that stay are looked up on as before.
8. A name may have several addresses, of both IP versions. The one in use stays in use as long as the
   name has it, in whatever order name servers write them; one of a version is kept for each.
"""

from __future__ import annotations

import asyncio
import enum
import ipaddress
import logging
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TypeVar

LOOK_UP_EVERY_S = 60.0
LOOK_UP_AGAIN_S = 5.0
LOOK_UP_TAKES_AT_MOST_S = 5.0
LOOK_UPS_AT_ONCE = 32

log = logging.getLogger("controlroom.names")

LookUp = Callable[[str], tuple[str, ...]]
"""Turns a name into literal addresses; blocks, and raises ``OSError`` or ``UnicodeError`` in vain."""

TimeToLive = Callable[[str], float | None]
"""Tells for how many seconds the addresses of a name may be kept; blocks; ``None`` where nobody tells."""

Told = TypeVar("Told")


class NameChange(enum.Enum):
    """What became of a name whose addresses were known."""

    LOST = "lost"
    BACK = "back"
    MOVED = "moved"


OnChange = Callable[[str, NameChange, str], None]
"""Told the endpoint, what became of its name, and the address that is asked from now on."""


def is_literal(address: str) -> bool:
    """Whether an address needs no look-up."""
    try:
        ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return True


def ip_version_of(address: str) -> int:
    """Return 4 or 6 for a literal address."""
    return ipaddress.ip_address(address.partition("%")[0]).version


def system_look_up(name: str) -> tuple[str, ...]:
    """Ask this machine's resolver for a name's addresses, the best first; may take as long as that likes."""
    return tuple(str(each[4][0]) for each in socket.getaddrinfo(name, None, type=socket.SOCK_DGRAM))


class AddressBook:
    """Keeps the addresses of all endpoints current while ``keep_current`` runs."""

    def __init__(
        self,
        addresses: Mapping[str, str],
        *,
        look_up: LookUp = system_look_up,
        time_to_live: TimeToLive | None = None,
        on_change: OnChange | None = None,
        takes_at_most_s: float = LOOK_UP_TAKES_AT_MOST_S,
    ) -> None:
        """``addresses`` are the configured ones, by endpoint id."""
        self._literal: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._others = asyncio.Event()
        self._found: dict[str, tuple[str, ...]] = {}
        self._decided: set[str] = set()
        self._failing: set[str] = set()
        self._look_up, self._time_to_live = look_up, time_to_live
        self._on_change = on_change
        self._takes_at_most_s = takes_at_most_s
        self._under_way: dict[str, asyncio.Future[tuple[str, ...]]] = {}
        self.adopt(addresses)

    def adopt(self, addresses: Mapping[str, str]) -> None:
        """Go on with other addresses; what was found of a name that stays is kept (rule 7)."""
        self._literal = {key: address for key, address in addresses.items() if is_literal(address)}
        self._names = {key: address for key, address in addresses.items() if key not in self._literal}
        self._others.set()

    def address(self, endpoint_id: str, version: int | None = None) -> str | None:
        """Return the literal address of an endpoint, or its first of an IP version; ``None`` without one."""
        literal = self._literal.get(endpoint_id)
        if version is None:
            if literal is not None:
                return literal
            found = self._found.get(self._names.get(endpoint_id, ""))
            return found[0] if found else None
        known = self._found.get(self._names.get(endpoint_id, ""), ()) if literal is None else (literal,)
        return next((address for address in known if ip_version_of(address) == version), None)

    @property
    def failing(self) -> int:
        """How many names cannot be resolved just now."""
        return len(self._failing & set(self._names.values()))

    @property
    def never_found(self) -> int:
        """How many of those have no last address that could be asked."""
        return len(self._failing & set(self._names.values()) - self._found.keys())

    def undecided(self, endpoint_id: str) -> bool:
        """Whether an endpoint has no address only because its first look-up has not ended yet."""
        name = self._names.get(endpoint_id)
        return name is not None and name not in self._decided

    def lacks_address(self, endpoint_id: str) -> bool:
        """Whether an endpoint goes by a name that was never found, or not looked up yet."""
        name = self._names.get(endpoint_id)
        return name is not None and name not in self._found

    def found(self) -> Mapping[str, str]:
        """Return all addresses known now, by endpoint id."""
        named = {key: self._found[name][0] for key, name in self._names.items() if name in self._found}
        return {**self._literal, **named}

    def beyond(self, ways_out: frozenset[int] | None) -> Mapping[str, int]:
        """Return the endpoints by whose IP version there is no way out, with it; none where nobody knows."""
        versions = {key: 6 if ":" in address else 4 for key, address in self.found().items()}
        if ways_out is None:
            return {}
        return {key: version for key, version in versions.items() if version not in ways_out}

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
                addresses = await self._answer(name)
            self._decided.add(name)
            self._learn(name, addresses)
            await asyncio.sleep(await self._rest_s(name) if addresses else LOOK_UP_AGAIN_S)

    async def _rest_s(self, name: str) -> float:
        """How long a name that was found rests before it is looked up again (rule 2)."""
        ask = self._time_to_live
        if ask is None:
            return LOOK_UP_EVERY_S
        answer: asyncio.Future[float | None] = _in_a_thread(name, lambda: ask(name), None)
        await asyncio.wait({answer}, timeout=self._takes_at_most_s)
        lives_s = answer.result() if answer.done() else None
        return LOOK_UP_EVERY_S if lives_s is None else min(max(lives_s, LOOK_UP_AGAIN_S), LOOK_UP_EVERY_S)

    def _learn(self, name: str, addresses: tuple[str, ...]) -> None:
        """Keep what a look-up found, and tell what that changes (rules 2 and 8)."""
        before = self._found.get(name)
        if not addresses:
            if name not in self._failing:
                log.warning("%s cannot be resolved", name)
                if before is not None:
                    self._tell(name, NameChange.LOST, before[0])
            self._failing.add(name)
            return
        now = self._found[name] = _still_first(before or (), addresses)
        if before is not None and now[0] != before[0]:
            self._tell(name, NameChange.MOVED, now[0])
        elif before is not None and name in self._failing:
            self._tell(name, NameChange.BACK, now[0])
        if name in self._failing or before is None or now[0] != before[0]:
            log.info("%s is now %s", name, now[0])
        self._failing.discard(name)

    def _tell(self, name: str, change: NameChange, address: str) -> None:
        """Tell of every endpoint that goes by a name."""
        if self._on_change is not None:
            for endpoint_id in [key for key, own in self._names.items() if own == name]:
                self._on_change(endpoint_id, change, address)

    async def _answer(self, name: str) -> tuple[str, ...]:
        """Wait for the look-up of a name, a new one or the one still under way (rule 5)."""
        answer = self._under_way.get(name)
        if answer is None:
            none: tuple[str, ...] = ()
            answer = self._under_way[name] = _in_a_thread(name, lambda: self._look_up(name), none)
        await asyncio.wait({answer}, timeout=self._takes_at_most_s)
        if not answer.done():
            return ()
        del self._under_way[name]
        return answer.result()


def _in_a_thread(name: str, ask: Callable[[], Told], in_vain: Told) -> asyncio.Future[Told]:
    """Ask in a thread that no end waits for; what cannot be asked, or is asked in vain, is ``in_vain``."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Told] = loop.create_future()

    def work() -> None:
        try:
            told = ask()
        except (OSError, UnicodeError):
            told = in_vain
        # The loop may have ended meanwhile; then nobody waits for this any more.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_deliver, answer, told)

    try:
        threading.Thread(target=work, name=f"look-up {name}", daemon=True).start()
    except RuntimeError:  # this machine gives us no more threads just now
        answer.set_result(in_vain)
    return answer


def _still_first(before: tuple[str, ...], addresses: tuple[str, ...]) -> tuple[str, ...]:
    """Put the addresses in use before the others, as far as the name still has them (rule 8)."""
    kept = [address for address in before if address in addresses]
    new = [address for address in dict.fromkeys(addresses) if address not in kept]
    return (*kept, *new)


def _deliver(answer: asyncio.Future[Told], told: Told) -> None:
    if not answer.done():
        answer.set_result(told)
