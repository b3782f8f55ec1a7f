"""What changes on a link: told, a sign while it stands, and not forgotten over a restart."""

from __future__ import annotations

import copy
import json
import logging
from itertools import pairwise

import numpy as np
import pytest

from controlroom.condition.state import Condition
from controlroom.engine.link_changes import KEPT_EVERY_SECONDS, LinkChanges
from controlroom.logbook.entry import Draft, LogKind
from controlroom.measure.learnt import USUAL_LINK, Learnt
from controlroom.reading import Outcome, ProbeKey, Reading, Reason
from tests.controlroom.report.memory_store import view

START_UTC_S = 1_700_000_000.0
ICMP = ProbeKey("mast", "icmp")


class Link:
    """One link, measured once a second."""

    def __init__(self, changes: LinkChanges | None = None) -> None:
        """Nothing is measured yet."""
        self.changes = changes or LinkChanges(view("mast"))
        self.chance = np.random.default_rng(7)
        self.seconds = 0
        self.told: list[Draft] = []

    def live(
        self, seconds: int, rtt_s: float, loss: float = 0.0, condition: Condition = Condition.UP
    ) -> None:
        """Measure for some time, a little unsteadily."""
        for _ in range(seconds):
            self.seconds += 1
            lost = self.chance.random() < loss
            values = {} if lost else {"rtt_s": rtt_s + self.chance.exponential(0.001)}
            reading = Reading(
                ICMP,
                self.now_utc_s,
                float(self.seconds),
                Outcome.NO_REPLY if lost else Outcome.REPLIED,
                Reason.DEADLINE if lost else Reason.NONE,
                values,
            )
            self.told += self.changes.take(reading, condition)

    @property
    def now_utc_s(self) -> float:
        """The time of the newest reading."""
        return START_UTC_S + self.seconds


def test_a_rise_is_told_once_and_is_a_sign_until_it_falls() -> None:
    """With when it began and both figures."""
    link = Link()
    link.live(3600, 0.02)
    assert link.told == []
    link.live(400, 0.06)
    (rise,) = link.told
    assert (rise.kind, rise.subject, rise.facts["change"]) == (LogKind.LINK_CHANGED, "mast", "latency-rise")
    assert rise.facts["before"] == pytest.approx(0.021, rel=0.1)
    assert rise.facts["after"] == pytest.approx(0.061, rel=0.1)
    assert abs(float(str(rise.facts["since_utc_s"])) - START_UTC_S - 3600) < 5
    (sign,) = link.changes.signs("mast", link.now_utc_s)
    assert sign.startswith("change:latency-rise:0.02")
    link.live(400, 0.02)
    assert [each.facts["change"] for each in link.told] == ["latency-rise", "latency-fall"]
    assert link.changes.signs("mast", link.now_utc_s) == []


def test_what_lasts_is_how_the_link_is() -> None:
    """An hour after its beginning a rise is no sign any more."""
    link = Link()
    link.live(3600, 0.02)
    link.live(300, 0.06)
    assert link.changes.signs("mast", link.now_utc_s)
    assert link.changes.signs("mast", link.now_utc_s + 3600) == []


def test_an_outage_is_no_change_of_the_link() -> None:
    """Its losses are told as such already."""
    link = Link()
    link.live(3600, 0.02)
    link.live(600, 0.02, loss=1.0, condition=Condition.DOWN)
    link.live(600, 0.02)
    assert link.told == []


def test_loss_that_rises_is_found() -> None:
    """Every tenth where one in a hundred was usual."""
    link = Link()
    link.live(7200, 0.02, loss=0.01)
    assert link.told == []
    link.live(600, 0.02, loss=0.15)
    assert [each.facts["change"] for each in link.told] == ["loss-rise"]


def test_a_link_that_changes_all_the_time_is_told_seldom() -> None:
    """A change for the worse once in five minutes at most; its end is told as well."""
    link = Link()
    link.live(1800, 0.02)
    for _ in range(10):
        link.live(60, 0.1)
        link.live(60, 0.02)
    at_s = [each.at_utc_s for each in link.told if str(each.facts["change"]).endswith("rise")]
    assert at_s
    assert all(after - before >= 300 for before, after in pairwise(at_s))


def test_a_change_that_was_found_is_kept_at_once() -> None:
    """A restart right after it does not find it again."""
    first = Link()
    first.live(3600, 0.02)
    first.live(100, 0.06)
    (learnt,) = first.changes.due(1)
    assert first.changes.due(2) == []
    second = Link(LinkChanges(view("mast"), [learnt]))
    second.seconds = first.seconds
    second.live(600, 0.06)
    assert second.told == []


def kept(changes: LinkChanges) -> list[Learnt]:
    """All that is to be kept, each in its turn."""
    assert not any(changes.due(second) for second in range(KEPT_EVERY_SECONDS))
    turns = range(KEPT_EVERY_SECONDS, 2 * KEPT_EVERY_SECONDS)
    return [each for second in turns for each in changes.due(second)]


def test_what_was_learnt_survives_a_restart() -> None:
    """The next engine finds the same change at the same reading."""
    first = Link()
    first.live(3600, 0.02)
    (learnt,) = kept(first.changes)
    assert (learnt.probe, learnt.subject) == (ICMP, USUAL_LINK)
    second = Link(LinkChanges(view("mast"), [learnt]))
    second.seconds, second.chance = first.seconds, copy.deepcopy(first.chance)
    first.live(300, 0.06)
    second.live(300, 0.06)
    assert first.told == second.told != []


def test_of_another_address_nothing_is_taken_over() -> None:
    """The link is another one."""
    first = Link()
    first.live(3600, 0.02)
    (learnt,) = kept(first.changes)
    (moved,) = view("mast").endpoints
    elsewhere = moved.model_copy(update={"address": "127.0.0.99"})
    site = view("mast").model_copy(update={"endpoints": (elsewhere,)})
    second = Link(LinkChanges(site, [learnt]))
    second.live(300, 0.06)
    assert second.told == []


def test_another_wish_keeps_what_was_learnt() -> None:
    """Fewer days between false calls find the same change no later."""
    eager, calm = Link(), Link()
    for link in (eager, calm):
        link.live(3600, 0.02)
    eager.changes.adopt(view("mast"), 1.0)
    calm.changes.adopt(view("mast"), 365.0)
    for link in (eager, calm):
        link.live(600, 0.03)
    assert eager.told[0].at_utc_s <= calm.told[0].at_utc_s
    assert eager.told[0].facts["before"] == pytest.approx(0.021, rel=0.1)


@pytest.mark.parametrize(
    "text", ["", "[]", "no JSON", '{"asked": 1}', json.dumps({"asked": "x", "kept": {}}), "[" * 9000]
)
def test_what_makes_no_sense_is_learnt_anew(text: str, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing of it stops an engine."""
    with caplog.at_level(logging.WARNING, "controlroom.engine"):
        link = Link(LinkChanges(view("mast"), [Learnt(ICMP, USUAL_LINK, text)]))
    link.live(100, 0.02)
    assert link.told == []


def test_a_damaged_state_is_named(caplog: pytest.LogCaptureFixture) -> None:
    """One of the right link that cannot be read."""
    changes = LinkChanges(view("mast"))
    (learnt,) = kept(changes)
    told = json.loads(learnt.text)
    told["kept"]["normal"] = "gone"
    with caplog.at_level(logging.WARNING, "controlroom.engine"):
        LinkChanges(view("mast"), [Learnt(ICMP, USUAL_LINK, json.dumps(told))])
    assert "mast/icmp" in caplog.text
