"""Walks through an agent by hand, outside the beat. It judges no value."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from controlroom.errors import SecretError
from controlroom.probe import ProbeParameters
from controlroom.reading import Outcome, Reason
from probes.snmp.agent import Agent, NoAnswerError, credentials_of
from probes.snmp.client import Answer, RawValue, SnmpClient
from probes.snmp.parameters import SnmpParameters
from probes.snmp.prober import fastest_client

Told = Callable[[Mapping[str, RawValue]], None]


async def walk_now(
    parameters: ProbeParameters,
    resolve: Callable[[], Awaitable[str | None]],
    resolve_secret: Callable[[str], str],
    oid: str,
    most: int,
    timeout_s: float,
    told: Told,
    client: SnmpClient | None = None,
) -> Answer:
    """Tell all that is below an identifier, or that very object. ``resolve`` gives the address."""
    if not isinstance(parameters, SnmpParameters):
        raise TypeError("these are not the parameters of an SNMP probe")
    address = await resolve()
    if address is None:
        return Answer(Outcome.NOT_RUN, Reason.NO_NAME)
    try:
        credentials = await asyncio.to_thread(credentials_of, parameters, resolve_secret)
    except SecretError as error:
        return Answer(Outcome.NOT_RUN, Reason.NO_SECRET, text=str(error))
    client = client or fastest_client()
    await client.start()
    try:
        agent = Agent(client, address, parameters, credentials)
        answer = await agent.walk(oid, timeout_s, most=most, told=told)
        if answer.outcome is Outcome.REPLIED and not answer.values and not answer.text:
            told(await agent.get([oid], timeout_s))
        return answer
    except NoAnswerError as error:
        return error.answer
    finally:
        await client.stop()
