"""The kernel's neighbours: real ones of this machine, and any bytes at all."""

from __future__ import annotations

import struct

from hypothesis import given
from hypothesis import strategies as st

from probes.neighbour import Neighbour, Standing, neighbours, neighbours_in
from probes.netlink import ends, messages


def message(kind: int, body: bytes) -> bytes:
    """One message as the kernel writes it."""
    return struct.pack("=IHHII", 16 + len(body), kind, 0, 1, 0) + body


def entry(state: int, address: bytes, index: int = 2) -> bytes:
    """One neighbour as the kernel writes it, with its link address in front."""
    link = struct.pack("=HH", 10, 2) + bytes(6) + bytes(2)
    destination = struct.pack("=HH", 4 + len(address), 1) + address
    return message(28, struct.pack("=BBHiHBB", 2, 0, 0, index, state, 0, 1) + link + destination)


def test_states_as_the_kernel_names_them() -> None:
    """Incomplete and failed do not answer; delay and probe are not sure; permanent and noarp need not be."""
    states = {0x01: 0, 0x20: 0, 0x04: 1, 0x08: 1, 0x10: 1, 0x02: 2, 0x40: 2, 0x80: 2}
    for state, figure in states.items():
        assert dict(neighbours_in(messages(entry(state, b"\xc0\x00\x02\x01")))) == {
            Neighbour(2, "192.0.2.1"): Standing(figure)
        }
    assert dict(neighbours_in(messages(entry(0x00, b"\xc0\x00\x02\x01")))) == {}


def test_several_in_one_part_and_the_end() -> None:
    """The same address behind two interfaces is two neighbours."""
    part = entry(0x02, b"\xc0\x00\x02\x01", 2) + entry(0x20, b"\xc0\x00\x02\x01", 3)
    assert len(dict(neighbours_in(messages(part)))) == 2
    assert not ends(part)
    assert ends(part + message(3, bytes(4)))


@given(st.binary(max_size=200), st.integers(0, 200))
def test_no_bytes_break_it(noise: bytes, cut: int) -> None:
    """Whatever comes is read to its end or passed over."""
    whole = entry(0x02, b"\xc0\x00\x02\x01") + noise
    for part in (noise, whole, whole[:cut]):
        assert all(isinstance(standing, Standing) for _, standing in neighbours_in(messages(part)))
        ends(part)


def test_the_kernel_of_this_machine_can_be_asked() -> None:
    """Without any right, and for both families."""
    for version in (4, 6):
        assert neighbours(version) is not None
