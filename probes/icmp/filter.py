"""The kernel filters of the raw sockets, as classic BPF programs. Pure: it attaches nothing.

A raw ICMP socket is given every ICMP packet of the machine. The filter leaves the replies to our own
identifier and the errors that quote it; the rest never costs us a wake-up or room in the buffer.
The filter is for economy alone: whatever passes it is still checked in full.
"""

from __future__ import annotations

import struct
from typing import Final

from probes.icmp.packet import ERROR_TYPES, Version

# Opcodes of <linux/filter.h>. X is the index register, A the accumulator.
_LOAD_BYTE: Final = 0x30  # A = packet[k]
_LOAD_BYTE_AT_X: Final = 0x50  # A = packet[X + k]
_LOAD_HALF_AT_X: Final = 0x48  # A = packet[X + k : X + k + 2]
_LOAD_X: Final = 0x01  # X = k
_LOAD_X_HEADER_LENGTH: Final = 0xB1  # X = 4 * (packet[k] & 15)
_A_AND: Final = 0x54
_A_SHIFT_LEFT: Final = 0x64
_A_PLUS_X: Final = 0x0C
_X_FROM_A: Final = 0x07
_JUMP_IF_EQUAL: Final = 0x15  # continues at +1+jt when A == k, else at +1+jf
_RETURN: Final = 0x06

_WHOLE_PACKET: Final = 0x0004_0000
_NOTHING: Final = 0

_Instruction = tuple[int, int, int, int]


def _only_if_equal(value: int, left: int) -> _Instruction:
    """Go on when A equals ``value``; otherwise skip the ``left`` instructions up to the refusal."""
    return (_JUMP_IF_EQUAL, 0, left, value)


def _accept_error(version: Version, identifier: int) -> list[_Instruction]:
    """Accept when the packet quoted 8 bytes after X is an echo request with our identifier."""
    if version == 4:
        return [
            (_LOAD_BYTE_AT_X, 0, 0, 8 + 9),
            _only_if_equal(1, 10),
            (_LOAD_BYTE_AT_X, 0, 0, 8),
            (_A_AND, 0, 0, 0x0F),
            (_A_SHIFT_LEFT, 0, 0, 2),
            (_A_PLUS_X, 0, 0, 0),
            (_X_FROM_A, 0, 0, 0),
            (_LOAD_BYTE_AT_X, 0, 0, 8),
            _only_if_equal(8, 3),
            (_LOAD_HALF_AT_X, 0, 0, 8 + 4),
            _only_if_equal(identifier, 1),
            (_RETURN, 0, 0, _WHOLE_PACKET),
        ]
    return [
        (_LOAD_BYTE_AT_X, 0, 0, 8 + 6),
        _only_if_equal(58, 5),
        (_LOAD_BYTE_AT_X, 0, 0, 8 + 40),
        _only_if_equal(128, 3),
        (_LOAD_HALF_AT_X, 0, 0, 8 + 40 + 4),
        _only_if_equal(identifier, 1),
        (_RETURN, 0, 0, _WHOLE_PACKET),
    ]


def instructions(version: Version, identifier: int) -> list[_Instruction]:
    """Return the program for a raw socket: IPv4 packets begin with the IP header, IPv6 ones with ICMPv6."""
    start = (_LOAD_X_HEADER_LENGTH, 0, 0, 0) if version == 4 else (_LOAD_X, 0, 0, 0)
    error_part = _accept_error(version, identifier)
    error_types = ERROR_TYPES[version]
    reply_type = 0 if version == 4 else 129
    program: list[_Instruction] = [
        start,
        (_LOAD_BYTE_AT_X, 0, 0, 0),
        (_JUMP_IF_EQUAL, 0, 3, reply_type),
        (_LOAD_HALF_AT_X, 0, 0, 4),
        (_JUMP_IF_EQUAL, 0, 1 + len(error_types), identifier),
        (_RETURN, 0, 0, _WHOLE_PACKET),
    ]
    for index, error_type in enumerate(error_types):
        after = len(error_types) - index
        program.append((_JUMP_IF_EQUAL, after, 0, error_type))
    program.append((_RETURN, 0, 0, _NOTHING))
    program.extend(error_part)
    program.append((_RETURN, 0, 0, _NOTHING))
    return program


def assemble(version: Version, identifier: int) -> bytes:
    """Return the program as an array of ``struct sock_filter``."""
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in instructions(version, identifier))
