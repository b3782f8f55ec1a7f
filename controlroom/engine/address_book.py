"""The literal address of each endpoint: names are resolved off the loop and kept when that fails.

Rules:
1. A literal address is itself.
2. A name is looked up again every ``LOOK_UP_EVERY_S``; when that fails the last address stays, for
   a name server that is down does not make an endpoint unreachable.
3. Until a name has been found once there is no address, and the endpoint cannot be asked.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
from collections.abc import Mapping

LOOK_UP_EVERY_S = 60.0
LOOK_UP_AGAIN_S = 5.0

log = logging.getLogger("controlroom.names")


def is_literal(address: str) -> bool:
    """Whether an address needs no look-up."""
    try:
        ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return True


class AddressBook:
    """Keeps the addresses of all endpoints current while ``keep_current`` runs."""

    def __init__(self, addresses: Mapping[str, str]) -> None:
        """``addresses`` are the configured ones, by endpoint id."""
        self._found = {key: address for key, address in addresses.items() if is_literal(address)}
        self._names = {key: address for key, address in addresses.items() if not is_literal(address)}

    def address(self, endpoint_id: str) -> str | None:
        """Return the literal address of an endpoint, or ``None`` while none is known."""
        return self._found.get(endpoint_id)

    def found(self) -> Mapping[str, str]:
        """Return all addresses known now."""
        return dict(self._found)

    async def keep_current(self) -> None:
        """Look all names up, again and again, until cancelled."""
        while self._names:
            missing = await self._look_up_all()
            await asyncio.sleep(LOOK_UP_AGAIN_S if missing else LOOK_UP_EVERY_S)

    async def _look_up_all(self) -> int:
        names = sorted(set(self._names.values()))
        results = dict(zip(names, await asyncio.gather(*map(_look_up, names)), strict=True))
        for endpoint_id, name in self._names.items():
            address = results[name]
            if address is not None and self._found.get(endpoint_id) != address:
                log.info("%s is now %s", name, address)
                self._found[endpoint_id] = address
        return sum(address is None for address in results.values())


async def _look_up(name: str) -> str | None:
    loop = asyncio.get_running_loop()
    try:
        answers = await loop.getaddrinfo(name, None, type=socket.SOCK_DGRAM)
    except OSError:
        log.warning("%s cannot be resolved", name)
        return None
    return str(answers[0][4][0]) if answers else None
