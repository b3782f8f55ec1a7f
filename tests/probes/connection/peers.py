"""Real servers on loopback: good, slow, silent and out of their mind; and how probes are asked there."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import ssl
import struct
import time
from collections.abc import AsyncIterator, Awaitable, Callable

from controlroom.probe import ProbeParameters, ProberContext, ProbeType, Question
from controlroom.reading import ProbeKey, Reading

KEY = ProbeKey("server", "probe")

Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextlib.asynccontextmanager
async def serving(
    behave: Behaviour, context: ssl.SSLContext | None = None, host: str = "127.0.0.1"
) -> AsyncIterator[int]:
    """Serve on loopback while the block runs; yields the port."""
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await behave(reader, writer)
        except (OSError, asyncio.CancelledError):
            return  # the probe has gone, or the test is over
        finally:
            tasks.discard(task)
            writer.close()

    server = await asyncio.start_server(serve, host, 0, ssl=context)
    # A handshake that a probe breaks off is what is tested, and no trouble of the server's.
    asyncio.get_running_loop().set_exception_handler(lambda loop, told: None)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in [*tasks]:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0.01)  # for the transports to close


async def quiet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take everything, and say nothing until the other side goes."""
    while not reader.at_eof():
        await reader.read(65536)


async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Break the connection off with a reset when the first byte has come."""
    await reader.read(1)
    transport = writer.transport
    broken: socket.socket = transport.get_extra_info("socket")
    broken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def saying(*parts: bytes, pause_s: float = 0.0, wait: bool = True) -> Behaviour:
    """Say these parts with a pause before each, whatever was asked; then go."""

    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if wait:
            await reader.read(65536)
        for part in parts:
            await asyncio.sleep(pause_s)
            writer.write(part)
            await writer.drain()

    return say


_WRITES_A_TURN = 64


def flooding(head: bytes, chunk: bytes) -> Behaviour:
    """Say something, then the same for ever, as fast as it is taken.

    A full buffer alone makes ``drain`` wait, so the loop is let turn besides: it is the probe's loop as well.
    """

    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            for _ in range(_WRITES_A_TURN):
                writer.write(chunk)
            await writer.drain()
            await asyncio.sleep(0)

    return flood


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


async def answer(
    probe_type: ProbeType,
    parameters: ProbeParameters,
    *,
    address: str = "127.0.0.1",
    name: str = "",
    timeout_s: float = 3.0,
    secret: Callable[[str], str] = str,
) -> Reading:
    """Ask once, check that no socket is left behind, and return the one reading."""
    readings: asyncio.Queue[Reading] = asyncio.Queue()
    prober = probe_type.create(ProberContext(readings.put_nowait, time.time, time.monotonic, secret))
    await prober.start()
    before = client_sockets()
    prober.ask(Question(KEY, address, parameters, timeout_s, name=name))
    async with asyncio.timeout(timeout_s + 2):
        reading = await readings.get()
    assert client_sockets() <= before
    await prober.stop()
    assert readings.empty()
    return reading


def client_sockets() -> set[str]:
    """Return this process's sockets that are connected by us or on the way to it: not those of a server."""
    found = set()
    for number in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):
            inode = os.readlink(f"/proc/self/fd/{number}")
            if inode.startswith("socket:"):
                found.add(inode)
    return found & _dialled()


def _dialled() -> set[str]:
    """The sockets whose own end is no port that is listened on."""
    listened, inodes = set(), {}
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with open(table, encoding="ascii") as lines:
            for line in [*lines][1:]:
                fields = line.split()
                port = fields[1].rpartition(":")[2]
                inodes[f"socket:[{fields[9]}]"] = port
                if fields[3] == "0A":
                    listened.add(port)
    return {inode for inode, port in inodes.items() if port not in listened}
