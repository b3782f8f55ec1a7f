"""What the engine and the pysnmp process say to each other: JSON behind a length, never pickle.

A frame is four octets of length, most significant first, and that many octets of UTF-8 JSON.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any, Final

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

HEADER: Final = struct.Struct(">I")
LARGEST_FRAME: Final = 16_000_000
"""Octets; a longer frame says that the two have lost each other."""


def pack(content: Mapping[str, Any]) -> bytes:
    """Make a frame."""
    body = json.dumps(content, separators=(",", ":")).encode()
    return HEADER.pack(len(body)) + body


def length_of(header: bytes) -> int:
    """Read a frame's length; raise ``ValueError`` where it cannot be one."""
    (length,) = HEADER.unpack(header)
    if not 0 < length <= LARGEST_FRAME:
        raise ValueError("a frame of an impossible length")
    return int(length)


def pack_question(number: int, asked: Get | Walk | Credentials) -> bytes:
    """Make the frame that asks, or that has credentials made ready.

    It holds secrets, so it goes through a pipe and nowhere else.
    """
    credentials = asked if isinstance(asked, Credentials) else asked.credentials
    return pack(
        {
            **({} if isinstance(asked, Credentials) else _whom(asked)),
            "number": number,
            "version": credentials.version,
            "community": credentials.community,
            "user": credentials.user,
            "auth_protocol": credentials.auth_protocol,
            "auth": credentials.auth,
            "privacy_protocol": credentials.privacy_protocol,
            "privacy": credentials.privacy,
        }
    )


def _whom(asked: Get | Walk) -> Mapping[str, Any]:
    what: Mapping[str, Any] = {"oids": asked.oids} if isinstance(asked, Get) else _way(asked)
    return {**what, "address": asked.address, "port": asked.port, "timeout_s": asked.timeout_s}


def _way(asked: Walk) -> Mapping[str, Any]:
    return {"below": asked.oid, "longest_s": asked.longest_s, "most": asked.most, "tries": asked.tries}


def unpack_question(body: bytes) -> tuple[int, Get | Walk | Credentials]:
    """Read what ``pack_question`` wrote."""
    content = json.loads(body)
    credentials = Credentials(
        version=Version(content["version"]),
        community=content["community"],
        user=content["user"],
        auth_protocol=AuthProtocol(content["auth_protocol"]),
        auth=content["auth"],
        privacy_protocol=PrivacyProtocol(content["privacy_protocol"]),
        privacy=content["privacy"],
    )
    if "address" not in content:
        return content["number"], credentials
    agent = (content["address"], content["port"], credentials)
    if "below" in content:
        way = (
            content["below"],
            content["timeout_s"],
            content["longest_s"],
            content["most"],
            content["tries"],
        )
        return content["number"], Walk(*agent, *way)
    return content["number"], Get(*agent, tuple(content["oids"]), content["timeout_s"])


def pack_answer(number: int, answer: Answer) -> bytes:
    """Make the frame that answers; octets travel as hex."""
    values = {
        oid: {"octets": raw.hex()} if isinstance(raw, bytes) else {"value": raw}
        for oid, raw in answer.values.items()
    }
    return pack(
        {
            "number": number,
            "outcome": answer.outcome,
            "reason": answer.reason,
            "values": values,
            "text": answer.text,
            "at": answer.at,
            "twin": answer.twin,
        }
    )


def unpack_answer(body: bytes) -> tuple[int, Answer]:
    """Read what ``pack_answer`` wrote."""
    content = json.loads(body)
    values: dict[str, RawValue] = {
        oid: bytes.fromhex(raw["octets"]) if "octets" in raw else raw["value"]
        for oid, raw in content["values"].items()
    }
    return content["number"], Answer(
        Outcome(content["outcome"]),
        Reason(content["reason"]),
        values,
        content["text"],
        content["at"],
        content["twin"],
    )
