"""One agent asked by hand, outside the beat: objects and columns, each message twice before it is lost.

It judges no value. What was met instead of an answer is ``NoAnswerError``, which carries it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from controlroom.errors import SecretError
from controlroom.reading import Outcome, Reason
from probes.snmp.client import Answer, Credentials, Get, RawValue, SnmpClient, Version, Walk
from probes.snmp.credentials import credentials_from
from probes.snmp.packing import AT_ONCE, PackedGets
from probes.snmp.parameters import SnmpParameters

TRIES: Final = 2
_AT_ONCE_V1: Final = 4
LONGEST_WALK_S: Final = 3600.0


class NoAnswerError(Exception):
    """An agent did not answer, or not as it should."""

    def __init__(self, answer: Answer) -> None:
        """Keep what was met instead."""
        super().__init__(answer.reason.value)
        self.answer = answer


class Agent:
    """A client, and whom it asks with what."""

    def __init__(
        self, client: SnmpClient, address: str, parameters: SnmpParameters, credentials: Credentials
    ) -> None:
        """Ask nothing yet."""
        self._client, self._packed = client, PackedGets(client)
        self._address, self._port, self.credentials = address, parameters.port, credentials

    async def get(self, oids: Sequence[str], timeout_s: float) -> dict[str, RawValue]:
        """Return the objects that the agent has; ``timeout_s`` is for each message."""
        values: dict[str, RawValue] = {}
        await self._client.prepare(self.credentials)
        # Version 1 spends a message on each object that the agent has not.
        at_once = _AT_ONCE_V1 if self.credentials.version is Version.V1 else AT_ONCE
        for start in range(0, len(oids), at_once):
            part = tuple(oids[start : start + at_once])
            asked = Get(self._address, self._port, self.credentials, part, timeout_s)
            for _ in range(TRIES):
                answer = await self._packed.get(asked)
                if answer.reason is not Reason.DEADLINE:
                    break
            if answer.reason is Reason.NO_SUCH_OBJECT:
                continue
            if answer.outcome is not Outcome.REPLIED or answer.reason is not Reason.NONE:
                raise NoAnswerError(answer)
            values.update(answer.values)
        return values

    async def walk(
        self,
        oid: str,
        timeout_s: float,
        *,
        most: int,
        longest_s: float = LONGEST_WALK_S,
        told: Callable[[Mapping[str, RawValue]], None] | None = None,
    ) -> Answer:
        """Return what is below an identifier, as far as it came; ``told`` is given it as it comes."""
        await self._client.prepare(self.credentials)
        way = (self._address, self._port, self.credentials, oid.removeprefix("."), timeout_s)
        return await self._client.walk(Walk(*way, longest_s, most, TRIES, told))


def credentials_of(parameters: SnmpParameters, resolve_secret: Callable[[str], str]) -> Credentials:
    """Read the secrets that parameters name. It may wait for a disk; raises ``SecretError``."""

    def secret(reference: str | None) -> str:
        found = "" if reference is None else resolve_secret(reference)
        if reference is not None and not found:
            raise SecretError("secret-empty", f"The secret {reference} is empty.", "Write it there.")
        return found

    return credentials_from(
        parameters,
        community=secret(parameters.community),
        auth=secret(parameters.auth),
        privacy=secret(parameters.privacy),
    )
