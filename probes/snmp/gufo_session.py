"""One socket to one agent, on gufo-snmp's own sockets: every reply is judged before it is decoded.

A session asks one question at a time. It never repeats a question that got no reply; a v3 agent that
reports how to ask (its clock) is asked once more, as RFC 3414 has it.

What stays open: the decoder passes over a datagram with another request's number and takes the next
one unjudged, so whoever can put two forged datagrams into the same moment gets past the signature.
"""

from __future__ import annotations

import asyncio
import errno
import os
import re
import socket
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from gufo.snmp import (
    Aes128Key,
    DesKey,
    Md5Key,
    Sha1Key,
    Sha224Key,
    Sha256Key,
    Sha384Key,
    Sha512Key,
    SnmpAuthError,
    SnmpDecodeError,
    User,
)
from gufo.snmp._fast import GetIter, SnmpV1ClientSocket, SnmpV2cClientSocket, SnmpV3ClientSocket
from gufo.snmp.typing import ValueType
from gufo.snmp.user import BaseAuthKey, BasePrivKey, KeyType
from gufo.snmp.utils import format_sock_addr

from controlroom.reading import Outcome, Reason
from probes.snmp.client import Answer, AuthProtocol, Credentials, Get, PrivacyProtocol, Version, Walk
from probes.snmp.envelope import (
    GET_RESPONSE,
    REPORT,
    Envelope,
    MalformedError,
    is_signed_by,
    name_in_numbers,
    read_envelope,
)
from probes.snmp.error_status import AUTHORIZATION_ERROR, error_answer
from probes.snmp.walking import REPETITIONS, Walking

_AUTH_KEYS: dict[AuthProtocol, type[BaseAuthKey]] = {
    AuthProtocol.MD5: Md5Key,
    AuthProtocol.SHA1: Sha1Key,
    AuthProtocol.SHA224: Sha224Key,
    AuthProtocol.SHA256: Sha256Key,
    AuthProtocol.SHA384: Sha384Key,
    AuthProtocol.SHA512: Sha512Key,
}
_PRIVACY_KEYS: dict[PrivacyProtocol, type[BasePrivKey]] = {
    PrivacyProtocol.DES: DesKey,
    PrivacyProtocol.AES128: Aes128Key,
}

_Values = dict[str, ValueType]

_LARGEST_DATAGRAM = 65_535

_USM_STATS = bytes([0x2B, 6, 1, 6, 3, 15, 1, 1])
"""usmStats (RFC 3414): below it stand the reports of the user-based security model."""
_REPORTS = {
    1: "unsupported security level",
    2: "not in time window",
    3: "unknown user name",
    4: "unknown engine",
    5: "wrong digest",
    6: "decryption error",
}
_NOT_IN_TIME_WINDOW = 2
_UNKNOWN_ENGINE = 4

_RECEIVE_ERRORS = {
    errno.ECONNREFUSED: Reason.PORT_UNREACHABLE,
    errno.EHOSTUNREACH: Reason.HOST_UNREACHABLE,
    errno.ENETUNREACH: Reason.NETWORK_UNREACHABLE,
    errno.EACCES: Reason.PROHIBITED,
}
_SEND_ERRORS = {
    errno.ENETUNREACH: Reason.NO_ROUTE,
    errno.EHOSTUNREACH: Reason.NO_ROUTE,
    errno.EACCES: Reason.FORBIDDEN_HERE,
    errno.EPERM: Reason.FORBIDDEN_HERE,
}


@dataclass(frozen=True, slots=True)
class MasterKeys:
    """Passwords made into keys (RFC 3414, A.2), which takes milliseconds and is done once per user."""

    auth: bytes = field(default=b"", repr=False)
    privacy: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Report:
    """What an agent says instead of answering: the number of a usmStats counter, ``None`` if unknown."""

    number: int | None

    def as_answer(self) -> Answer:
        """Put it as an answer; asking again did not help."""
        text = f"the agent reports: {_REPORTS.get(self.number or 0, 'something else')}"
        device = self.number in (_NOT_IN_TIME_WINDOW, _UNKNOWN_ENGINE)
        return Answer(
            Outcome.REFUSED, Reason.DEVICE_ERROR if device else Reason.AUTHENTICATION_FAILED, text=text
        )


def master_keys(credentials: Credentials) -> MasterKeys:
    """Make the keys of a v3 user. Takes some milliseconds of CPU: call it off the loop."""
    if credentials.auth_protocol is AuthProtocol.NONE:
        return MasterKeys()
    kind = _AUTH_KEYS[credentials.auth_protocol]
    auth = kind.get_master_key(credentials.auth.encode())
    if credentials.privacy_protocol is PrivacyProtocol.NONE:
        return MasterKeys(auth)
    return MasterKeys(auth, kind.get_master_key(credentials.privacy.encode()))


def send_failure(error: OSError) -> Answer:
    """Say why nothing could be sent; gufo-snmp puts the system's number into the text alone."""
    found = re.search(r"os error (\d{1,5})", str(error))
    number = error.errno or (int(found.group(1)) if found else 0)
    reason = _SEND_ERRORS.get(number, Reason.SEND_FAILED)
    why = os.strerror(number) if number else "the address cannot be used"
    return Answer(Outcome.NOT_RUN, reason, text=why)


class GufoSession:
    """A socket connected to one agent, with one user's credentials.

    ``outdated`` says that the agent has another engine than this session knows: use a new session.
    ``met`` says that the agent named its engine when it was asked last.
    """

    def __init__(self, asked: Get | Walk, keys: MasterKeys, counts: Counter[str]) -> None:
        """Open the socket; raise ``OSError`` where the address cannot be used."""
        self.outdated = self.met = False
        self._credentials = asked.credentials
        self._keys = keys
        self._counts = counts
        self._localised = b""
        self._undecodable = ""
        self._seen: Envelope | None = None
        self._socket = _open(asked)
        # A second handle on the same socket, to look at a datagram before the decoder takes it.
        self._peek = socket.socket(fileno=os.dup(self._socket.get_fd()))
        self._peek.setblocking(False)

    @property
    def engine_id(self) -> bytes:
        """The agent's engine, as far as it was told; empty in versions 1 and 2c."""
        return self._socket.get_engine_id() if isinstance(self._socket, SnmpV3ClientSocket) else b""

    def close(self) -> None:
        """Give the socket back."""
        self._peek.close()

    async def get(self, oids: tuple[str, ...], due: float) -> Answer:
        """Ask, and wait for the reply until the loop's clock reads ``due``."""
        wanted = [*oids]
        return await self._ask(
            lambda: self._socket.send_get_many(wanted), lambda: self._socket.recv_get_many(), due
        )

    async def walk(self, asked: Walk, due: float) -> Answer:
        """Walk until the loop's clock reads ``due``; each message has its own time as well."""
        walking = Walking(asked.oid, asked.most, asked.told)
        place = GetIter(walking.next, REPETITIONS)
        clock = asyncio.get_running_loop().time
        tries = asked.tries
        while not walking.ended:
            step_due = min(due, clock() + asked.timeout_s)
            answer = await self._ask(
                lambda: self._send_step(place), lambda: self._take_step(place, walking), step_due
            )
            tries = asked.tries if answer.outcome is Outcome.REPLIED else tries - 1
            if answer.reason is Reason.DEADLINE and tries > 0 and clock() < due:
                continue  # the message or its reply was lost
            if self._credentials.version is Version.V1 and answer.reason is Reason.NO_SUCH_OBJECT:
                break  # that is how version 1 says that there is no more
            if answer.outcome is not Outcome.REPLIED or answer.reason is not Reason.NONE:
                return walking.answer(answer)
        return walking.answer()

    def _send_step(self, place: GetIter) -> None:
        if self._credentials.version is Version.V1:
            self._socket.send_get_next(place)
        else:
            self._socket.send_get_bulk(place)

    def _take_step(self, place: GetIter, walking: Walking) -> _Values:
        try:
            if self._credentials.version is Version.V1:
                items = [self._socket.recv_get_next(place)]
            else:
                bulk = self._socket.recv_get_bulk(place)
                items = [item for item in bulk if item is not None]
                walking.ended = len(items) < len(bulk)
        except StopAsyncIteration:  # beyond the subtree, at the end of all, or an agent that goes in circles
            items = self._first_object()
        walking.take(items)
        return {}

    def _first_object(self) -> list[tuple[str, ValueType | None]]:
        """Return the first object of the last message, without its value, where it can be seen."""
        seen = self._seen
        if seen is None or not seen.first_name or not seen.first_has_value:
            return []
        return [(name_in_numbers(seen.first_name), None)]

    async def _ask(
        self, send: Callable[[], None], receive: Callable[[], _Values | None], due: float
    ) -> Answer:
        self._undecodable, self.met = "", False
        if isinstance(self._socket, SnmpV3ClientSocket) and not self._socket.get_engine_id():
            failure = await self._discover(self._socket, due)
            if failure is not None:
                return failure
            self.met = True
        met = await self._exchange(send, receive, due)
        if isinstance(met, Report) and met.number in (None, _NOT_IN_TIME_WINDOW):
            # The report brought the agent's clock with it.
            met = await self._exchange(send, receive, due)
        if not isinstance(met, Report):
            return met
        self.outdated = met.number == _UNKNOWN_ENGINE
        return met.as_answer()

    async def _discover(self, agent: SnmpV3ClientSocket, due: float) -> Answer | None:
        """Learn the agent's engine and make the keys its own (RFC 3414, 4). ``None`` when that is done."""
        met = await self._exchange(agent.send_refresh, agent.recv_refresh, due)
        if isinstance(met, Answer) and met.outcome is not Outcome.REPLIED:
            return met
        engine_id = agent.get_engine_id()
        if not engine_id:
            return Answer(Outcome.REFUSED, Reason.DEVICE_ERROR, text="the agent names no engine")
        user = _user(self._credentials, self._keys)
        agent.set_keys(
            user.name, user.get_auth_alg(), user.get_auth_key(), user.get_priv_alg(), user.get_priv_key()
        )
        if user.auth_key is not None:
            self._localised = user.auth_key.get_localized_key(self._keys.auth, engine_id)
        return None

    async def _exchange(
        self, send: Callable[[], None], receive: Callable[[], _Values | None], due: float
    ) -> Answer | Report:
        self._empty()
        try:
            send()
        except OSError as error:
            return send_failure(error)
        try:
            async with asyncio.timeout_at(due):
                while True:
                    await self._readable()
                    if (met := self._take(receive)) is not None:
                        return met
        except TimeoutError:
            # The loop may have come late to what was there in time: look once more before calling it lost.
            return self._take(receive) or self._silence()

    def _empty(self) -> None:
        """Drop what an earlier question left behind: a late reply, or a pending error."""
        while True:
            try:
                self._peek.recv(1)
            except BlockingIOError:
                return
            except OSError:
                self._counts["late"] += 1
            else:
                self._counts["late"] += 1

    async def _readable(self) -> None:
        loop = asyncio.get_running_loop()
        ready: asyncio.Future[None] = loop.create_future()
        loop.add_reader(self._peek, _settle, ready)
        try:
            await ready
        finally:
            loop.remove_reader(self._peek)

    def _take(self, receive: Callable[[], _Values | None]) -> Answer | Report | None:
        """Take what has come; ``None`` when nothing of it answers the question."""
        while True:
            try:
                message = self._peek.recv(_LARGEST_DATAGRAM, socket.MSG_PEEK)
            except BlockingIOError:
                return None
            except OSError as error:
                reason = _RECEIVE_ERRORS.get(error.errno or 0, Reason.OTHER_ICMP_ERROR)
                return Answer(Outcome.REFUSED, reason)
            envelope = self._judge(message)
            if envelope is None:
                self._peek.recv(1)
            elif (met := self._decode(receive, envelope, message)) is not None:
                return met

    def _judge(self, message: bytes) -> Envelope | None:
        try:
            envelope = read_envelope(message)
        except MalformedError as error:
            self._counts["malformed"] += 1
            self._undecodable = f"{error}: 0x{message[:64].hex()}"
            return None
        if not self._is_believable(envelope, message):
            self._counts["forged"] += 1
            return None
        return envelope

    def _is_believable(self, envelope: Envelope, message: bytes) -> bool:
        # 1. A reply is in the version that was asked. In 1 and 2c it names the community.
        # 2. A signature that is there must be right, as soon as the key is known.
        # 3. Where the user signs, only a report may come unsigned; where the user encrypts, only a
        #    report may come in clear (RFC 3414, 3.2).
        asked = self._credentials
        if asked.version is not Version.V3:
            version = 0 if asked.version is Version.V1 else 1
            return (envelope.version, envelope.community) == (version, asked.community.encode())
        if envelope.version != 3:
            return False
        if envelope.signed and self._localised:
            digest = asked.auth_protocol.value.lower()
            if not is_signed_by(message, envelope, self._localised, digest):
                return False
        if envelope.pdu == REPORT:
            return True
        signs = asked.auth_protocol is not AuthProtocol.NONE
        encrypts = asked.privacy_protocol is not PrivacyProtocol.NONE
        return (envelope.signed or not signs) and (envelope.pdu is None) == encrypts

    def _decode(
        self, receive: Callable[[], _Values | None], envelope: Envelope, message: bytes
    ) -> Answer | Report | None:
        self._seen = envelope
        try:
            values = receive()
        except BlockingIOError:
            # Not our number, or another engine than the one we know.
            self._counts["stale"] += 1
            report = _report(envelope)
            return report if report.number == _UNKNOWN_ENGINE else None
        except SnmpAuthError:
            return _report(envelope) if envelope.pdu != GET_RESPONSE else error_answer(AUTHORIZATION_ERROR, 0)
        except (SnmpDecodeError, RuntimeError):
            return Answer(Outcome.REPLIED, Reason.UNDECODABLE, text=f"0x{message[:256].hex()}")
        if envelope.pdu == REPORT:
            return _report(envelope)
        return _answer(envelope, values or {})

    def _silence(self) -> Answer:
        if self._undecodable:
            return Answer(Outcome.NO_REPLY, Reason.UNDECODABLE, text=self._undecodable)
        return Answer(Outcome.NO_REPLY, Reason.DEADLINE)


def _settle(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)


def _open(asked: Get | Walk) -> SnmpV1ClientSocket | SnmpV2cClientSocket | SnmpV3ClientSocket:
    address = format_sock_addr(asked.address, asked.port)
    credentials = asked.credentials
    if credentials.version is Version.V3:
        # Without an engine and a user it asks for the engine first.
        return SnmpV3ClientSocket(address, b"", "", 0, b"", 0, b"", 0, 0, 0, 0)
    kind = SnmpV1ClientSocket if credentials.version is Version.V1 else SnmpV2cClientSocket
    return kind(address, credentials.community, 0, 0, 0, 0)


def _user(credentials: Credentials, keys: MasterKeys) -> User:
    if credentials.auth_protocol is AuthProtocol.NONE:
        return User(credentials.user)
    auth_key = _AUTH_KEYS[credentials.auth_protocol](keys.auth, KeyType.Master)
    if credentials.privacy_protocol is PrivacyProtocol.NONE:
        return User(credentials.user, auth_key=auth_key)
    privacy_key = _PRIVACY_KEYS[credentials.privacy_protocol](keys.privacy, KeyType.Master)
    return User(credentials.user, auth_key=auth_key, priv_key=privacy_key)


def _report(envelope: Envelope) -> Report:
    name = envelope.first_name or b""
    known = name.startswith(_USM_STATS) and len(name) > len(_USM_STATS)
    return Report(name[len(_USM_STATS)] if known else None)


def _answer(envelope: Envelope, values: _Values) -> Answer:
    if envelope.error_status:
        return error_answer(envelope.error_status, envelope.error_index or 0)
    # gufo-snmp's values may also be None (Null); such an object has no value.
    return Answer(Outcome.REPLIED, values={oid: raw for oid, raw in values.items() if raw is not None})
