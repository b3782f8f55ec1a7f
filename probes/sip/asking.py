"""Asks a telephone server once by OPTIONS. It starts no call, registers nowhere and answers nothing.

Rules
1. By UDP a request without an answer is sent again after 0.5 s, then after twice as long each time, at most
   4 s, and every 4 s once the server has said that it is at work (RFC 3261, 17.1.2); never after the
   deadline. How often is a figure of its own, for it tells of loss that the answer hides.
2. The time runs from the first sending; by a stream, where the connection has its own figure, from then on.
3. A response to anything else is counted as forged, and the wait goes on.
"""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from typing import Final

from controlroom.reading import Outcome, Reason
from probes.connection.trust import Trust
from probes.datagram import Arrival, Datagram
from probes.errand import Answer, Errand, UnansweredError
from probes.side_thread import SideThread
from probes.sip.message import Response, Ticket, body_bytes, build_options, parse_response
from probes.sip.parameters import UNAVAILABLE, SipParameters, Transport
from probes.stream import open_stream

COUNTED: Final = ("forged", "malformed", "retransmissions")

FIRST_INTERVAL_S: Final = 0.5
LONGEST_INTERVAL_S: Final = 4.0
_END_OF_HEADERS: Final = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class _Met:
    """A final response, and when it came."""

    response: Response
    monotonic_s: float


class SipAsker:
    """Does the errands of all SIP probes."""

    def __init__(self) -> None:
        """Nothing is read before the first question by TLS."""
        self._thread = SideThread("sip-authorities")
        self._trust = Trust(self._thread)

    async def __call__(self, errand: Errand) -> Answer:
        """Ask, and judge what comes."""
        parameters = errand.parameters(SipParameters)
        if parameters.transport is Transport.UDP:
            return await _Inquiry(errand, parameters).by_datagram()
        tls = None
        if parameters.transport is Transport.TLS:
            tls = await self._trust.context(parameters.tls_settings)
        return await _Inquiry(errand, parameters).by_stream(tls)

    async def stop(self) -> None:
        """Let the thread go."""
        self._thread.stop()


class _Inquiry:
    """One request and what has come back for it."""

    def __init__(self, errand: Errand, parameters: SipParameters) -> None:
        self._errand = errand
        self._parameters = parameters
        self._ticket = Ticket()
        self._at_work = False
        self._unreadable = ""

    async def by_datagram(self) -> Answer:
        """Ask by UDP, again and again until the deadline."""
        errand, clock = self._errand, self._errand.context.monotonic_s
        with Datagram(errand.question.address, self._parameters.wire_port, clock) as datagram:
            request = self._request(datagram.own_address)
            began_s = datagram.send(request)
            interval_s, again_s, times = FIRST_INTERVAL_S, began_s + FIRST_INTERVAL_S, 0
            while True:
                until_s = min(again_s, errand.due_s)
                met = await datagram.reply(self._final, until_s, due_s=errand.due_s)
                if met is not None or until_s >= errand.due_s:
                    break
                datagram.send(request)
                times += 1
                errand.counts["retransmissions"] += 1
                interval_s = LONGEST_INTERVAL_S if self._at_work else min(2 * interval_s, LONGEST_INTERVAL_S)
                again_s += interval_s
        figures = {"retransmissions_count": float(times)}
        return self._judged(met, began_s, figures)

    async def by_stream(self, tls: ssl.SSLContext | None) -> Answer:
        """Ask by TCP or TLS, once: a stream loses nothing."""
        errand, clock = self._errand, self._errand.context.monotonic_s
        met: _Met | None = None
        figures: dict[str, float] = {}
        began_s = clock()
        try:
            async with (
                asyncio.timeout(errand.left_s()),
                open_stream(
                    errand.question.address,
                    self._parameters.wire_port,
                    tls=tls,
                    server_name=self._parameters.server_name,
                ) as (reader, writer),
            ):
                connected_s = clock()
                figures["connect_s"], began_s = connected_s - began_s, connected_s
                host, port = writer.get_extra_info("sockname")[:2]
                writer.write(self._request((host, port)))
                await writer.drain()
                while met is None:
                    met = self._final(Arrival(await self._message(reader), clock()))
        except TimeoutError:
            return self._silence()
        return self._judged(met, began_s, figures)

    def _request(self, own: tuple[str, int]) -> bytes:
        return build_options(self._parameters, self._ticket, self._errand.question.address, own)

    async def _message(self, reader: asyncio.StreamReader) -> bytes:
        """Read one message of a stream; where its end cannot be told, nothing after it can be read either."""
        head = (await reader.readuntil(_END_OF_HEADERS)).lstrip(b"\r\n")
        response = parse_response(head)
        length = 0 if response is None else body_bytes(response)
        if length is None:
            self._errand.counts["malformed"] += 1
            raise UnansweredError(Outcome.NO_REPLY, Reason.UNDECODABLE, f"0x{head[:64].hex()}")
        return head + await reader.readexactly(length)

    def _final(self, arrival: Arrival) -> _Met | None:
        """Read what came; ``None`` when it is not the final response to our request."""
        if not arrival.data.strip(b"\r\n\0"):
            return None  # Keeps a way through a firewall open, and says nothing.
        response = parse_response(arrival.data)
        if response is None:
            self._errand.counts["malformed"] += 1
            self._unreadable = f"0x{arrival.data[:64].hex()}"
        elif not response.answers(self._ticket):
            self._errand.counts["forged"] += 1
        elif not response.final:
            self._at_work = True
        else:
            return _Met(response, arrival.monotonic_s)
        return None

    def _judged(self, met: _Met | None, began_s: float, figures: dict[str, float]) -> Answer:
        if met is None:
            return self._silence()
        status, text = met.response.status, shown(met.response)
        if not self._parameters.accepts(status):
            reason = Reason.SIP_UNAVAILABLE if status in UNAVAILABLE else Reason.SIP_OTHER_STATUS
            return Answer(Outcome.REFUSED, reason, text=text)
        values = {"rtt_s": met.monotonic_s - began_s, "status_code": float(status), **figures}
        return Answer(Outcome.REPLIED, values=values, text=text)

    def _silence(self) -> Answer:
        if self._unreadable:
            return Answer(Outcome.NO_REPLY, Reason.UNDECODABLE, text=self._unreadable)
        text = "it said that it is at work, and no more" if self._at_work else ""
        return Answer(Outcome.NO_REPLY, Reason.DEADLINE, text=text)


def shown(response: Response) -> str:
    """Write a response for a person: its status, what answered, and what that allows."""
    parts = [f"{response.status} {response.phrase}".strip()]
    software = response.headers.get("server") or response.headers.get("user-agent")
    if software:
        parts.append(f"server {software}")
    if response.headers.get("allow"):
        parts.append(f"allows {response.headers['allow']}")
    return "; ".join(parts)
