"""Sends one burst and gathers what comes back until the deadline.

Rules
1. A packet that comes back is ours when it holds what only we and the other end know; all else is forged.
2. Our own times are those of the wall clock when the burst began, and of the monotonic clock from then on: a
   clock that is set meanwhile spoils nothing.
3. A refusal of the network ends the burst; what had come back by then counts.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Final

from controlroom.reading import Outcome, Reason
from probes.datagram import Arrival, Datagram
from probes.errand import Answer, Errand, UnansweredError
from probes.ntp_time import later, wire_time
from probes.udp_echo.burst import Burst, Return
from probes.udp_echo.packet import build_echo, build_stamp, chance_mark, parse_reflection
from probes.udp_echo.parameters import Mode, UdpEchoParameters

COUNTED: Final = ("forged", "malformed", "duplicates")

_NUMBERS: Final = 1 << 32


async def ask(errand: Errand) -> Answer:
    """Send a burst, and say what came of it."""
    parameters = errand.parameters(UdpEchoParameters)
    clock = errand.context.monotonic_s
    with Datagram(
        errand.question.address, parameters.wire_port, clock, dscp=parameters.dscp_number
    ) as datagram:
        asking = _Asking(errand, parameters)
        try:
            await asking.exchange(datagram)
        except UnansweredError:
            if not asking.burst.returns:
                raise
    return asking.answer()


@dataclass(slots=True)
class _Asking:
    """A burst under way. ``_marks`` knows each packet again: by its bytes, or by its number and time."""

    errand: Errand
    parameters: UdpEchoParameters
    burst: Burst = field(default_factory=Burst)
    _sent_s: list[float] = field(default_factory=list)
    _marks: dict[object, int] = field(default_factory=dict)
    _began: tuple[float, float] = (0.0, 0.0)
    _first_number: int = field(default_factory=lambda: secrets.randbelow(_NUMBERS))
    _session: int = field(default_factory=lambda: 1 + secrets.randbelow(0xFFFF))
    _unreadable: str = ""

    async def exchange(self, datagram: Datagram) -> None:
        """Send on the pace and take what comes, until all is back or the deadline."""
        context, due_s = self.errand.context, self.errand.due_s
        self._began = (context.utc_s(), context.monotonic_s())
        pace_s = self.parameters.pace_s(self.errand.question.timeout_s)
        for index in range(self.parameters.packets):
            packet = self._packet(index)
            self._sent_s.append(datagram.send(packet))
            self.burst.sent += 1
            last = index == self.parameters.packets - 1
            until_s = due_s if last else min(due_s, self._began[1] + (index + 1) * pace_s)
            if not (last and self.burst.complete):
                await datagram.reply(self._take, until_s, due_s=due_s)

    def answer(self) -> Answer:
        """Say what came of the burst."""
        self.errand.counts["duplicates"] += self.burst.duplicates
        if self.burst.returns:
            return Answer(Outcome.REPLIED, values=self.burst.values(), text=self.burst.shown())
        reason = Reason.UNDECODABLE if self._unreadable else Reason.DEADLINE
        return Answer(Outcome.NO_REPLY, reason, text=self._unreadable or self.burst.shown())

    def _packet(self, index: int) -> bytes:
        size = self.parameters.payload_bytes
        if self.parameters.mode is Mode.ECHO:
            packet = build_echo(index, size)
            self._marks[packet] = index
            return packet
        number = (self._first_number + index) % _NUMBERS
        mark = chance_mark(self._wall(self.errand.context.monotonic_s()))
        self._marks[number, mark] = index
        return build_stamp(number, mark, self._session, size)

    def _take(self, arrival: Arrival) -> bool | None:
        """Note what came; true as soon as all that will be sent is back."""
        if self.parameters.mode is Mode.ECHO:
            self._note(arrival.data, arrival)
        else:
            reflection = parse_reflection(arrival.data)
            if reflection is None:
                self.errand.counts["malformed"] += 1
                self._unreadable = f"0x{arrival.data[:64].hex()}"
            else:
                mark = (reflection.number, reflection.sent_mark)
                self._note(mark, arrival, reflection.received, reflection.transmitted)
        everything = self.burst.complete and self.burst.sent == self.parameters.packets
        return True if everything else None

    def _note(self, mark: object, arrival: Arrival, received: int = 0, transmitted: int = 0) -> None:
        index = self._marks.get(mark)
        if index is None:
            self.errand.counts["forged"] += 1
            return
        sent_s = self._sent_s[index]
        self.burst.take(
            index,
            Return(
                elapsed_s=max(0.0, arrival.monotonic_s - sent_s),
                sent=self._wall(sent_s),
                received=received,
                transmitted=transmitted,
                arrived=self._wall(arrival.monotonic_s),
            ),
        )

    def _wall(self, monotonic_s: float) -> int:
        """Write a monotonic time as our wall clock's, as on the wire (rule 2)."""
        utc_s, began_s = self._began
        return later(wire_time(utc_s), monotonic_s - began_s)
