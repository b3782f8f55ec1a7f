"""SNMP messages made by hand, for agents that a test scripts: right ones, wrong ones and forged ones."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

UPTIME_NAME: Final = bytes([0x06, 8, 0x2B, 6, 1, 2, 1, 1, 3, 0])
"""sysUpTime.0 as an encoded object identifier."""


def element(tag: int, contents: bytes) -> bytes:
    """Encode one element (X.690) with the shortest length."""
    size = len(contents)
    if size < 0x80:
        return bytes([tag, size]) + contents
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + contents


def variable(value: bytes, name: bytes = UPTIME_NAME) -> bytes:
    """A variable: its name, and its value already encoded."""
    return element(0x30, name + value)


def response(
    request: bytes,
    variables: bytes,
    *,
    status: int = 0,
    index: int = 0,
    tag: int = 0xA2,
    community: bytes = b"",
) -> bytes:
    """Answer a version 1 or 2c request, with its own community and number unless told otherwise."""
    version, asked_with, number = _parts(request)
    pdu = number + element(2, bytes([status])) + element(2, bytes([index])) + element(0x30, variables)
    return element(0x30, version + element(4, community or asked_with) + element(tag, pdu))


def _parts(request: bytes) -> tuple[bytes, bytes, bytes]:
    """The version and the request number as they stand in a request, and its community."""
    at = 2 + (request[1] & 0x7F if request[1] & 0x80 else 0)
    version = request[at : at + 3]
    community_stop = at + 5 + request[at + 4]
    community = request[at + 5 : community_stop]
    length = request[community_stop + 1]
    number_at = community_stop + 2 + (length & 0x7F if length & 0x80 else 0)
    return version, community, request[number_at : number_at + 2 + request[number_at + 1]]


@asynccontextmanager
async def scripted_agent(reply: Callable[[bytes], list[bytes]]) -> AsyncIterator[int]:
    """Run an agent on loopback that sends what ``reply`` makes of each request; gives its port."""
    loop = asyncio.get_running_loop()
    agent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    agent.setblocking(False)
    agent.bind(("127.0.0.1", 0))

    def serve() -> None:
        request, asker = agent.recvfrom(65_535)
        for datagram in reply(request):
            agent.sendto(datagram, asker)

    loop.add_reader(agent, serve)
    try:
        yield int(agent.getsockname()[1])
    finally:
        loop.remove_reader(agent)
        agent.close()
