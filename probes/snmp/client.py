"""The small interface behind which an SNMP stack stands: one question in, one answer out.

Two stacks keep it, and one contract test holds both to it. It knows neither readings nor secrets'
references, and there is no way to say SET.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from controlroom.reading import Outcome, Reason

RawValue = int | float | str | bytes
"""A value as it came: numbers, ``bytes`` for octet strings and opaque, ``str`` for names and addresses."""


class Version(enum.StrEnum):
    """Which SNMP is spoken."""

    V1 = "1"
    V2C = "2c"
    V3 = "3"


class AuthProtocol(enum.StrEnum):
    """How a v3 message is signed (RFC 3414, RFC 7860)."""

    NONE = "none"
    MD5 = "MD5"
    SHA1 = "SHA1"
    SHA224 = "SHA224"
    SHA256 = "SHA256"
    SHA384 = "SHA384"
    SHA512 = "SHA512"


class PrivacyProtocol(enum.StrEnum):
    """How a v3 message is encrypted (RFC 3414, RFC 3826).

    Longer keys stand in no RFC. There are two ways to make one of a password: that of the draft by
    Blumenthal, which Net-SNMP has, and that of Cisco and others, by the draft of Reeder, marked with a C.
    """

    NONE = "none"
    DES = "DES"
    AES128 = "AES128"
    AES192 = "AES192"
    AES256 = "AES256"
    AES192C = "AES192C"
    AES256C = "AES256C"


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who asks. The secrets are in clear here, so they are kept out of ``repr``."""

    version: Version
    community: str = field(default="", repr=False)
    user: str = ""
    auth_protocol: AuthProtocol = AuthProtocol.NONE
    auth: str = field(default="", repr=False)
    privacy_protocol: PrivacyProtocol = PrivacyProtocol.NONE
    privacy: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Get:
    """One GET of scalar objects. ``address`` is literal, ``oids`` numeric without a leading dot."""

    address: str
    port: int
    credentials: Credentials
    oids: tuple[str, ...]
    timeout_s: float


@dataclass(frozen=True, slots=True)
class Walk:
    """All objects below an identifier, by GETBULK (by GETNEXT in version 1), at most ``most`` of them.

    ``timeout_s`` is for each message, which is asked up to ``tries`` times; ``longest_s`` is for all of them
    together. ``told`` is given what came as soon as the stack has it.
    """

    address: str
    port: int
    credentials: Credentials
    oid: str
    timeout_s: float
    longest_s: float = 60.0
    most: int = 20_000
    tries: int = 1
    told: Callable[[Mapping[str, RawValue]], None] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a GET. Objects the agent has not are absent from ``values``.

    What came of a walk: the objects in the agent's order, as far as it went; an outcome other than
    ``replied`` says why it went no further. ``text`` is untrusted evidence for a person; never a secret.
    """

    outcome: Outcome
    reason: Reason = Reason.NONE
    values: Mapping[str, RawValue] = field(default_factory=dict)
    text: str = ""
    at: int = 0
    """Which of the objects asked an error is about, counted from 1; 0 where it is about none."""
    twin: str = ""
    """Which other agent has the same engine id: its address and port; empty where none has."""


class SnmpClient(Protocol):
    """An SNMP stack. ``get`` answers by its own deadline and may be cancelled at any time."""

    async def start(self) -> None:
        """Take what it needs; a stack that cannot start answers ``not_run`` afterwards."""

    async def prepare(self, credentials: Credentials) -> None:
        """Get ready to ask with these: start what asks, make keys. It sends nothing.

        It may take seconds the first time, so that no deadline may run meanwhile; afterwards it is at once.
        """

    async def get(self, asked: Get) -> Answer:
        """Ask once, without repeating: a lost packet is a lost packet."""

    async def walk(self, asked: Walk) -> Answer:
        """Ask for all that is below an identifier."""

    async def stop(self) -> None:
        """Give everything back."""

    def health(self) -> Mapping[str, float]:
        """Counters about the stack itself."""
