"""The host probe: what it measures, what it leaves out, and that a hung disk hurts nobody."""

from __future__ import annotations

import asyncio
import threading
import time

import psutil  # type: ignore[import-untyped] # psutil ships no type information
import pytest

from controlroom.probe import ProberContext, Question
from controlroom.reading import Outcome, ProbeKey, Reading, Reason
from probes.host import HOST
from probes.host.machine import Machine
from probes.host.measured import Measured
from probes.host.parameters import HostParameters, up_metric
from probes.host.prober import CEILING, HostProber

KEY = ProbeKey("here", "host")
NOT_EVERYWHERE = {
    *("swap_ratio", "mains_ratio", "battery_ratio", "temperature_celsius"),
    *("gateway_level", "gateway_v4_level", "gateway_v6_level"),
}
"""Figures that this machine may do without."""


def question(parameters: HostParameters | None = None, timeout_s: float = 5.0) -> Question:
    """One asking of this machine."""
    return Question(KEY, "", parameters or HostParameters(), timeout_s)


def ask(
    questions: list[Question],
    machine: Machine | None = None,
    *,
    wait_for: int | None = None,
    pause_s: float = 0.0,
) -> list[Reading]:
    """Ask in turn with a pause between, wait for the answers, stop, and give all readings."""

    async def whole() -> list[Reading]:
        readings: list[Reading] = []
        enough = asyncio.Event()

        def sink(reading: Reading) -> None:
            readings.append(reading)
            if len(readings) == (wait_for or len(questions)):
                enough.set()

        prober = HostProber(
            ProberContext(sink, time.time, time.monotonic, lambda reference: reference), machine
        )
        await prober.start()
        for one in questions:
            prober.ask(one)
            await asyncio.sleep(pause_s)
        await asyncio.wait_for(enough.wait(), 5)
        await prober.stop()
        return readings

    return asyncio.run(whole())


def test_every_value_of_this_machine() -> None:
    """The second measurement has every metric that the declaration promises, in its range."""
    parameters = HostParameters(interfaces=("lo",))
    first, second = ask([question(parameters), question(parameters)], pause_s=0.25)
    assert (second.outcome, second.reason) == (Outcome.REPLIED, Reason.NONE)
    assert {metric.name for metric in HOST.metrics(parameters)} - second.values.keys() <= NOT_EVERYWHERE
    assert second.values.keys() <= {metric.name for metric in HOST.metrics(parameters)}
    for name in ("cpu_ratio", "memory_ratio", "disk_ratio"):
        assert 0 <= second.values[name] <= 1, name
    assert second.values["interface_lo_up_ratio"] == 1
    assert second.values["disk_ratio"] == pytest.approx(psutil.disk_usage("/").percent / 100, abs=0.01)
    assert first.values["memory_ratio"] == pytest.approx(psutil.virtual_memory().percent / 100, abs=0.1)


def test_the_first_measurement_has_processor_use_or_says_why_not() -> None:
    """A fresh prober watches the processor for a moment; where even that is too short, it is absent."""
    (first,) = ask([question()])
    assert 0 <= first.values["cpu_ratio"] <= 1

    (hasty,) = ask([question()], Machine(sleep=lambda seconds: None))
    assert "cpu_ratio" not in hasty.values
    assert "processor" in hasty.detail


def test_loopback_is_no_way_out() -> None:
    """Interfaces that are up are counted without loopback, which is up on a machine cut off as well."""
    (reading,) = ask([question()])
    others = [name for name, found in psutil.net_if_stats().items() if found.isup and name != "lo"]
    assert reading.values["interfaces_up_count"] == len(others)


def test_a_missing_interface_is_not_up_and_a_missing_disk_is_unknown() -> None:
    """An interface that has gone is 0 with a note; a disk that cannot be read has no value."""
    parameters = HostParameters(disk="/no/such/folder", interfaces=("wwan9",))
    (reading,) = ask([question(parameters)])
    assert reading.outcome is Outcome.REPLIED
    assert reading.values[up_metric("wwan9")] == 0
    assert "disk_ratio" not in reading.values
    assert "there is no interface wwan9" in reading.detail
    assert "/no/such/folder" in reading.detail


class HungMachine(Machine):
    """A machine whose disk hangs until it is let go."""

    def __init__(self) -> None:
        """Hang from the first measurement on."""
        super().__init__()
        self.let_go = threading.Event()

    def measure(self, parameters: HostParameters) -> Measured:
        """Wait as a hung disk makes one wait."""
        self.let_go.wait(10)
        return super().measure(parameters)


def test_a_hung_disk_meets_its_deadline_and_the_ceiling() -> None:
    """A measurement that hangs is given up on time, others beyond the ceiling are not run, stop answers."""
    machine = HungMachine()
    started = time.monotonic()
    questions = [question(timeout_s=0.1)] + [question(timeout_s=9) for _ in range(CEILING)]
    readings = ask(questions, machine, wait_for=2)
    machine.let_go.set()
    assert time.monotonic() - started < 3
    reasons = [reading.reason for reading in readings]
    assert sorted(set(reasons)) == [Reason.DEADLINE, Reason.OVERLOADED, Reason.STOPPED]
    assert len(readings) == len(questions)
    assert reasons.count(Reason.STOPPED) == CEILING - 1
    assert not any(reading.values for reading in readings)


class BrokenMachine(Machine):
    """A system that does not tell what psutil asks of it."""

    def measure(self, parameters: HostParameters) -> Measured:
        """Fail as psutil does on such a system."""
        raise NotImplementedError("can't find stat file")


def test_a_system_that_does_not_tell_is_not_run() -> None:
    """What psutil cannot do here is told with its reason, and leads to unknown."""
    (reading,) = ask([question()], BrokenMachine())
    assert (reading.outcome, reading.reason) == (Outcome.NOT_RUN, Reason.UNSUPPORTED)
    assert "can't find stat file" in reading.detail


def test_a_prober_that_was_stopped_does_not_run() -> None:
    """After the stop a question is answered: not run, stopped."""

    async def whole() -> list[Reading]:
        readings: list[Reading] = []
        context = ProberContext(readings.append, time.time, time.monotonic, lambda reference: reference)
        prober = HostProber(context)
        await prober.start()
        await prober.stop()
        prober.ask(question())
        await asyncio.sleep(0)
        return readings

    (reading,) = asyncio.run(whole())
    assert (reading.outcome, reading.reason) == (Outcome.NOT_RUN, Reason.STOPPED)
