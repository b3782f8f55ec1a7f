"""The rules of a site about its alarms: what they take, and what is refused with its place and an offer."""

from __future__ import annotations

import pytest

from controlroom.site.alarm_rule import ENDPOINT_CAUSES, RuleCause, ToldAs
from controlroom.site.load import load_site
from tests.controlroom.site.declared import ROOM, TYPES, mistakes_of

HEAD = '[[alarm_rules]]\nid = "one"\n'
GROUP = '[[risk_groups]]\nid = "hill"\nname = "Hill"\n'


def test_a_rule_that_says_nothing_leaves_everything_as_it_is() -> None:
    """It is for all, an alarm, without delays, and sets nothing of the card."""
    (rule,) = load_site(ROOM + HEAD, "room.toml", TYPES).alarm_rules
    assert (rule.causes, rule.kinds, rule.endpoints, rule.risk_groups, rule.criticalities) == ((),) * 5
    assert rule.told_as is ToldAs.ALARM
    assert (rule.on_delay_s, rule.off_delay_s, rule.latching) == (0, 0, False)
    assert (rule.priority, rule.remind_s, rule.steps, rule.call, rule.escalation) == (None,) * 5


def test_every_key_is_taken() -> None:
    """Under the names that the file has, also where Python could not have them."""
    text = (
        ROOM + GROUP + '[[escalations]]\nid = "radio"\nsteps = [{ after_s = 1, to = "desk" }]\n'
        '[[alarm_rules]]\nid = "event"\ncauses = ["degraded"]\nas = "event"\n'
        + HEAD
        + 'causes = ["down", "unstable"]\nkinds = ["radio-gateway"]\nendpoints = ["mast"]\n'
        'risk_groups = ["hill"]\ncriticalities = ["medium"]\nas = "alarm"\npriority = 2\non_delay_s = 1\n'
        'off_delay_s = 2\nremind_s = 3\nlatching = true\nconsequence = "Lost."\nsteps = ["Call."]\n'
        'call = "Ann"\ntime_to_respond_s = 60\nescalation = "radio"\n'
    )
    event, rule = load_site(text, "room.toml", TYPES).alarm_rules
    assert event.told_as is ToldAs.EVENT
    assert rule.causes == (RuleCause.DOWN, RuleCause.UNSTABLE)
    assert (rule.priority, rule.on_delay_s, rule.off_delay_s, rule.remind_s) == (2, 1, 2, 3)
    assert (rule.steps, rule.call, rule.time_to_respond_s) == (("Call.",), "Ann", 60)
    assert rule.escalation == "radio"


@pytest.mark.parametrize("steps", ["[]", '["", "  "]'])
def test_an_alarm_without_anything_to_do_is_refused_and_offered_as_an_event(steps: str) -> None:
    """With file, line and key."""
    (mistake,) = mistakes_of(ROOM + HEAD + f"steps = {steps}\n")
    assert (mistake.code, mistake.key_path) == ("no-action", "alarm_rules[one].steps")
    assert mistake.line == len((ROOM + HEAD).splitlines()) + 1
    assert 'as = "event"' in mistake.advice


@pytest.mark.parametrize(
    "key",
    [
        "priority = 1",
        "on_delay_s = 5",
        "latching = true",
        "remind_s = 60",
        'steps = ["Call."]',
        'call = "Ann"',
        'escalation = "never"',
    ],
)
def test_an_event_has_nothing_that_only_an_alarm_has(key: str) -> None:
    """It contradicts itself: nobody would ever be shown it."""
    (mistake,) = mistakes_of(ROOM + HEAD + f'as = "event"\n{key}\n')
    name = key.partition(" ")[0]
    assert (mistake.code, mistake.key_path) == ("bad-alarm-rule", f"alarm_rules[one].{name}")


def test_the_loss_of_several_at_once_is_never_an_event() -> None:
    """Named at the cause; a rule for all faults leaves it an alarm."""
    (mistake,) = mistakes_of(ROOM + HEAD + 'as = "event"\ncauses = ["down", "group_lost"]\n')
    assert (mistake.code, mistake.key_path) == ("bad-alarm-rule", "alarm_rules[one].causes[#2]")
    assert load_site(ROOM + HEAD + 'as = "event"\n', "room.toml", TYPES).alarm_rules


@pytest.mark.parametrize(
    ("key", "key_path", "nearest"),
    [
        ('endpoints = ["mats"]', "alarm_rules[one].endpoints[#1]", "mast"),
        ('risk_groups = ["hil"]', "alarm_rules[one].risk_groups[#1]", "hill"),
        ('escalation = "nevr"', "alarm_rules[one].escalation", "never"),
    ],
)
def test_a_rule_names_what_is_there(key: str, key_path: str, nearest: str) -> None:
    """The nearest is told."""
    (mistake,) = mistakes_of(ROOM + GROUP + HEAD + key + "\n")
    assert (mistake.code, mistake.key_path, mistake.nearest_key) == ("unknown-reference", key_path, nearest)


@pytest.mark.parametrize(
    ("key", "code", "nearest"),
    [
        ('causes = ["dwon"]', "not-allowed", "down"),
        ('as = "alram"', "not-allowed", "alarm"),
        ('consequences = "x"', "unknown-key", "consequence"),
        ("priority = 5", "out-of-range", None),
        ("time_to_respond_s = 0", "out-of-range", None),
        ('steps = "Call."', "wrong-type", None),
    ],
)
def test_a_mistyped_key_or_word_is_told_with_the_nearest(key: str, code: str, nearest: str | None) -> None:
    """As everywhere in the file."""
    (mistake,) = mistakes_of(ROOM + HEAD + key + "\n")
    assert (mistake.code, mistake.nearest_key) == (code, nearest)


@pytest.mark.parametrize("key", ['kinds = ["cloud"]', 'criticalities = ["critical"]'])
def test_an_endpoint_that_the_rest_of_its_rule_leaves_out_is_named(key: str) -> None:
    """The mast is a radio gateway, of medium criticality as long as nothing is said."""
    (mistake,) = mistakes_of(ROOM + HEAD + f'endpoints = ["mast"]\n{key}\n')
    assert (mistake.code, mistake.key_path) == ("bad-alarm-rule", "alarm_rules[one].endpoints[#1]")
    assert key.partition(" ")[0] in mistake.happened


@pytest.mark.parametrize(
    ("first", "second", "refused"),
    [
        ("", 'causes = ["down"]', True),
        ('causes = ["down", "degraded"]', 'causes = ["down"]\nkinds = ["cloud"]', True),
        ('causes = ["down"]', "", False),
        ('causes = ["down"]', 'causes = ["down", "degraded"]', False),
        ('causes = ["down"]\nkinds = ["cloud"]', 'causes = ["down"]', False),
        ('causes = ["down"]', 'causes = ["unstable"]', False),
    ],
)
def test_a_rule_that_an_earlier_one_leaves_nothing_is_refused(first: str, second: str, refused: bool) -> None:
    """Whoever wrote it believes that it holds."""
    text = f'{ROOM}{HEAD}{first}\n[[alarm_rules]]\nid = "two"\n{second}\n'
    if not refused:
        assert len(load_site(text, "room.toml", TYPES).alarm_rules) == 2
        return
    (mistake,) = mistakes_of(text)
    assert (mistake.code, mistake.key_path) == ("never-holds", "alarm_rules[two]")
    assert "one" in mistake.happened


def test_two_rules_have_two_ids() -> None:
    """An id stands once."""
    found = mistakes_of(ROOM + HEAD + 'causes = ["down"]\n' + HEAD + 'causes = ["degraded"]\n')
    assert [mistake.code for mistake in found] == ["duplicate-id"]


def test_only_the_loss_of_a_group_is_no_fault_of_an_endpoint() -> None:
    """Cards are made for all others."""
    assert set(RuleCause) - set(ENDPOINT_CAUSES) == {RuleCause.GROUP_LOST}
