"""SNMP by gufo-snmp, for the beat: sessions kept per agent and user, many agents at once.

It runs on the engine's loop, at some tens of microseconds a question. It holds no more sockets idle than
``maximum_idle``, and as many busy as there are questions open.

An agent says nothing to what it cannot decrypt. So a session that met silence is not used again where
messages are encrypted: the next one asks for the agent's engine first, which needs no key (``other_key``).
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Mapping
from dataclasses import replace

from probes.side_thread import SideThread
from probes.snmp.client import Answer, Credentials, Get, Version, Walk
from probes.snmp.engine_ids import EngineIds, shared_words
from probes.snmp.gufo_session import GufoSession, MasterKeys, master_keys, send_failure
from probes.snmp.other_key import SilentAgents, may_lack_the_key

_KEYS_KEPT = 256
_ENGINES_TRIED = 2
_Agent = tuple[str, int, Credentials]


class GufoClient:
    """An ``SnmpClient`` on gufo-snmp."""

    def __init__(self, *, maximum_idle: int = 256) -> None:
        """Nothing is opened before the first question."""
        self._maximum_idle = maximum_idle
        self._idle: OrderedDict[_Agent, list[GufoSession]] = OrderedDict()
        self._idle_count = 0
        self._keys: dict[Credentials, MasterKeys] = {}
        self._engine_ids = EngineIds()
        self._silent = SilentAgents()
        self._thread = SideThread("snmp-keys")
        self._counts: Counter[str] = Counter()

    async def start(self) -> None:
        """Nothing to take: sockets are opened when an agent is first asked."""

    async def stop(self) -> None:
        """Close all sockets and forget all keys."""
        self._thread.stop()
        for sessions in self._idle.values():
            for session in sessions:
                session.close()
        self._idle.clear()
        self._idle_count = 0
        self._keys.clear()
        self._silent.clear()

    def health(self) -> Mapping[str, float]:
        """Count datagrams that were not believed: malformed, forged, stale; late ones; idle sockets."""
        kinds = ("malformed", "forged", "stale", "late")
        return {f"snmp_{kind}": float(self._counts[kind]) for kind in kinds} | {
            "snmp_idle_sessions": float(self._idle_count)
        }

    async def prepare(self, credentials: Credentials) -> None:
        """Make the keys of a user."""
        await self._keys_of(credentials)

    async def get(self, asked: Get) -> Answer:
        """Ask once; once more from the start where the agent turns out to have a new engine."""
        due = asyncio.get_running_loop().time() + asked.timeout_s
        keys = await self._keys_of(asked.credentials)
        answer, outdated = await self._get(asked, keys, due)
        if outdated:
            answer, _ = await self._get(asked, keys, due)
        return answer

    async def walk(self, asked: Walk) -> Answer:
        """Walk on a session of its own, which nobody else uses meanwhile."""
        due = asyncio.get_running_loop().time() + asked.longest_s
        keys = await self._keys_of(asked.credentials)
        for _ in range(_ENGINES_TRIED):
            try:
                session = GufoSession(asked, keys, self._counts)
            except OSError as error:
                return send_failure(error)
            try:
                answer = await session.walk(asked, due)
            finally:
                session.close()
            if not session.outdated:
                break
        return answer

    async def _get(self, asked: Get, keys: MasterKeys, due: float) -> tuple[Answer, bool]:
        agent = (asked.address, asked.port, asked.credentials)
        try:
            session = self._take(agent) or GufoSession(asked, keys, self._counts)
        except OSError as error:
            return send_failure(error), False
        again = False
        try:
            answer = await session.get(asked.oids, due)
            again = not session.outdated and not may_lack_the_key(asked, answer)
        finally:
            # A session whose question was broken off is in the middle of something: not used again.
            if not again:
                session.close()
        if session.outdated:
            self._engine_ids.forget(session.engine_id, asked.address, asked.port)
        elif again:
            self._give_back(agent, session)
        answer = self._silent.seen_through(asked, answer, met=session.met)
        twin = self._engine_ids.twin_of(session.engine_id, asked.address, asked.port)
        told = "; ".join(filter(None, (answer.text, twin and shared_words(session.engine_id, twin))))
        return replace(answer, text=told, twin=twin) if twin else answer, session.outdated

    async def _keys_of(self, credentials: Credentials) -> MasterKeys:
        if credentials.version is not Version.V3:
            return MasterKeys()
        keys = self._keys.get(credentials)
        if keys is None:
            keys = await self._thread.run(lambda: master_keys(credentials))
            if len(self._keys) >= _KEYS_KEPT:
                self._keys.clear()
            self._keys[credentials] = keys
        return keys

    def _take(self, agent: _Agent) -> GufoSession | None:
        sessions = self._idle.get(agent)
        if not sessions:
            return None
        session = sessions.pop()
        self._idle_count -= 1
        if not sessions:
            del self._idle[agent]
        return session

    def _give_back(self, agent: _Agent, session: GufoSession) -> None:
        self._idle.setdefault(agent, []).append(session)
        self._idle.move_to_end(agent)
        self._idle_count += 1
        while self._idle_count > self._maximum_idle:
            oldest = next(iter(self._idle))
            evicted = self._take(oldest)
            if evicted is not None:
                evicted.close()
