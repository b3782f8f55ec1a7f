"""Errands in phases: whose fault it is when time runs out, the ceiling, and a fault of our own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from controlroom.probe import ProbeParameters, ProberContext, Question
from controlroom.reading import Outcome, Reading, Reason
from probes.connection.failure import refused
from probes.connection.measured import Measured
from probes.connection.phased import phased
from probes.errand import ErrandProber
from tests.probes.connection.peers import KEY


class Scripted:
    """A measurer that does what a test wants."""

    def __init__(self, script: Callable[[Measured], object]) -> None:
        """``script`` may return something to wait for."""
        self._script = script
        self.stopped = False

    async def measure(self, question: Question, measured: Measured) -> None:
        """Do it."""
        waited = self._script(measured)
        if asyncio.iscoroutine(waited):
            await waited

    async def stop(self) -> None:
        """Remember it."""
        self.stopped = True


def ask(measurer: Scripted, count: int = 1, timeout_s: float = 0.2, ceiling: int = 10) -> list[Reading]:
    """Ask so often at once, wait a little longer than the deadline, and return the readings."""

    async def whole() -> list[Reading]:
        readings: list[Reading] = []
        context = ProberContext(readings.append, time.time, time.monotonic, str)
        prober = ErrandProber(context, "test", phased(measurer), ceiling=ceiling, give_back=measurer.stop)
        await prober.start()
        for _ in range(count):
            prober.ask(Question(KEY, "", ProbeParameters(), timeout_s))
        await asyncio.sleep(timeout_s + 0.1)
        assert prober.health()["test_open"] == 0
        await prober.stop()
        return readings

    readings = asyncio.run(whole())
    assert measurer.stopped
    assert len(readings) == count
    return readings


async def _hang(measured: Measured, ready_after_s: float) -> None:
    await asyncio.sleep(ready_after_s)
    measured.begin()
    measured.values["connect_s"] = 0.01
    with measured.phase("tls_s", "setting up TLS"):
        await asyncio.sleep(5)


async def _never_ready(measured: Measured) -> None:
    with measured.preparing("reading the authorities", Reason.NO_AUTHORITIES):
        await asyncio.sleep(5)


def test_the_other_side_is_late() -> None:
    """What was measured until then is told, with where it hung."""
    (reading,) = ask(Scripted(lambda measured: _hang(measured, 0)))
    assert (reading.outcome, reading.reason) == (Outcome.NO_REPLY, Reason.DEADLINE)
    assert dict(reading.values) == {"connect_s": 0.01}
    assert reading.detail == "time ran out while setting up TLS"


def test_we_are_late() -> None:
    """Time that this machine took says nothing of the other side: not run, never lost."""
    (late,) = ask(Scripted(lambda measured: _hang(measured, 0.12)))
    assert (late.outcome, late.reason) == (Outcome.NOT_RUN, Reason.OVERLOADED)
    (never,) = ask(Scripted(_never_ready))
    assert (never.outcome, never.reason) == (Outcome.NOT_RUN, Reason.NO_AUTHORITIES)


def test_too_many_at_once_are_not_run() -> None:
    """Beyond the ceiling nothing is sent."""
    readings = ask(Scripted(lambda measured: _hang(measured, 0)), count=4, ceiling=3)
    reasons = sorted(reading.reason for reading in readings)
    assert reasons == [Reason.DEADLINE, Reason.DEADLINE, Reason.DEADLINE, Reason.OVERLOADED]


def test_a_fault_of_ours_is_told_without_its_words() -> None:
    """Whatever breaks in one question is answered, and its text, which may hold a secret, is not repeated."""

    def break_down(measured: Measured) -> None:
        raise KeyError("hunter2")

    (reading,) = ask(Scripted(break_down))
    assert (reading.outcome, reading.reason) == (Outcome.NOT_RUN, Reason.UNDECODABLE)
    assert "KeyError" in reading.detail
    assert "hunter2" not in reading.detail


def test_time_counts_from_when_all_is_there() -> None:
    """Getting ready is no part of the asking; its deadline counts from the start all the same."""
    prepared: list[float] = []

    async def prepare(measured: Measured) -> None:
        await asyncio.sleep(0.04)
        measured.begin()
        prepared.append(time.monotonic())
        await asyncio.sleep(5)

    began_s = time.monotonic()
    (reading,) = ask(Scripted(prepare))
    assert reading.reason is Reason.DEADLINE
    assert began_s + 0.04 <= reading.sent_monotonic_s <= prepared[0]


def test_a_failure_takes_nothing_from_what_was_measured() -> None:
    """The phases that ended, and the notes, are told with it."""

    def fail(measured: Measured) -> None:
        measured.begin()
        measured.values["connect_s"] = 0.01
        measured.notes.append("a certificate")
        raise refused(Reason.CERTIFICATE_EXPIRED, "expired")

    (reading,) = ask(Scripted(fail))
    assert (reading.outcome, reading.reason) == (Outcome.REFUSED, Reason.CERTIFICATE_EXPIRED)
    assert dict(reading.values) == {"connect_s": 0.01}
    assert reading.detail == "expired; a certificate"
