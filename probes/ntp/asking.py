"""Asks a time server once and works out how far its clock is from ours. It sets no clock.

Rules
1. A reply is a server's message that sends back the chance number of this very request; all else is forged.
2. The offset is that of the server's clock against this machine's at the moment of asking: positive where
   the server is ahead. The way back is taken to be as long as the way there; half of ``delay_s`` is how wrong
   that can be.
3. The time spent waiting is taken by the monotonic clock: one that is set meanwhile spoils nothing.
4. A server without a time of its own has none to compare: leap indicator 3, stratum 0 or 16, no time stamp,
   or further away than is allowed.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

from controlroom.reading import Outcome, Reason
from probes.datagram import Arrival, Datagram
from probes.errand import Answer, Errand
from probes.ntp.packet import (
    UNSYNCHRONISED_LEAP,
    UNSYNCHRONISED_STRATUM,
    Reply,
    build_request,
    parse_reply,
)
from probes.ntp.parameters import NtpParameters
from probes.ntp_time import seconds_between, wire_time

COUNTED: Final = ("forged", "malformed")

_KISSES: Final = {
    "RATE": Reason.NTP_TOO_OFTEN,
    "DENY": Reason.NTP_DENIED,
    "RSTR": Reason.NTP_RESTRICTED,
    "INIT": Reason.NTP_UNSYNCHRONISED,
    "STEP": Reason.NTP_UNSYNCHRONISED,
    "AUTH": Reason.AUTHENTICATION_FAILED,
    "CRYP": Reason.AUTHENTICATION_FAILED,
    "NKEY": Reason.AUTHENTICATION_FAILED,
}
"""The codes of RFC 5905, 7.4 that say something of our asking; the others are told as they are."""

_LEAPS: Final = ("", "a leap second will be added", "a leap second will be left out", "clock not set")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A reply, when the question left by our wall clock, and how long the reply took."""

    reply: Reply
    asked: int
    elapsed_s: float


async def ask(errand: Errand) -> Answer:
    """Ask once; a lost question is not asked again."""
    parameters = errand.parameters(NtpParameters)
    token = secrets.randbits(64) or 1
    clock = errand.context.monotonic_s
    unreadable = ""

    def judge(arrival: Arrival) -> tuple[Reply, float] | None:
        nonlocal unreadable
        reply = parse_reply(arrival.data)
        if reply is None:
            errand.counts["malformed"] += 1
            unreadable = f"0x{arrival.data[:64].hex()}"
        elif reply.originated != token:
            errand.counts["forged"] += 1
        else:
            return reply, arrival.monotonic_s
        return None

    request = build_request(parameters.version, token)
    with Datagram(errand.question.address, parameters.port, clock) as datagram:
        asked_utc_s = errand.context.utc_s()
        sent_s = datagram.send(request)
        met = await datagram.reply(judge, errand.due_s)
    if met is None:
        reason = Reason.UNDECODABLE if unreadable else Reason.DEADLINE
        return Answer(Outcome.NO_REPLY, reason, text=unreadable)
    return judged(Exchange(met[0], wire_time(asked_utc_s), met[1] - sent_s), parameters.highest_stratum)


def judged(exchange: Exchange, highest_stratum: int) -> Answer:
    """Say what a reply means."""
    reply = exchange.reply
    text = _shown(reply)
    if reply.kiss:
        return Answer(Outcome.REFUSED, _KISSES.get(reply.kiss, Reason.NTP_OTHER_KISS), text=text)
    if not _has_time(reply, highest_stratum):
        return Answer(Outcome.REFUSED, Reason.NTP_UNSYNCHRONISED, text=text)
    held_s = seconds_between(reply.received, reply.transmitted)
    delay_s = exchange.elapsed_s - held_s
    if held_s < 0.0 or delay_s < -_coarse_s(reply):
        return Answer(Outcome.REPLIED, Reason.UNDECODABLE, text=f"its times contradict each other; {text}")
    there_s = seconds_between(exchange.asked, reply.received)
    back_s = seconds_between(exchange.asked, reply.transmitted) - exchange.elapsed_s
    values = {
        "offset_s": (there_s + back_s) / 2.0,
        "rtt_s": exchange.elapsed_s,
        "delay_s": max(0.0, delay_s),
        "stratum_level": float(reply.stratum),
        "root_delay_s": reply.root_delay_s,
        "root_dispersion_s": reply.root_dispersion_s,
        "leap_code": float(reply.leap),
    }
    return Answer(Outcome.REPLIED, values=values, text=text)


def _has_time(reply: Reply, highest_stratum: int) -> bool:
    if reply.leap == UNSYNCHRONISED_LEAP or reply.stratum >= UNSYNCHRONISED_STRATUM:
        return False
    return 1 <= reply.stratum <= highest_stratum and bool(reply.received) and bool(reply.transmitted)


def _coarse_s(reply: Reply) -> float:
    """How coarse the server's clock may be: its precision, at most a tenth of a second."""
    return float(2.0 ** max(-30, min(-3, reply.precision)))


def _shown(reply: Reply) -> str:
    if reply.kiss:
        return f"kiss-o'-death {reply.kiss}"
    parts = [f"stratum {reply.stratum}", f"source {_source(reply)}", _LEAPS[reply.leap]]
    return ", ".join(part for part in parts if part)


def _source(reply: Reply) -> str:
    """Name what the server keeps time by: a kind of clock, or the address (or its hash) of another server."""
    if reply.stratum <= 1:
        return reply.reference.rstrip(b"\0").decode("ascii", "backslashreplace") or "not told"
    return ".".join(str(byte) for byte in reply.reference)
