"""When many devices are asked by their templates: no crowd of walks, and no question waits for a look."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace

import pytest

from controlroom.probe import Question
from controlroom.reading import Outcome, ProbeKey
from probes.snmp.client import Answer, Credentials, Get, Version, Walk
from probes.snmp.devices import Devices
from probes.snmp.parameters import SnmpParameters
from probes.snmp.row_search import LOOK_AGAIN_S
from tests.probes.snmp.test_device_polling import BASE, TEMPLATE

DEVICES = 200
PERIOD_S = 10


class WalkedClient:
    """An agent with one modem and one port; it counts the walks, and holds them up while it ``stands``."""

    def __init__(self) -> None:
        """Count from zero."""
        self.walks = self.standing = 0
        self.stands = asyncio.Event()
        self.stands.set()

    async def start(self) -> None:
        """Nothing is needed."""

    async def stop(self) -> None:
        """Nothing is held."""

    async def prepare(self, credentials: Credentials) -> None:
        """Nothing is needed."""

    async def get(self, asked: Get) -> Answer:
        """Nobody asks here."""
        raise AssertionError

    async def walk(self, asked: Walk) -> Answer:
        """Tell the modem, or the port."""
        self.walks += 1
        self.standing += 1
        try:
            await self.stands.wait()
        finally:
            self.standing -= 1
        named = {f"{BASE}.2.1.2": b"Modem A", f"{BASE}.3.1.2": b"wan"}
        return Answer(Outcome.REPLIED, values={f"{asked.oid}.1": named[asked.oid]})

    def health(self) -> Mapping[str, float]:
        """Count nothing."""
        return {}


@pytest.fixture(autouse=True)
def _only_the_labs_template(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("parameters", "devices"):
        monkeypatch.setattr(f"probes.snmp.{module}.templates", lambda: {TEMPLATE.id: TEMPLATE})


def question(number: int) -> Question:
    """Ask one of the devices."""
    parameters = SnmpParameters.model_validate(
        {"community": "file:community", "template": TEMPLATE.id, "rows": ["modem/Modem A"]}
    )
    return Question(ProbeKey(f"device-{number}", "snmp"), "192.0.2.1", parameters, 2.0)


async def ask(devices: Devices, asked: Question) -> None:
    """Make a device ready, as before each question."""
    assert isinstance(asked.parameters, SnmpParameters)
    await devices.ready(asked, asked.parameters, Credentials(Version.V2C))


def test_two_hundred_devices_do_not_look_at_once() -> None:
    """Each looks again once in ten minutes; in no ten seconds more than a handful of them does."""

    async def watched() -> list[int]:
        now_s, client, walks = 1000.0, WalkedClient(), []
        devices, questions = Devices(client, lambda: now_s), [question(number) for number in range(DEVICES)]
        for _ in range(int(2 * LOOK_AGAIN_S) // PERIOD_S):
            before = client.walks
            for each in questions:
                await ask(devices, each)
            await asyncio.sleep(0)
            walks.append(client.walks - before)
            now_s += PERIOD_S
        await devices.stop()
        return walks

    first, *later = asyncio.run(watched())
    assert first == 2 * DEVICES
    assert 2 * DEVICES < sum(later) <= 4 * DEVICES  # two columns a look
    assert max(later) <= 2 * 2 * DEVICES * PERIOD_S / LOOK_AGAIN_S


def test_no_question_waits_for_a_look_and_a_search_ends_it() -> None:
    """A device that answers the look slowly is asked for its figures all the same."""

    async def watched() -> None:
        now_s, client = 1000.0, WalkedClient()
        devices, asked = Devices(client, lambda: now_s), question(0)
        await ask(devices, asked)
        client.stands.clear()
        now_s += LOOK_AGAIN_S
        async with asyncio.timeout(0.5):  # a question waits for a search for a second
            await ask(devices, asked)
            await asyncio.sleep(0)
            assert client.standing == 1
            await ask(devices, asked)
        assert isinstance(asked.parameters, SnmpParameters)
        device = await devices.ready(asked, asked.parameters, Credentials(Version.V2C))
        assert device is not None
        device.take({}, now_s)  # the row is lost
        await ask(devices, replace(asked, timeout_s=0.1))
        assert client.standing == 1  # the search has taken the place of the look
        client.stands.set()
        await ask(devices, asked)
        assert device.search.missing() == []
        await devices.stop()

    asyncio.run(watched())
