"""Who is to blame when nothing answers."""

from __future__ import annotations

import pytest

from controlroom.condition.own_connection import Evidence, Verdict, verdict

ALL = ["gateway", "resolver", "mast", "port"]


@pytest.mark.parametrize(
    ("answered", "failed", "anchors", "expected"),
    [
        ({"port": 11.0}, {}, ["gateway"], Verdict.CONNECTED),
        ({"port": 9.0}, {"gateway": 11.0}, ["gateway"], Verdict.CUT_OFF),
        ({}, {"gateway": 11.0}, ["gateway", "resolver"], Verdict.UNDECIDED),
        ({}, {"gateway": 11.0, "resolver": 11.0}, ["gateway", "resolver"], Verdict.CUT_OFF),
        ({"mast": 11.0}, {"gateway": 11.0}, ["gateway"], Verdict.CUT_OFF),
        ({}, {"gateway": 11.0, "resolver": 11.0, "port": 11.0}, [], Verdict.CUT_OFF),
        ({}, {"gateway": 11.0, "resolver": 11.0}, [], Verdict.UNDECIDED),
        ({}, {"gateway": 11.0, "resolver": 11.0, "port": 11.0}, ["mast"], Verdict.CUT_OFF),
    ],
)
def test_verdicts(
    answered: dict[str, float], failed: dict[str, float], anchors: list[str], expected: Verdict
) -> None:
    """The suspect is the mast, suspected from second ten; every rule, one line each."""
    evidence = Evidence(answered, failed)
    found = verdict(evidence, suspect="mast", suspected_s=10.0, anchors=anchors, others=ALL)
    assert found is expected


def test_nobody_else_to_ask_blames_the_endpoint() -> None:
    """With one endpoint in the world its silence is an alarm."""
    found = verdict(Evidence(), suspect="mast", suspected_s=1.0, anchors=["mast"], others=["mast"])
    assert found is Verdict.CONNECTED
