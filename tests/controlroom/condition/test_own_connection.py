"""Who is to blame when nothing answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from controlroom.condition.own_connection import Evidence, Verdict, shows_reach, verdict
from controlroom.reading import Outcome, ProbeKey, Reading, Reason, Telling

ALL = ["gateway", "resolver", "mast", "port"]


@pytest.mark.parametrize(
    ("answered", "failed", "witnesses", "expected"),
    [
        ({"port": 11.0}, {}, ["gateway"], Verdict.CONNECTED),
        ({"port": 9.0}, {"gateway": 11.0}, ["gateway"], Verdict.CUT_OFF),
        ({}, {"gateway": 11.0}, ["gateway", "resolver"], Verdict.UNDECIDED),
        ({}, {"gateway": 11.0, "resolver": 11.0}, ["gateway", "resolver"], Verdict.CUT_OFF),
        ({"mast": 11.0}, {"gateway": 11.0}, ["gateway"], Verdict.CUT_OFF),
        ({}, {}, [], Verdict.CONNECTED),
        ({}, {}, ["mast"], Verdict.CONNECTED),
    ],
)
def test_verdicts(
    answered: dict[str, float], failed: dict[str, float], witnesses: list[str], expected: Verdict
) -> None:
    """The suspect is the mast, suspected from second ten; every rule, one line each."""
    evidence = Evidence(answered, failed)
    found = verdict(evidence, suspect="mast", suspected_s=10.0, witnesses=witnesses, others=ALL)
    assert found is expected


def test_alone_and_without_a_way_out_the_fault_is_ours() -> None:
    """One endpoint outside and no route to it: that is no fault of the endpoint."""
    found = verdict(Evidence(), suspect="mast", suspected_s=10.0, witnesses=[], others=ALL, unsent=True)
    assert found is Verdict.CUT_OFF


def test_a_loss_that_is_told_again_is_one_loss() -> None:
    """Overdue and then at its deadline; the answer that comes after all counts as ever."""
    evidence = Evidence()
    lost = Reading(ProbeKey("mast", "icmp"), 9.0, 9.0, Outcome.NO_REPLY, telling=Telling.OVERDUE)
    assert evidence.take(lost) is False
    assert evidence.take(replace(lost, telling=Telling.AGAIN)) is False
    assert evidence.lost_in_a_row == {"mast": 1}
    assert evidence.take(replace(lost, outcome=Outcome.REPLIED, telling=Telling.AGAIN)) is True
    assert evidence.lost_in_a_row == {}


@pytest.mark.parametrize(
    ("outcome", "reason", "reached"),
    [
        (Outcome.REPLIED, Reason.NONE, True),
        (Outcome.REFUSED, Reason.AUTHENTICATION_FAILED, True),
        (Outcome.REFUSED, Reason.PORT_UNREACHABLE, True),
        (Outcome.REFUSED, Reason.CERTIFICATE_EXPIRED, True),
        (Outcome.REFUSED, Reason.STATUS_UNEXPECTED, True),
        (Outcome.REFUSED, Reason.WRONG_PROTOCOL, True),
        (Outcome.REFUSED, Reason.HOST_UNREACHABLE, False),
        (Outcome.REFUSED, Reason.DNS_SERVER_FAILURE, True),
        (Outcome.REFUSED, Reason.DNS_REFUSED, True),
        (Outcome.REFUSED, Reason.NTP_UNSYNCHRONISED, True),
        (Outcome.REFUSED, Reason.CONNECTION_CLOSED, True),
        (Outcome.NO_REPLY, Reason.DEADLINE, False),
        (Outcome.NOT_RUN, Reason.NO_ROUTE, False),
        (Outcome.NOT_RUN, Reason.NO_SECRET, None),
        (Outcome.NOT_RUN, Reason.NO_AUTHORITIES, None),
        (Outcome.NOT_RUN, Reason.OWN_BUFFER_FULL, None),
    ],
)
def test_what_a_reading_says_of_our_own_connection(
    outcome: Outcome, reason: Reason, reached: bool | None
) -> None:
    """Troubles of our own that have nothing to do with the network say nothing."""
    assert shows_reach(Reading(ProbeKey("mast", "icmp"), 0.0, 0.0, outcome, reason)) is reached
