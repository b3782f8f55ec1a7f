"""Asking an agent for its engine: who names it, and who does not."""

from __future__ import annotations

import asyncio

import pytest

from probes.snmp.engine_discovery import names_its_engine
from tests.lab import snmpd
from tests.probes.snmp.messages import scripted_agent


def asked(port: int, times: int = 1) -> list[str]:
    """Ask so many times, each for a short while; say how each ended."""

    async def whole() -> list[str]:
        ends = []
        for number in range(times):
            try:
                async with asyncio.timeout(0.5):
                    await names_its_engine("127.0.0.1", port, number)
                ends.append("named")
            except (TimeoutError, OSError) as error:
                ends.append(type(error).__name__)
        return ends

    return asyncio.run(whole())


@pytest.mark.lab
def test_a_real_agent_names_its_engine_to_a_stranger(agent: snmpd.Agent) -> None:
    """Each time it is asked."""
    assert asked(agent.port, 3) == ["named"] * 3


def test_a_closed_port_is_no_agent() -> None:
    """The system tells."""
    assert asked(snmpd.free_port()) == ["ConnectionRefusedError"]


@pytest.mark.parametrize("said", [b"", b"\x30\x84", b"hello", bytes.fromhex("3003020103")])
def test_what_is_no_report_names_nothing(said: bytes) -> None:
    """Nor does the question itself, sent back."""

    async def whole(reply: bytes | None) -> bool:
        async with scripted_agent(lambda request: [request if reply is None else reply]) as port:
            try:
                async with asyncio.timeout(0.2):
                    await names_its_engine("127.0.0.1", port, 1)
            except TimeoutError:
                return False
        return True

    assert not asyncio.run(whole(said))
    assert not asyncio.run(whole(None))
