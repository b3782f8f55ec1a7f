"""The prober's life, on the loopback or with no socket at all."""

from __future__ import annotations

import asyncio
import time

import pytest

from controlroom.probe import ProbeParameters, Question
from controlroom.reading import Outcome, ProbeKey, Reading, Reason
from probes.icmp import IcmpProber
from tests.probes.icmp.asking import ask, new_prober, question


def test_before_the_start_and_after_the_stop_questions_are_answered_stopped() -> None:
    """Every question gets its one reading, even then."""

    async def run() -> list[Reading]:
        readings: list[Reading] = []
        prober = new_prober(readings.append)
        prober.ask(question("127.0.0.1"))
        assert readings == []
        await asyncio.sleep(0)
        await prober.start()
        await prober.stop()
        prober.ask(question("::1"))
        await asyncio.sleep(0)
        await prober.stop()
        return readings

    ends = [(each.outcome, each.reason) for each in asyncio.run(run())]
    assert ends == [(Outcome.NOT_RUN, Reason.STOPPED)] * 2


def test_what_is_no_address_is_not_run() -> None:
    """The engine resolves names; a name that comes through is our fault, not the endpoint's."""
    reading = ask([question("gateway.example")]).only()
    assert (reading.outcome, reading.reason) == (Outcome.NOT_RUN, Reason.NO_NAME)


def test_readings_never_come_while_asking() -> None:
    """A sink that asks again from within a reading must not be re-entered."""

    async def run() -> None:
        readings: list[Reading] = []
        prober = new_prober(readings.append)
        await prober.start()
        for _ in range(3):
            prober.ask(question("not an address"))
            assert readings == []
        await prober.stop()
        assert len(readings) == 3

    asyncio.run(run())


def test_parameters_of_another_type_are_refused() -> None:
    """That is a mistake in the program, and says so."""

    async def run(prober: IcmpProber) -> None:
        await prober.start()
        try:
            wrong = Question(ProbeKey("a", "ping"), "127.0.0.1", ProbeParameters(), 1.0)
            with pytest.raises(TypeError, match="a/ping"):
                prober.ask(wrong)
        finally:
            await prober.stop()

    asyncio.run(run(new_prober(lambda _reading: None)))


@pytest.mark.lab
def test_a_single_ping_is_quick() -> None:
    """Started, asked once and stopped: far below a second, with a time from the kernel's stamp.

    On a busy machine the kernel may switch its stamps on only after the first reply.
    """
    for _ in range(3):
        began_s = time.monotonic()
        asking = ask([question("127.0.0.1", timeout_s=1.0)])
        if asking.only().values:
            break
    took_s = time.monotonic() - began_s
    if asking.only().reason is Reason.NO_PRIVILEGE:
        pytest.skip("neither a raw nor a ping socket may be opened here")
    assert asking.only().outcome is Outcome.REPLIED
    assert 0 < asking.only().values["rtt_s"] <= took_s < 0.5


@pytest.mark.lab
def test_a_sink_that_fails_costs_no_other_reading() -> None:
    """The timer goes on, and what was lined up is delivered."""

    async def run() -> tuple[list[Reading], list[str]]:
        readings: list[Reading] = []
        complaints: list[str] = []

        def sink(reading: Reading) -> None:
            if reading.probe.endpoint_id == "127.0.0.2":
                message = "the sink failed"
                raise RuntimeError(message)
            readings.append(reading)

        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, told: complaints.append(str(told["exception"])))
        prober = new_prober(sink)
        await prober.start()
        for number in (1, 2, 3):
            prober.ask(question(f"127.0.0.{number}"))
        await asyncio.sleep(0.4)
        await prober.stop()
        return readings, complaints

    readings, complaints = asyncio.run(run())
    assert sorted(each.probe.endpoint_id for each in readings) == ["127.0.0.1", "127.0.0.3"]
    assert complaints == ["the sink failed"]
