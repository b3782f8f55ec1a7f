"""Spoilt packets by the hundred thousand: nothing breaks the reading, and nothing is believed of another.

Each input is a true reply or error with something done to it: bits turned, bytes cut, added, moved or
taken from another packet. An oracle that reads bytes at fixed places says whether it may be believed.
"""

from __future__ import annotations

import random

import pytest

from controlroom.reading import Outcome
from probes.icmp.flight import Flight
from tests.lab.echo import icmp_error
from tests.probes.icmp.test_judge import ADDRESSES, IDENTIFIER, TIMEOUT_S, Bench
from tests.soak import rounds

INPUTS = rounds(in_the_suite=15_000, in_the_soak=1_000_000)
KINDS = {4: ((3, 1), (3, 4), (11, 0), (12, 0)), 6: ((1, 3), (2, 0), (3, 0), (4, 1))}
COUNTED = ("replies", "refusals", "forged_replies", "malformed_packets", "unmatched_errors")


class Spoiler:
    """Makes inputs, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        """Begin the sequence."""
        self.chance = random.Random(seed)  # noqa: S311 - test data, not a secret

    def spoilt(self, packet: bytes, other: bytes) -> bytes:
        """Do up to three things to a packet; the bench still finds the IP header that it takes off."""
        data = bytearray(packet)
        for _ in range(self.chance.choice((0, 1, 1, 1, 2, 3))):
            self._spoil(data, other)
        data += packet[len(data) : 40]
        data[0] = packet[0] & 0xF0 | data[0] & 0x0F
        return bytes(data)

    def _spoil(self, data: bytearray, other: bytes) -> None:
        chance, at = self.chance, self.chance.randrange(len(data) + 1)
        match chance.randrange(6):
            case 0 if at < len(data):
                data[at] ^= 1 << chance.randrange(8)
            case 1:
                del data[at:]
            case 2:
                data[at:at] = chance.randbytes(chance.randrange(1, 9))
            case 3:
                data[at : at + 8] = other[at : at + 8]
            case 4:
                del data[at : at + chance.randrange(1, 9)]
            case _:
                data[at : at + 4] = chance.choice((b"\xff" * 4, bytes(4), chance.randbytes(4)))


def _may_end(flight: Flight, packet: bytes, outcome: Outcome) -> bool:
    """Whether a packet holds all that it must, to end this question with this outcome."""
    number = flight.number.to_bytes(4, "big")
    echo = IDENTIFIER.to_bytes(2, "big") + number[2:]
    if outcome is Outcome.REPLIED:
        source = packet[12:16] if packet[0] >> 4 == 4 else packet[8:24]
        return source == flight.target.packed and echo + number + flight.target.token in packet
    # A quote need not reach behind the sequence, and then only that stands for the question.
    return flight.target.packed in packet and echo in packet


def _input(bench: Bench, spoiler: Spoiler, place: int, other: int) -> bytes:
    """Return a spoilt reply to a question, or a spoilt error about it."""
    request, chance = bench.requests[place], spoiler.chance
    if chance.random() < 0.6:
        true = bench.reply(place)
    else:
        kind = chance.choice(KINDS[request.version])
        true = icmp_error(request, kind, chance.choice((None, 8, 20)), mtu=1400)
    return spoiler.spoilt(true, bench.requests[other].packet)


@pytest.mark.parametrize("raw", [True, False], ids=["raw", "datagram"])
def test_nothing_breaks_the_judge_and_nothing_is_misattributed(raw: bool) -> None:
    """After any input every question is open, or ended by a packet that is really about it."""
    spoiler, bench, places = Spoiler(20_261), Bench(raw=raw), list[int]()
    for _ in range(INPUTS // 2):
        if not places or len(bench.requests) > 5000:
            bench = Bench(raw=raw)
            places = [bench.ask(address) for address in ADDRESSES]
        packet = _input(bench, spoiler, *spoiler.chance.choices(places, k=2))
        bench.arrive(packet)
        refused = [bench.open[place] for place in places if bench.open[place].refusal is not None]
        if refused:
            (flight,) = refused
            assert _may_end(flight, packet, Outcome.REFUSED), packet.hex()
            bench.judge.let_fall_due(TIMEOUT_S)
            bench.judge.ready.clear()
            places = [bench.ask(address) for address in ADDRESSES]
        if not bench.judge.ready:
            continue
        reading = bench.judge.ready.popleft()
        assert not bench.judge.ready
        (ended,) = [place for place in places if bench.flights.get(bench.open[place].number) is None]
        flight = bench.open[ended]
        assert reading.probe.endpoint_id == flight.question.address
        assert _may_end(flight, packet, reading.outcome), packet.hex()
        places[places.index(ended)] = bench.ask(flight.question.address)
    assert min(bench.judge.counts[name] for name in COUNTED) > 0
