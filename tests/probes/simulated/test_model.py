"""What simulated endpoints answer: the same each time, plausible for their link, as their story has it."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from controlroom.reading import Outcome, ProbeKey, Reason
from probes.simulated.chance import Chance
from probes.simulated.link import CHARACTERS, Link
from probes.simulated.model import Answer, answer_at
from probes.simulated.parameters import SimulatedParameters

MAST = ProbeKey("mast", "simulated")


def answers(
    parameters: SimulatedParameters, from_s: float, until_s: float, key: ProbeKey = MAST
) -> Sequence[Answer]:
    """Ask once a second from one moment of the story to another, with a patience of two seconds."""
    moments = [from_s + step for step in range(int(until_s - from_s))]
    return [answer_at(key, parameters, at_s, 2.0, (int(at_s) + 1, 0)) for at_s in moments]


def loss(found: Sequence[Answer]) -> float:
    """The share without a reply."""
    return sum(answer.outcome is not Outcome.REPLIED for answer in found) / len(found)


def middle_rtt_s(found: Sequence[Answer]) -> float:
    """The middle round trip of the replies."""
    return statistics.median(answer.values["rtt_s"] for answer in found if answer.values)


@given(
    link=st.sampled_from(Link),
    seed=st.integers(0, 1000),
    at_s=st.floats(0, 5000),
    timeout_s=st.floats(0.05, 5),
)
def test_the_same_moment_has_the_same_answer(link: Link, seed: int, at_s: float, timeout_s: float) -> None:
    """And it is one that can be: an answer comes after some time and in time, a loss has no figure."""
    parameters = SimulatedParameters(link=link, seed=seed)
    turn = (int(at_s), 2)
    answer = answer_at(MAST, parameters, at_s, timeout_s, turn)
    assert answer == answer_at(MAST, parameters, at_s, timeout_s, turn)
    if answer.outcome is Outcome.REPLIED:
        assert answer.delay_s == answer.values["rtt_s"]
        assert 0 < answer.values["rtt_s"] < timeout_s
        assert set(answer.values) == {"rtt_s", *(sig.metric.name for sig in CHARACTERS[link].signals)}
    else:
        assert answer == Answer(Outcome.NO_REPLY, Reason.DEADLINE)


def test_seed_endpoint_and_moment_each_change_the_answer() -> None:
    """No two endpoints move in step, and another seed is another room."""
    parameters = SimulatedParameters(link=Link.LTE)
    here = answers(parameters, 0, 50)
    assert here != answers(parameters, 0, 50, ProbeKey("harbour", "simulated"))
    assert here != answers(parameters.model_copy(update={"seed": 2}), 0, 50)
    assert len({answer.values["rtt_s"] for answer in here if answer.values}) > 45


@pytest.mark.parametrize("link", Link)
def test_a_link_is_like_its_kind(link: Link) -> None:
    """Round trips lie around the usual one, and next to nothing is lost."""
    character = CHARACTERS[link]
    found = answers(SimulatedParameters(link=link), 0, 3000)
    assert 0.6 * character.rtt_s < middle_rtt_s(found) < 1.7 * character.rtt_s
    assert loss(found) <= max(0.02, 2 * character.loss_ratio)


def test_the_usual_round_trip_can_be_given() -> None:
    """What the site says holds, and not what the link would have."""
    found = answers(SimulatedParameters(link=Link.FIBRE, usual_rtt_s=0.05), 0, 600)
    assert middle_rtt_s(found) == pytest.approx(0.05, rel=0.05)


def test_mobile_links_have_a_heavy_tail_and_fibre_has_none() -> None:
    """The slowest of a hundred is far slower on a mobile network, and hardly on a fibre."""

    def tail(link: Link) -> float:
        rtts = sorted(
            answer.values["rtt_s"]
            for answer in answers(SimulatedParameters(link=link), 0, 2000)
            if answer.values
        )
        return rtts[len(rtts) * 99 // 100] / statistics.median(rtts)

    assert tail(Link.LTE) > 3
    assert tail(Link.VPN) < 2
    assert tail(Link.SATELLITE) < 1.7


@pytest.mark.parametrize(
    ("word", "outcome", "reason"),
    [
        ("silent", Outcome.NO_REPLY, Reason.DEADLINE),
        ("unreachable", Outcome.REFUSED, Reason.HOST_UNREACHABLE),
        ("rejects", Outcome.REFUSED, Reason.AUTHENTICATION_FAILED),
    ],
)
def test_a_fault_takes_every_answer_of_its_time(word: str, outcome: Outcome, reason: Reason) -> None:
    """From its first second to its last, in every round of the story, and none beside it."""
    parameters = SimulatedParameters(link=Link.LAN, faults=(f"2:00-5:00 {word}",))
    for begin_s in (0, 900):
        assert loss(answers(parameters, begin_s, begin_s + 120)) == 0
        during = answers(parameters, begin_s + 120, begin_s + 300)
        assert {(answer.outcome, answer.reason) for answer in during} == {(outcome, reason)}
        assert all(not answer.values for answer in during)
        assert loss(answers(parameters, begin_s + 300, begin_s + 900)) == 0


def test_losing_loses_about_as_much_as_it_says() -> None:
    """By chance, and not in a row."""
    parameters = SimulatedParameters(link=Link.LAN, faults=("0:00-15:00 loses 30 %",))
    assert loss(answers(parameters, 0, 900)) == pytest.approx(0.3, abs=0.05)


def test_slower_adds_to_every_round_trip_and_too_slow_is_lost() -> None:
    """180 ms more; what then comes after the patience has ended has not come."""
    parameters = SimulatedParameters(link=Link.LAN, faults=("0:00-15:00 slower 180 ms",))
    assert 0.18 < middle_rtt_s(answers(parameters, 0, 300)) < 0.19
    assert answer_at(MAST, parameters, 1.0, 0.18, (2, 0)).outcome is Outcome.NO_REPLY


def test_a_fade_is_worst_midway_and_takes_the_signal_with_it() -> None:
    """Near its ends all is nearly well; midway the level is far down and much is lost."""
    parameters = SimulatedParameters(link=Link.MICROWAVE, faults=("5:00-15:00 fades 60 %",))
    well, edge, worst = (answers(parameters, at, at + 60) for at in (200, 301, 570))

    def level(found: Sequence[Answer]) -> float:
        return statistics.median(answer.values["received_dbm"] for answer in found if answer.values)

    assert loss(edge) < 0.1
    assert loss(worst) > 0.4
    assert level(worst) < level(edge) - 20
    assert level(edge) == pytest.approx(level(well), abs=4)
    assert middle_rtt_s(worst) > 1.7 * middle_rtt_s(edge)


def test_flapping_is_silent_and_answers_in_turn() -> None:
    """Twenty seconds each, silent first."""
    parameters = SimulatedParameters(link=Link.LAN, faults=("1:00-3:00 flaps 20 s",))
    assert [loss(answers(parameters, at, at + 20)) for at in range(60, 180, 20)] == [1, 0, 1, 0, 1, 0]


def test_a_wrong_fault_is_named_where_it_stands() -> None:
    """The place in the list, and the sentence."""
    with pytest.raises(ValidationError) as caught:
        SimulatedParameters.model_validate({"faults": ["1:00-2:00 silent", "1:00-2:00 lose 3 %"]})
    (error,) = caught.value.errors()
    assert error["loc"] == ("faults", 1)
    assert 'Did you mean "loses"?' in error["msg"]


@given(st.lists(st.text(max_size=5), max_size=4))
def test_draws_are_between_their_bounds(name: list[str]) -> None:
    """Never 0 and never 1, whatever they are drawn for, so that other spreads can be made of them."""
    chance = Chance(*name)
    for place in range(8):
        assert 0 < chance.uniform(place) < 1
        assert abs(chance.normal(place)) < 10
        assert chance.exponential(place) > 0


def test_a_beat_that_is_late_by_milliseconds_changes_nothing_but_the_slow_swing() -> None:
    """The same turn is lost or answered alike, and as quickly to within a thousandth."""
    parameters = SimulatedParameters(link=Link.LTE)
    for turn in range(1, 500):
        punctual, late = (answer_at(MAST, parameters, turn + off, 2.0, (turn, 0)) for off in (0.0, 0.015))
        assert punctual.outcome is late.outcome
        assert (punctual.delay_s or 0.0) == pytest.approx(late.delay_s or 0.0, rel=1e-3)
