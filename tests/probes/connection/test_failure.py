"""Whose fault an error of the operating system is."""

from __future__ import annotations

import errno

import pytest

from controlroom.reading import Outcome, Reason
from probes.connection.failure import failure_of


@pytest.mark.parametrize(
    ("code", "at_once", "outcome", "reason"),
    [
        (errno.EHOSTUNREACH, True, Outcome.NOT_RUN, Reason.NO_ROUTE),
        (errno.EHOSTUNREACH, False, Outcome.REFUSED, Reason.HOST_UNREACHABLE),
        (errno.ENETUNREACH, True, Outcome.NOT_RUN, Reason.NO_ROUTE),
        (errno.ENETUNREACH, False, Outcome.REFUSED, Reason.NETWORK_UNREACHABLE),
        (errno.ECONNREFUSED, True, Outcome.REFUSED, Reason.PORT_UNREACHABLE),
        (errno.ECONNREFUSED, False, Outcome.REFUSED, Reason.PORT_UNREACHABLE),
        (errno.ETIMEDOUT, False, Outcome.NO_REPLY, Reason.DEADLINE),
        (errno.EMFILE, True, Outcome.NOT_RUN, Reason.OVERLOADED),
        (errno.EACCES, True, Outcome.NOT_RUN, Reason.FORBIDDEN_HERE),
        (errno.EPERM, True, Outcome.NOT_RUN, Reason.FORBIDDEN_HERE),
        (errno.EACCES, False, Outcome.REFUSED, Reason.PROHIBITED),
        (errno.EHOSTDOWN, False, Outcome.REFUSED, Reason.HOST_UNREACHABLE),
        (errno.EIO, False, Outcome.NOT_RUN, Reason.SEND_FAILED),
    ],
)
def test_an_error_at_once_is_ours_and_the_same_later_the_networks(
    code: int, at_once: bool, outcome: Outcome, reason: Reason
) -> None:
    """What we do not know is taken for our own trouble, never for the endpoint's."""
    answer = failure_of(code, at_once=at_once).answer
    assert (answer.outcome, answer.reason) == (outcome, reason)
    assert answer.text
