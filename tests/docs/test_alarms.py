"""docs/alarms.md: its examples load and do what is said of them, and its tables are those of the code."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

from controlroom.alarms.escalation import Duty, plan
from controlroom.alarms.event import Event
from controlroom.alarms.rules import AlarmRules
from controlroom.alarms.transitions import Fault
from controlroom.alarms.urgency import AT_ONCE_S, WITHIN_THE_HOUR_S, priority_by
from controlroom.condition.state import Condition, EndpointState
from controlroom.site.alarm_rule import RuleCause
from controlroom.site.alarm_settings import AlarmSettings
from controlroom.site.criticality import Criticality
from controlroom.site.duty import DESK, USUAL_ESCALATION
from controlroom.site.load import load_site
from controlroom.site.model import Site
from controlroom.site.usual_cards import FAILED_S, UNSTABLE_S, WARNING_S, WORKING_S
from controlroom.site.view import view_of
from probes.registry import PROBE_TYPES

TEXT = (Path(__file__).parents[2] / "docs" / "alarms.md").read_text(encoding="utf-8")


def examples() -> list[Site]:
    """The sites on the page."""
    found = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    return [load_site(text, "docs/alarms.md", PROBE_TYPES) for text in found]


def state(endpoint_id: str, condition: Condition) -> EndpointState:
    """How an endpoint is."""
    return EndpointState(endpoint_id, condition, 1.0, "limit:rtt_s")


def test_the_rules_on_the_page_do_what_is_said_of_them() -> None:
    """The gateway's alarm is held and has its steps; the slow partner is an event."""
    site = examples()[0]
    gateway, hospital = site.endpoints
    rules = AlarmRules(site)
    lost = rules.judge(state("radio-gateway", Condition.DOWN), gateway)
    assert isinstance(lost, Fault)
    assert (lost.priority, lost.latching, lost.off_delay_s) == (1, True, 30)
    card = view_of(site, PROBE_TYPES).card_of(view_of(site, PROBE_TYPES).endpoints[0], RuleCause.DOWN)
    assert card is not None
    assert card.steps[0] == "Move its talk groups to the other gateway."
    assert isinstance(rules.judge(state("hospital", Condition.DEGRADED), hospital), Event)
    assert isinstance(rules.judge(state("hospital", Condition.DOWN), hospital), Fault)


@pytest.mark.parametrize(
    ("moment", "priority", "told"),
    [
        (
            "2026-11-27T12:00:00+00:00",
            1,
            ["180 desk", "300 radio-engineer", "300 network-engineer", "600 duty-manager"],
        ),
        ("2026-11-27T23:00:00+00:00", 1, ["180 desk", "300 network-engineer", "600 duty-manager"]),
        ("2026-11-27T23:00:00+00:00", 2, ["180 desk", "300 network-engineer", "600 duty-manager"]),
        ("2026-11-27T23:00:00+00:00", 3, [f"{7.5 * 3600:.0f} network-engineer"]),
    ],
)
def test_the_escalation_on_the_page_tells_whom_it_says(moment: str, priority: int, told: list[str]) -> None:
    """By day and by night, and at night nobody for what can wait."""
    site = examples()[1]
    at_utc_s = datetime.fromisoformat(moment).timestamp()
    escalation = next(one for one in site.escalations if priority in one.priorities)
    found = plan(escalation, Duty(site), type(priority_by(Criticality.LOW, 1.0))(priority), at_utc_s)
    assert [f"{one.at_utc_s - at_utc_s:.0f} {one.to}" for one in found] == told


def test_the_table_of_priorities_is_that_of_the_code() -> None:
    """Every cell of it."""
    rows = re.findall(r"^\| (critical|high|medium|low) \| (\d) \| (\d) \| (\d) \|$", TEXT, re.MULTILINE)
    times = (AT_ONCE_S, WITHIN_THE_HOUR_S, WITHIN_THE_HOUR_S + 1)
    assert [(name, *map(int, cells)) for name, *cells in rows] == [
        (one.value, *(int(priority_by(one, time_s)) for time_s in times)) for one in Criticality
    ]
    assert (AT_ONCE_S, WITHIN_THE_HOUR_S) == (15 * 60, 60 * 60)


def test_the_usual_times_and_the_usual_escalation_are_those_of_the_code() -> None:
    """Numbers in the prose follow the constants."""
    assert (FAILED_S, UNSTABLE_S, WORKING_S, WARNING_S) == (5 * 60, 15 * 60, 30 * 60, 4 * 3600)
    (step,) = USUAL_ESCALATION.steps
    assert (step.after_s, step.to, USUAL_ESCALATION.priorities) == (5 * 60, DESK, (1, 2))
    assert AlarmSettings().longest_shelf_s == 8 * 3600
    for cause in RuleCause:
        assert f"`{cause.value}`" in TEXT
