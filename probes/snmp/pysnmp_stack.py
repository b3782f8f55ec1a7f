"""SNMP by pysnmp 7.1, as it is used inside the child process: one engine, objects resolved once.

Each agent has a connected socket of its own, so that a closed port is told and no other address can
answer. pysnmp has no types: what crosses its edge is made plain here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any, TypeAlias

# pysnmp and pyasn1 ship no type information; hence these ignores.
from pyasn1.type import univ  # type: ignore[import-untyped]
from pysnmp.error import PySnmpError  # type: ignore[import-untyped]
from pysnmp.hlapi.v3arch.asyncio import (  # type: ignore[import-untyped]
    USM_AUTH_HMAC96_MD5,
    USM_AUTH_HMAC96_SHA,
    USM_AUTH_HMAC128_SHA224,
    USM_AUTH_HMAC192_SHA256,
    USM_AUTH_HMAC256_SHA384,
    USM_AUTH_HMAC384_SHA512,
    USM_AUTH_NONE,
    USM_KEY_TYPE_MASTER,
    USM_PRIV_CBC56_DES,
    USM_PRIV_CFB128_AES,
    USM_PRIV_CFB192_AES,
    USM_PRIV_CFB192_AES_BLUMENTHAL,
    USM_PRIV_CFB256_AES,
    USM_PRIV_CFB256_AES_BLUMENTHAL,
    USM_PRIV_NONE,
    CommunityData,
    ContextData,
    ObjectIdentity,
    ObjectType,
    SnmpEngine,
    UsmUserData,
    bulk_cmd,
    get_cmd,
    next_cmd,
)
from pysnmp.proto import errind  # type: ignore[import-untyped]
from pysnmp.proto.rfc1902 import IpAddress  # type: ignore[import-untyped]
from pysnmp.proto.rfc1905 import (  # type: ignore[import-untyped]
    EndOfMibView,
    NoSuchInstance,
    NoSuchObject,
    UnSpecified,
)

from controlroom.reading import Outcome, Reason
from probes.snmp.client import (
    Answer,
    AuthProtocol,
    Credentials,
    Get,
    PrivacyProtocol,
    RawValue,
    Version,
    Walk,
)
from probes.snmp.engine_ids import EngineIds, shared_words
from probes.snmp.envelope import MalformedError, read_envelope
from probes.snmp.error_status import error_answer
from probes.snmp.master_key import master_key
from probes.snmp.pysnmp_route import route_to
from probes.snmp.walking import REPETITIONS, Walking

_AUTH = {
    AuthProtocol.NONE: USM_AUTH_NONE,
    AuthProtocol.MD5: USM_AUTH_HMAC96_MD5,
    AuthProtocol.SHA1: USM_AUTH_HMAC96_SHA,
    AuthProtocol.SHA224: USM_AUTH_HMAC128_SHA224,
    AuthProtocol.SHA256: USM_AUTH_HMAC192_SHA256,
    AuthProtocol.SHA384: USM_AUTH_HMAC256_SHA384,
    AuthProtocol.SHA512: USM_AUTH_HMAC384_SHA512,
}
_PRIVACY = {
    PrivacyProtocol.NONE: USM_PRIV_NONE,
    PrivacyProtocol.DES: USM_PRIV_CBC56_DES,
    PrivacyProtocol.AES128: USM_PRIV_CFB128_AES,
    PrivacyProtocol.AES192: USM_PRIV_CFB192_AES_BLUMENTHAL,
    PrivacyProtocol.AES256: USM_PRIV_CFB256_AES_BLUMENTHAL,
    PrivacyProtocol.AES192C: USM_PRIV_CFB192_AES,
    PrivacyProtocol.AES256C: USM_PRIV_CFB256_AES,
}
_ABSENT = (NoSuchObject, NoSuchInstance, EndOfMibView, UnSpecified)
_STRANGER = (
    errind.WrongDigest,
    errind.UnknownUserName,
    errind.UnknownSecurityName,
    errind.UnsupportedSecurityLevel,
    errind.AuthenticationFailure,
    errind.AuthenticationError,
    errind.DecryptionError,
)
_Untyped: TypeAlias = Any
"""A thing of pysnmp's."""

_OBJECTS_KEPT = 1000
_ENGINES_TRIED = 2

_Send: TypeAlias = Callable[..., _Untyped]
"""Sends by one of the library's commands, given engine, identity, way and context."""
_Take: TypeAlias = Callable[[Sequence[_Untyped]], Answer]
"""Makes an answer of the variables that came."""


class PysnmpStack:
    """Asks by pysnmp. Make it on the loop it is to run on."""

    def __init__(self) -> None:
        """Build the engine, which reads its MIB files: about 0.2 s of CPU."""
        self._engines: list[tuple[_Untyped, dict[str, Credentials]]] = [(SnmpEngine(), {})]
        self._engine_of: dict[Credentials, _Untyped] = {}
        self._identities: dict[Credentials, _Untyped] = {}
        self._targets: dict[tuple[int, str, int], _Target] = {}
        self._engine_ids = EngineIds()
        self._ways = 0
        self._objects: dict[tuple[int, tuple[str, ...]], list[_Untyped]] = {}

    async def prepare(self, credentials: Credentials) -> None:
        """Make what asking with these takes: an engine that has no other user of that name, and the keys."""
        self._engine_for(credentials)
        if credentials not in self._identities:
            keys = await asyncio.to_thread(_master_keys, credentials)
            self._identities.setdefault(credentials, _new_identity(credentials, keys))

    async def get(self, asked: Get) -> Answer:
        """Ask once; once more where the agent has a new engine. The caller keeps the deadline."""

        def send(engine: _Untyped, *peer: _Untyped) -> _Untyped:
            return get_cmd(engine, *peer, *self._resolved(engine, asked.oids), lookupMib=False)

        return await self._ask(asked, send, _values_told)

    async def walk(self, asked: Walk) -> Answer:
        """Walk; each message has its own time, the caller keeps that of the whole."""
        walking, tries = Walking(asked.oid, asked.most, asked.told), asked.tries

        def send(*peer: _Untyped) -> _Untyped:
            at = ObjectType(ObjectIdentity(walking.next))
            if asked.credentials.version is Version.V1:
                return next_cmd(*peer, at, lookupMib=False)
            return bulk_cmd(*peer, 0, REPETITIONS, at, lookupMib=False)

        def take(variables: Sequence[_Untyped]) -> Answer:
            there = [(str(name), value) for name, value in variables if not isinstance(value, _ABSENT)]
            walking.take((name, _plain(value)) for name, value in there)
            walking.ended = walking.ended or len(there) < len(variables)
            return Answer(Outcome.REPLIED)

        while not walking.ended:
            try:
                async with asyncio.timeout(asked.timeout_s):
                    answer = await self._ask(asked, send, take)
            except TimeoutError:
                tries -= 1
                if tries > 0:
                    continue  # the message or its reply was lost
                return walking.answer(Answer(Outcome.NO_REPLY, Reason.DEADLINE))
            tries = asked.tries
            if answer.reason is Reason.NO_SUCH_OBJECT and asked.credentials.version is Version.V1:
                break  # that is how version 1 says that there is no more
            if answer.outcome is not Outcome.REPLIED:
                return walking.answer(answer)
        return walking.answer()

    async def _ask(self, asked: Get | Walk, send: _Send, take: _Take) -> Answer:
        """Ask once; once more where the agent has a new engine."""
        await self.prepare(asked.credentials)
        engine = self._engine_for(asked.credentials)
        for _ in range(_ENGINES_TRIED):
            target = self._target(engine, asked)
            answer = await self._try(target, self._sent(engine, target, asked, send, take))
            if answer is not None:
                twin = self._engine_ids.twin_of(target.engine_id, asked.address, asked.port)
                told = "; ".join(filter(None, (answer.text, twin and shared_words(target.engine_id, twin))))
                return replace(answer, text=told, twin=twin) if twin else answer
            self._engine_ids.forget(target.engine_id, asked.address, asked.port)
        return Answer(Outcome.REFUSED, Reason.DEVICE_ERROR, text="the agent changes its engine")

    async def _try(self, target: _Target, sent: Coroutine[None, None, Answer | None]) -> Answer | None:
        loop = asyncio.get_running_loop()
        waiting: asyncio.Future[Answer | None] = loop.create_future()
        target.waiting.add(waiting)
        asking: asyncio.Future[Answer | None] = loop.create_task(sent)
        try:
            await asyncio.wait({asking, waiting}, return_when=asyncio.FIRST_COMPLETED)
            return asking.result() if asking.done() else waiting.result()
        finally:
            target.waiting.discard(waiting)
            asking.cancel()

    def close(self) -> None:
        """Close all sockets."""
        for engine, _ in self._engines:
            if engine.transport_dispatcher is not None:
                engine.close_dispatcher()

    async def _sent(
        self, engine: _Untyped, target: _Target, asked: Get | Walk, send: _Send, take: _Take
    ) -> Answer | None:
        try:
            failed, status, index, variables = await send(
                engine, self._identity(asked.credentials), target.route, ContextData()
            )
        except PySnmpError as error:
            # The library's text may quote what was asked with; its kind does not.
            return Answer(Outcome.NOT_RUN, Reason.SEND_FAILED, text=type(error).__name__)
        if failed:
            return _failure(failed)
        if int(status):
            return error_answer(int(status), int(index))
        return take(variables)

    def _engine_for(self, credentials: Credentials) -> _Untyped:
        """Give the engine that knows these credentials; no engine holds two users of one name."""
        if credentials.version is not Version.V3:
            return self._engines[0][0]
        engine = self._engine_of.get(credentials)
        if engine is None:
            for candidate, users in self._engines:
                if credentials.user not in users:
                    engine = candidate
                    users[credentials.user] = credentials
                    break
            else:
                engine = SnmpEngine()
                self._engines.append((engine, {credentials.user: credentials}))
            self._engine_of[credentials] = engine
        return engine

    def _identity(self, credentials: Credentials) -> _Untyped:
        return self._identities[credentials]

    def _target(self, engine: _Untyped, asked: Get | Walk) -> _Target:
        # pysnmp keeps an agent's engine for a day. A new way to the agent makes it look again.
        key = (id(engine), asked.address, asked.port)
        target = self._targets.get(key)
        if target is None or target.outdated:
            if target is not None:
                target.close()
            self._ways += 1
            target = self._targets[key] = _Target(asked.address, asked.port, self._ways)
        return target

    def _resolved(self, engine: _Untyped, oids: tuple[str, ...]) -> list[_Untyped]:
        key = (id(engine), oids)
        objects = self._objects.get(key)
        if objects is None:
            if len(self._objects) >= _OBJECTS_KEPT:
                self._objects.clear()
            objects = self._objects[key] = [ObjectType(ObjectIdentity(oid)) for oid in oids]
        return objects


class _Target:
    """An agent: the way to it, its engine, and the questions that a closed port answers."""

    def __init__(self, address: str, port: int, number: int) -> None:
        self.waiting: set[asyncio.Future[Answer | None]] = set()
        self.outdated = False
        self.route = route_to(address, port, number, self)
        self.engine_id = b""

    def close(self) -> None:
        """Give the socket back."""
        if self.route.transport is not None:
            self.route.transport.close_transport()

    def heard(self, datagram: bytes) -> None:
        """Notice an agent whose engine is another than before; ``None`` tells a question to start anew."""
        try:
            engine_id = read_envelope(datagram).engine_id
        except MalformedError:
            return
        if engine_id and self.engine_id and engine_id != self.engine_id:
            self.outdated = True
            self._settle(None)
        self.engine_id = self.engine_id or engine_id

    def refused(self, error: Exception) -> None:
        """A closed port answers all that wait."""
        refused = isinstance(error, ConnectionRefusedError)
        reason = Reason.PORT_UNREACHABLE if refused else Reason.OTHER_ICMP_ERROR
        self._settle(Answer(Outcome.REFUSED, reason))

    def _settle(self, answer: Answer | None) -> None:
        for waiting in self.waiting:
            if not waiting.done():
                waiting.set_result(answer)


def _values_told(variables: Sequence[_Untyped]) -> Answer:
    values = {str(name): _plain(value) for name, value in variables if not isinstance(value, _ABSENT)}
    return Answer(Outcome.REPLIED, values=values)


def _master_keys(credentials: Credentials) -> tuple[bytes | None, bytes | None]:
    """Make the keys of a user off the loop; pysnmp would make them on it, and slowly."""
    protocol = credentials.auth_protocol
    auth = master_key(credentials.auth, protocol) if credentials.auth else None
    return auth, master_key(credentials.privacy, protocol) if credentials.privacy else None


def _new_identity(credentials: Credentials, keys: tuple[bytes | None, bytes | None]) -> _Untyped:
    if credentials.version is not Version.V3:
        # One row per community, whatever the version: pysnmp finds an answer's row by the community alone.
        name = f"c{sha256(credentials.community.encode()).hexdigest()[:24]}"
        return CommunityData(
            name, credentials.community, mpModel=0 if credentials.version is Version.V1 else 1
        )
    return UsmUserData(
        credentials.user,
        *keys,
        authProtocol=_AUTH[credentials.auth_protocol],
        privProtocol=_PRIVACY[credentials.privacy_protocol],
        authKeyType=USM_KEY_TYPE_MASTER,
        privKeyType=USM_KEY_TYPE_MASTER,
    )


def _failure(failed: object) -> Answer:
    kind = type(failed).__name__
    if isinstance(failed, errind.RequestTimedOut):
        return Answer(Outcome.NO_REPLY, Reason.DEADLINE)
    if isinstance(failed, _STRANGER):
        return Answer(Outcome.REFUSED, Reason.AUTHENTICATION_FAILED, text=f"the agent reports: {kind}")
    if isinstance(failed, errind.NotInTimeWindow | errind.UnknownEngineID):
        return Answer(Outcome.REFUSED, Reason.DEVICE_ERROR, text=f"the agent reports: {kind}")
    return Answer(Outcome.NOT_RUN, Reason.SEND_FAILED, text=f"pysnmp: {kind}")


def _plain(value: _Untyped) -> RawValue:
    """Make pysnmp's value one of ours, as gufo-snmp gives it."""
    if isinstance(value, IpAddress):
        return str(value.prettyPrint())
    if isinstance(value, univ.ObjectIdentifier):
        return str(value)
    if isinstance(value, univ.Integer):
        return int(value)
    return bytes(value)
