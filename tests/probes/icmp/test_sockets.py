"""How errors of the operating system are read, without provoking them."""

from __future__ import annotations

import errno
import os

import pytest

from controlroom.reading import Reason
from probes.icmp.parameters import IcmpParameters
from probes.icmp.sockets import control_for, reason_of_open_error, reason_of_send_error


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENETUNREACH, Reason.NO_ROUTE),
        (errno.EHOSTUNREACH, Reason.NO_ROUTE),
        (errno.EADDRNOTAVAIL, Reason.NO_ROUTE),
        (errno.ENOBUFS, Reason.OWN_BUFFER_FULL),
        (errno.EAGAIN, Reason.OWN_BUFFER_FULL),
        (errno.EPERM, Reason.SEND_FAILED),
        (errno.EMSGSIZE, Reason.PACKET_TOO_BIG),
    ],
)
def test_a_packet_that_did_not_leave_has_its_reason(number: int, reason: Reason) -> None:
    """None of them says anything of the target."""
    assert reason_of_send_error(OSError(number, os.strerror(number)), IcmpParameters()) is reason


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.EPERM, Reason.NO_PRIVILEGE),
        (errno.EACCES, Reason.NO_PRIVILEGE),
        (errno.EAFNOSUPPORT, Reason.UNSUPPORTED),
        (errno.EMFILE, Reason.SEND_FAILED),
    ],
)
def test_a_socket_that_cannot_be_had_has_its_reason(number: int, reason: Reason) -> None:
    """A missing right is told from a missing protocol."""
    assert reason_of_open_error(OSError(number, os.strerror(number))) is reason


def test_the_usual_request_needs_no_control_messages() -> None:
    """The plain path costs no extra work per packet."""
    assert control_for(4, IcmpParameters()) == control_for(6, IcmpParameters()) == []
    other = IcmpParameters(ttl=5, dscp="EF", interface="lo")
    assert len(control_for(4, other)) == len(control_for(6, other)) == 3


def test_a_source_of_the_other_family_or_an_unknown_interface_cannot_be_had() -> None:
    """The prober tells so; nothing leaves by another way than the one that was set."""
    for wrong in (IcmpParameters(source_address="fd98::1"), IcmpParameters(interface="nowhere0")):
        with pytest.raises(OSError, match=r"."):
            control_for(4, wrong)


def test_a_source_that_is_not_ours_is_no_missing_route() -> None:
    """The same error of the kernel means one thing with a source set, another without."""
    for number in (errno.EADDRNOTAVAIL, errno.EINVAL, errno.ENODEV):
        assert reason_of_send_error(OSError(number, ""), IcmpParameters(interface="lo")) is Reason.NO_SOURCE
