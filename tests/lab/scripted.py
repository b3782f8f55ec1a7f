"""Real servers on loopback that answer as a test's script says: one of datagrams, one of streams.

Each runs in a thread of its own and keeps what it was sent. A script is given what came, and how many came
before, and says what goes back.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

Script = Callable[[bytes, int], Sequence[bytes | float]]
"""What goes back for a message: byte strings, each sent at once, and pauses in seconds between them."""

LOOPBACK: Final = "127.0.0.1"
_LOOK_EVERY_S: Final = 0.05
_RECEIVE_BYTES: Final = 65_535


@dataclass(slots=True)
class Server:
    """A running server: its port, and all that it was sent with the wall time when it came."""

    port: int
    received: list[bytes] = field(default_factory=list)
    received_at_s: list[float] = field(default_factory=list)


@contextmanager
def datagram_server(script: Script, host: str = LOOPBACK) -> Iterator[Server]:
    """Answer datagrams as the script says."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as listening:
        listening.bind((host, 0))
        listening.settimeout(_LOOK_EVERY_S)
        server = Server(int(listening.getsockname()[1]))
        with _serving(lambda: _answer_datagram(listening, server, script)):
            yield server


@contextmanager
def stream_server(script: Script, tls: ssl.SSLContext | None = None, port: int = 0) -> Iterator[Server]:
    """Answer each piece that comes by a stream as the script says; an empty piece closes the connection."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((LOOPBACK, port))
        listening.listen()
        listening.settimeout(_LOOK_EVERY_S)
        server = Server(int(listening.getsockname()[1]))
        with _serving(lambda: _answer_stream(listening, server, script, tls)):
            yield server


@contextmanager
def _serving(serve_once: Callable[[], None]) -> Iterator[None]:
    ended = threading.Event()

    def serve() -> None:
        while not ended.is_set():
            with suppress(TimeoutError):
                serve_once()

    thread = threading.Thread(target=serve, name="scripted server", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(5.0)


def _answer_datagram(listening: socket.socket, server: Server, script: Script) -> None:
    data, sender = listening.recvfrom(_RECEIVE_BYTES)
    server.received.append(data)
    server.received_at_s.append(time.time())
    for each in script(data, len(server.received) - 1):
        if isinstance(each, bytes):
            listening.sendto(each, sender)
        else:
            time.sleep(each)


def _answer_stream(
    listening: socket.socket, server: Server, script: Script, tls: ssl.SSLContext | None
) -> None:
    raw, _ = listening.accept()
    raw.settimeout(1.0)
    with raw, suppress(OSError), raw if tls is None else tls.wrap_socket(raw, server_side=True) as peer:
        while data := peer.recv(_RECEIVE_BYTES):
            server.received.append(data)
            server.received_at_s.append(time.time())
            for each in script(data, len(server.received) - 1):
                if each == b"":
                    return
                if isinstance(each, bytes):
                    peer.sendall(each)
                else:
                    time.sleep(each)
