"""Asks one question of one name server: by UDP, and by TCP where the answer does not fit.

Rules
1. One question, one answer: a lost question is a lost question, and is not asked again.
2. A message that does not answer the question is counted as forged, and the wait goes on (RFC 5452).
3. The time runs from the first byte sent to the answer that counts, a change to TCP included.
"""

from __future__ import annotations

import asyncio
import secrets
import struct
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from controlroom.reading import Outcome, Reason
from probes.datagram import Arrival, Datagram
from probes.dns.parameters import DnsParameters, Transport
from probes.errand import Answer, Errand
from probes.stream import open_stream

if TYPE_CHECKING:
    from probes.dns.message import Query, Reply

COUNTED: Final = ("forged", "malformed", "truncated")

_LENGTH: Final = struct.Struct("!H")


async def ask(errand: Errand) -> Answer:
    """Ask, and judge what comes."""
    # The library was loaded with the parameters; a site without such probes goes without.
    from probes.dns.message import build_query

    query = build_query(errand.parameters(DnsParameters), secrets.randbelow(0x10000))
    return await _Inquiry(errand, query).answer()


class _Inquiry:
    """One question and what has come back for it."""

    def __init__(self, errand: Errand, query: Query) -> None:
        self._errand = errand
        self._query = query
        self._unreadable = ""

    async def answer(self) -> Answer:
        """Ask by UDP, by TCP, or by both one after the other."""
        from probes.dns.message import is_truncated

        if self._query.parameters.transport is Transport.UDP:
            reply, rtt_s = await self._by_datagram()
            if reply is None or not is_truncated(reply):
                return self._judged(reply, rtt_s)
            self._errand.counts["truncated"] += 1
        else:
            rtt_s = 0.0
        began_s = self._errand.context.monotonic_s()
        reply = await self._by_stream()
        return self._judged(reply, rtt_s + self._errand.context.monotonic_s() - began_s)

    async def _by_datagram(self) -> tuple[Reply | None, float]:
        """Return the reply, ``None`` when none came in time, and how long it took."""
        question, clock = self._errand.question, self._errand.context.monotonic_s

        def judge(arrival: Arrival) -> tuple[Reply, float] | None:
            reply = self._ours(arrival.data)
            return None if reply is None else (reply, arrival.monotonic_s)

        with Datagram(question.address, self._query.parameters.port, clock) as datagram:
            began_s = datagram.send(self._query.wire)
            met = await datagram.reply(judge, self._errand.due_s)
        return (None, 0.0) if met is None else (met[0], met[1] - began_s)

    async def _by_stream(self) -> Reply | None:
        """Ask by TCP (RFC 7766); ``None`` when no reply came in time."""
        question, wire = self._errand.question, self._query.wire
        try:
            async with (
                asyncio.timeout(self._errand.left_s()),
                open_stream(question.address, self._query.parameters.port) as (reader, writer),
            ):
                writer.write(_LENGTH.pack(len(wire)) + wire)
                await writer.drain()
                while True:
                    (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
                    reply = self._ours(await reader.readexactly(length))
                    if reply is not None:
                        return reply
        except TimeoutError:
            return None

    def _ours(self, data: bytes) -> Reply | None:
        """Read what came; ``None``, and counted, when it does not answer the question."""
        from probes.dns.message import ForgedError, MalformedError, read_reply

        try:
            return read_reply(self._query, data)
        except ForgedError:
            self._errand.counts["forged"] += 1
        except MalformedError:
            self._errand.counts["malformed"] += 1
            self._unreadable = f"0x{data[:64].hex()}"
        return None

    def _judged(self, reply: Reply | None, rtt_s: float) -> Answer:
        from probes.dns.message import judge

        if reply is None:
            reason = Reason.UNDECODABLE if self._unreadable else Reason.DEADLINE
            return Answer(Outcome.NO_REPLY, reason, text=self._unreadable)
        answer = judge(self._query, reply)
        return replace(answer, values={"rtt_s": rtt_s, **answer.values}) if answer.values else answer
