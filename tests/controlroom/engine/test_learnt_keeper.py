"""What probes learnt goes to the store by turns and comes back to the same probes."""

from __future__ import annotations

import logging
from itertools import chain

import pytest

from controlroom.condition.tracker import EndpointTracker
from controlroom.engine.learnt_keeper import EVERY_SECONDS, due, everything, recall
from controlroom.measure.learnt import USUAL_SILENCE, Learnt
from controlroom.measure.usual_silence import UsualSilence
from controlroom.reading import ProbeKey
from tests.stories.world import site_of


def trackers(*lines: str) -> dict[str, EndpointTracker]:
    """Follow endpoints of which nothing is known."""
    reaches = {"icmp": True}
    return {item.id: EndpointTracker(item, reaches, 0.0) for item in site_of(lines).endpoints}


def test_every_endpoint_has_its_turn_once() -> None:
    """Within five minutes all are told, no more than a few in any second."""
    followed = trackers(*[f"e{number}" for number in range(700)])
    told = [[str(each.probe) for each in due(second, followed)] for second in range(EVERY_SECONDS)]
    assert max(map(len, told)) == 3
    assert sorted(chain.from_iterable(told)) == sorted(f"e{number}/icmp" for number in range(700))


def test_what_was_learnt_comes_back_to_its_probe() -> None:
    """The next engine begins with it; other probes and other subjects are none of its business."""
    before = trackers("mast", "port")
    usual = before["mast"].probes["icmp"].silences.usual
    usual.answered_often(5000)
    usual.silence_ended(2.0)
    learnt = [
        *everything(before),
        Learnt(ProbeKey("mast", "icmp"), "another subject", "{}"),
        Learnt(ProbeKey("gone", "icmp"), USUAL_SILENCE, "{}"),
    ]
    after = trackers("mast", "port")
    recall(learnt, after)
    assert after["mast"].probes["icmp"].silences.usual.kept() == usual.kept()
    assert after["port"].probes["icmp"].silences.usual.kept() == UsualSilence().kept()


@pytest.mark.parametrize("text", ['{"beats": "many"}', "[1]", "not JSON", "[" * 9000, ""])
def test_what_makes_no_sense_is_learnt_anew(text: str, caplog: pytest.LogCaptureFixture) -> None:
    """The program's log names the probe."""
    after = trackers("mast")
    with caplog.at_level(logging.WARNING, "controlroom.engine"):
        recall([Learnt(ProbeKey("mast", "icmp"), USUAL_SILENCE, text)], after)
    assert "mast/icmp" in caplog.text
    assert after["mast"].probes["icmp"].silences.usual.kept() == UsualSilence().kept()
