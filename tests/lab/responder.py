"""The process behind the lab's tunnel: answers by the script, and writes down what it saw.

Runs inside the namespace as ``python -m tests.lab.responder DEVICE``. Commands come as lines of JSON on
standard input, each answered by one line on standard output; the end of the input ends the process.
Commands: ``{"do": "script", "address": A or null, "script": {...}}`` (null: everyone without a script of
their own), ``{"do": "reset"}`` (no scripts, nothing seen), ``{"do": "seen"}``.
"""

from __future__ import annotations

import fcntl
import heapq
import ipaddress
import json
import os
import select
import struct
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace
from typing import Any

from tests.lab.echo import EchoRequest, echo_reply, icmp_error, read_echo_request, read_other_request
from tests.lab.script import Fate, Seen, TargetScript

_TUNSETIFF = 0x400454CA
_IFF_TUN_WITHOUT_PREFIX = 0x0001 | 0x1000
_PACKET_BYTES = 65_535
_MOST_PER_ROUND = 64


def open_tunnel(device: str) -> int:
    """Create a TUN device in the present network namespace and return its file descriptor."""
    descriptor = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    request = struct.pack("16sH22x", device.encode("ascii"), _IFF_TUN_WITHOUT_PREFIX)
    fcntl.ioctl(descriptor, _TUNSETIFF, request)
    return descriptor


class Responder:
    """Answers echo requests by script and keeps the truth about each."""

    def __init__(self, send: Callable[[bytes], None]) -> None:
        """Answer through ``send``, which takes IP packets."""
        self._send = send
        self._default = TargetScript()
        self._scripts: dict[str, TargetScript] = {}
        self._fates: dict[str, Fate] = {}
        self._seen: list[Seen] = []
        self._waiting: list[tuple[float, int, list[bytes], bool]] = []

    def take(self, packet: bytes) -> None:
        """Take one packet out of the tunnel: note it, and send or line up the answer."""
        arrived_utc_s, arrived_monotonic_s = time.time(), time.monotonic()
        request = read_echo_request(packet)
        if request is None:
            self._refuse(packet)
            return
        address = request.address
        seen = Seen(
            address=address,
            identifier=request.identifier,
            sequence=request.sequence,
            size_bytes=len(request.message),
            ttl=request.ttl,
            traffic_class=request.traffic_class,
            dont_fragment=request.dont_fragment,
            source=str(ipaddress.ip_address(request.source)),
            arrived_utc_s=arrived_utc_s,
            arrived_monotonic_s=arrived_monotonic_s,
        )
        index = len(self._seen)
        self._seen.append(seen)
        script = self._scripts.get(address, self._default)
        fate = self._fates.get(address)
        if fate is None:
            fate = self._fates[address] = Fate(script, address)
        delay_s = fate.draw(arrived_monotonic_s)
        if delay_s is not None:
            packets, true_answer = _answers(script, request)
            heapq.heappush(self._waiting, (arrived_monotonic_s + delay_s, index, packets, true_answer))

    def _refuse(self, packet: bytes) -> None:
        """Answer what is no ping by the ICMP error that the script has for its address, if any."""
        other = read_other_request(packet)
        script = self._scripts.get(other.address, self._default) if other is not None else self._default
        if other is not None and script.icmp_error is not None:
            quoted, sender = script.quote_bytes, script.error_sender
            self._send(icmp_error(other, script.icmp_error, quoted, mtu=script.mtu, sender=sender))

    def send_due(self) -> float | None:
        """Send what is due and return how long nothing will be; None when nothing waits."""
        while self._waiting:
            wait_s = self._waiting[0][0] - time.monotonic()
            if wait_s > 0:
                return wait_s
            _due_s, index, packets, true_answer = heapq.heappop(self._waiting)
            replied_utc_s, replied_monotonic_s = time.time(), time.monotonic()
            for packet in packets:
                self._send(packet)
            self._seen[index] = replace(
                self._seen[index],
                answered=true_answer,
                replied_utc_s=replied_utc_s,
                replied_monotonic_s=replied_monotonic_s,
            )
        return None

    def command(self, words: dict[str, Any]) -> object:
        """Obey one command and return its answer."""
        if words["do"] == "script":
            self._set_script(words["address"], TargetScript.from_json(words["script"]))
        elif words["do"] == "reset":
            self._scripts.clear()
            self._set_script(None, TargetScript())
            self._waiting.clear()
            self._seen.clear()
        elif words["do"] == "seen":
            return [asdict(seen) for seen in self._seen]
        return None

    def _set_script(self, address: str | None, script: TargetScript) -> None:
        """Set the script of one address, or the one of all that have none of their own."""
        if address is None:
            self._default = script
            self._fates.clear()
        else:
            self._scripts[address] = script
            self._fates.pop(address, None)


def _answers(script: TargetScript, request: EchoRequest) -> tuple[list[bytes], bool]:
    """Return what to send back and whether it is a true echo reply."""
    hop = _ending_hop(script, request)
    if hop is not None:
        exceeded = (11, 0) if request.version == 4 else (3, 0)
        return [icmp_error(request, exceeded, script.quote_bytes, sender=hop)], False
    if script.icmp_error is not None:
        quoted, sender = script.quote_bytes, script.error_sender
        return [icmp_error(request, script.icmp_error, quoted, mtu=script.mtu, sender=sender)], False
    reply = echo_reply(
        request, spoil=script.wrong_secret, other_source=script.wrong_source, echo_bytes=script.echo_bytes
    )
    true_answer = not (script.wrong_secret or script.wrong_source)
    return [reply, reply] if script.duplicate else [reply], true_answer


def _ending_hop(script: TargetScript, request: EchoRequest) -> str | None:
    """Return the router on the way at which the request's time to live ends; None when it gets through."""
    return script.route[request.ttl - 1] if 0 < request.ttl <= len(script.route) else None


def serve(tunnel: int, commands: int, answers: int) -> None:
    """Answer until the commands end."""

    def send(packet: bytes) -> None:
        # A cable that is pulled (``LabNetwork.cut``) loses what is under way.
        with suppress(OSError):
            os.write(tunnel, packet)

    responder = Responder(send)
    unread = b""
    os.set_blocking(commands, False)
    while True:
        wait_s = responder.send_due()
        readable, _, _ = select.select([tunnel, commands], [], [], wait_s)
        if tunnel in readable:
            with suppress(OSError):  # mostly: nothing more to read
                for _ in range(_MOST_PER_ROUND):
                    responder.take(os.read(tunnel, _PACKET_BYTES))
                    responder.send_due()
        if commands in readable:
            chunk = os.read(commands, 65_536)
            if not chunk:
                return
            *lines, unread = (unread + chunk).split(b"\n")
            for line in lines:
                _answer(answers, responder.command(json.loads(line)))


def _answer(answers: int, answer: object) -> None:
    """Write one answer as a line of JSON."""
    rest = json.dumps(answer).encode() + b"\n"
    while rest:
        rest = rest[os.write(answers, rest) :]


def main() -> None:
    """Open the tunnel, say so, and serve."""
    tunnel = open_tunnel(sys.argv[1])
    with suppress(PermissionError, OSError):
        # A lab that is itself kept waiting would measure its own lateness.
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    _answer(1, "ready")
    serve(tunnel, 0, 1)


if __name__ == "__main__":
    main()
