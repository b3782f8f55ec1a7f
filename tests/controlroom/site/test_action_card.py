"""Action cards: whose word goes first, and that none is without something to do."""

from __future__ import annotations

import pytest

from controlroom.site.action_card import endpoint_card, group_card, steps_of
from controlroom.site.alarm_rule import ENDPOINT_CAUSES, AlarmRule, RuleCause
from controlroom.site.endpoint_kind import EndpointKind
from controlroom.site.model import Endpoint, RiskGroup
from controlroom.site.own_cards import OWN_CARDS
from controlroom.site.usual_cards import FAILED_S, USUAL_OF_GROUPS, USUAL_OF_KINDS, WORKING_S

BARE = Endpoint(id="mast", name="Mast", kind=EndpointKind.RADIO_GATEWAY, address="192.0.2.1")
TOLD = BARE.model_copy(
    update={
        "consequence": "The north is without radio.",
        "what_to_do": "1. Move them.\n\n2) Call.\n- Note it.",
        "contact": "Radio desk, 4410",
        "time_to_respond_s": 60.0,
    }
)
RULE = AlarmRule(id="r", consequence="Ruled.", steps=("Do.", " "), call="Ann", time_to_respond_s=7200)


@pytest.mark.parametrize("kind", EndpointKind)
@pytest.mark.parametrize("cause", ENDPOINT_CAUSES)
def test_a_newcomer_who_says_nothing_has_a_whole_card(kind: EndpointKind, cause: RuleCause) -> None:
    """For every kind and fault: what is lost, steps, whom to call, and a time that follows from the fault."""
    card = endpoint_card(BARE.model_copy(update={"kind": kind}), cause)
    assert card.consequence.endswith(".")
    assert len(card.steps) >= 3
    assert card.call
    assert all(step == step.strip() and step.endswith(".") and len(step) <= 200 for step in card.steps)
    assert (card.time_to_respond_s <= 900) is (cause in (RuleCause.DOWN, RuleCause.UNSTABLE))


def test_what_the_endpoint_says_of_its_failure_goes_before_what_is_usual() -> None:
    """Each line is a step, without the number that its writer gave it."""
    card = endpoint_card(TOLD, RuleCause.DOWN)
    assert card.consequence == "The north is without radio."
    assert card.steps == ("Move them.", "Call.", "Note it.")
    assert (card.call, card.time_to_respond_s) == ("Radio desk, 4410", 60)


@pytest.mark.parametrize("cause", [RuleCause.DEGRADED, RuleCause.NOT_MEASURED])
def test_a_card_does_not_say_that_something_failed_which_may_work(cause: RuleCause) -> None:
    """The check stands before the steps of the failure, and the time is the fault's."""
    card, usual = endpoint_card(TOLD, cause), USUAL_OF_KINDS[TOLD.kind][cause]
    assert card.consequence == f"{usual.consequence} When it fails: The north is without radio."
    assert card.steps == (usual.first, "Move them.", "Call.", "Note it.")
    assert card.time_to_respond_s == WORKING_S
    patient = TOLD.model_copy(update={"time_to_respond_s": 9000.0})
    assert endpoint_card(patient, cause).time_to_respond_s == 9000


def test_a_rule_goes_before_everything_and_only_as_far_as_it_says() -> None:
    """Field by field; a step that is blank is none."""
    card = endpoint_card(TOLD, RuleCause.DEGRADED, RULE)
    assert (card.consequence, card.steps, card.call, card.time_to_respond_s) == (
        "Ruled.",
        ("Do.",),
        "Ann",
        7200,
    )
    card = endpoint_card(TOLD, RuleCause.DOWN, AlarmRule(id="r", call="Ann"))
    assert (card.steps, card.call) == (("Move them.", "Call.", "Note it."), "Ann")


def test_what_a_probes_type_advises_goes_before_what_is_usual_and_after_the_endpoint() -> None:
    """The template of a UPS knows more than its kind does."""
    assert endpoint_card(BARE, RuleCause.DEGRADED, None, "1. See the battery.").steps == ("See the battery.",)
    assert "See the battery." not in endpoint_card(TOLD, RuleCause.DOWN, None, "1. See the battery.").steps


@pytest.mark.parametrize("kind", USUAL_OF_GROUPS)
def test_every_kind_of_risk_group_has_a_card(kind: str) -> None:
    """With steps, and as much time as a failure gives."""
    card = group_card(RiskGroup.model_validate({"id": "g", "name": "G", "kind": kind}))
    assert card.consequence
    assert len(card.steps) >= 3
    assert card.call
    assert card.time_to_respond_s == FAILED_S


def test_a_risk_group_says_its_own_and_an_inferred_cause_what_is_usual() -> None:
    """And a rule goes first here too."""
    group = RiskGroup(id="g", name="G", contact="Ann", consequence="All.", what_to_do="Go.\nSee.")
    assert group_card(group).steps == ("Go.", "See.")
    assert (group_card(group).call, group_card(group).consequence) == ("Ann", "All.")
    assert group_card(group, RULE).steps == ("Do.",)
    assert group_card(None) == group_card(RiskGroup(id="g", name="G"))
    assert {*RiskGroup.model_json_schema()["properties"]["kind"]["enum"]} == set(USUAL_OF_GROUPS)


def test_the_monitoring_has_cards_for_its_own_faults() -> None:
    """None is without steps: they stand between an operator and a desk that tells the truth no longer."""
    for card in OWN_CARDS.values():
        assert card.steps
        assert card.consequence
        assert card.call


def test_steps_keep_numbers_that_belong_to_them() -> None:
    """Only a number that counts steps is left out."""
    assert steps_of("1. Call 4410.\n112 is not reached.\n10) End.\n") == (
        "Call 4410.",
        "112 is not reached.",
        "End.",
    )
    assert steps_of(" \n") == ()
