"""Which rule holds: the first that fits, for members of groups too."""

from __future__ import annotations

import pytest

from controlroom.site.alarm_rule import RuleCause
from controlroom.site.load import load_site
from controlroom.site.model import Endpoint
from controlroom.site.rule_book import RuleBook
from tests.controlroom.site.declared import TYPES

ROOM = """
name = "Room"
[[risk_groups]]
id = "duct"
name = "Duct"
[[risk_groups]]
id = "carrier"
name = "Carrier"
member_of = ["duct"]
[[risk_groups]]
id = "alone"
name = "Alone"
"""


def endpoint(name: str, kind: str, more: str = "") -> str:
    """One endpoint of a room."""
    return (
        f'[[endpoints]]\nid = "{name}"\nname = "{name}"\nkind = "{kind}"\naddress = "192.0.2.1"\n{more}\n'
        'probes = [{ type = "icmp" }]\n'
    )


ENDPOINTS = (
    endpoint("gate", "radio-gateway", 'risk_groups = ["carrier"]\ncriticality = "critical"')
    + endpoint("cloud", "cloud", 'risk_groups = ["duct"]')
    + endpoint("free", "cloud")
)


def book(*rules: str) -> RuleBook:
    """The rules of a room, each by its choices, with ids 1, 2, …."""
    text = "".join(f'[[alarm_rules]]\nid = "{number}"\n{rule}\n' for number, rule in enumerate(rules, 1))
    return RuleBook(load_site(ROOM + ENDPOINTS + text, "room.toml", TYPES))


def one(name: str) -> Endpoint:
    """An endpoint of the room."""
    found = load_site(ROOM + ENDPOINTS, "room.toml", TYPES).endpoint(name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("rule", "held"),
    [
        ("", {"gate", "cloud", "free"}),
        ('causes = ["degraded"]', set()),
        ('kinds = ["cloud"]', {"cloud", "free"}),
        ('endpoints = ["free"]', {"free"}),
        ('criticalities = ["critical", "low"]', {"gate"}),
        ('risk_groups = ["duct"]', {"gate", "cloud"}),
        ('risk_groups = ["carrier"]', {"gate"}),
        ('risk_groups = ["duct"]\nkinds = ["cloud"]', {"cloud"}),
    ],
)
def test_a_rule_holds_for_what_it_chooses(rule: str, held: set[str]) -> None:
    """Every choice narrows; a group takes those of its groups with it."""
    rules = book(rule)
    found = {name for name in ("gate", "cloud", "free") if rules.rule(one(name), RuleCause.DOWN) is not None}
    assert found == held


def test_the_first_that_fits_counts_and_no_other() -> None:
    """What the second sets does not hold beside it."""
    rules = book('kinds = ["cloud"]\ncall = "Ann"', 'causes = ["down"]\nsteps = ["Wait."]')
    for_cloud, for_gate = rules.rule(one("cloud"), RuleCause.DOWN), rules.rule(one("gate"), RuleCause.DOWN)
    assert for_cloud is not None
    assert for_gate is not None
    assert (for_cloud.id, for_gate.id) == ("1", "2")
    card = rules.card(one("cloud"), RuleCause.DOWN)
    assert card is not None
    assert (card.call, "Wait." in card.steps) == ("Ann", False)


@pytest.mark.parametrize(
    ("rule", "duct", "carrier", "alone", "inferred"),
    [
        ('causes = ["group_lost"]', True, True, True, True),
        ('risk_groups = ["duct"]', True, True, False, False),
        ('risk_groups = ["carrier"]', False, True, False, False),
        ('kinds = ["cloud"]', True, False, False, False),
        ('kinds = ["radio-gateway"]', True, True, False, False),
        ('causes = ["down"]', False, False, False, False),
    ],
)
def test_a_rule_holds_for_a_lost_group(
    rule: str, duct: bool, carrier: bool, alone: bool, inferred: bool
) -> None:
    """By its name or a larger group's, and by its members."""
    rules = book(rule)
    found = [rules.group_rule(name) is not None for name in ("duct", "carrier", "alone", None)]
    assert found == [duct, carrier, alone, inferred]


def test_an_event_has_no_card() -> None:
    """There is nothing to do."""
    rules = book('causes = ["degraded"]\nas = "event"')
    assert rules.card(one("gate"), RuleCause.DEGRADED) is None
    assert rules.card(one("gate"), RuleCause.DOWN) is not None


def test_the_loss_of_several_is_an_alarm_whatever_tells_of_events() -> None:
    """The next rule that fits holds for it."""
    rules = book('as = "event"\nkinds = ["cloud"]', 'causes = ["group_lost"]\ncall = "Ann"')
    assert rules.group_card("duct").call == "Ann"
    assert book('as = "event"').group_rule("duct") is None
