"""Whether the alarm rules of a site lead to something to do, and can hold. It judges no alarm.

1. A rule whose alarm would have no step is refused: what needs nobody is an event.
2. An event has nothing that only an alarm has, and is not the loss of several at once.
3. A rule names endpoints and risk groups that are there, and each endpoint that it names fits the rest of it.
4. A rule for which an earlier one leaves nothing is refused: whoever wrote it believes that it holds.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from controlroom.site.alarm_rule import NEVER, RuleCause
from controlroom.site.criticality import Criticality
from controlroom.site.mistakes import MistakeList
from controlroom.site.place import Place
from controlroom.site.references import check_references, unique, unknown_reference

_ALARM_ONLY: Final = (
    "priority",
    "on_delay_s",
    "off_delay_s",
    "remind_s",
    "latching",
    "steps",
    "call",
    "time_to_respond_s",
    "escalation",
)
_CHOICES: Final = ("causes", "kinds", "endpoints", "risk_groups", "criticalities")


def check_alarm_rules(
    mistakes: MistakeList, site: Place, endpoint_ids: Collection[str], group_ids: Collection[str]
) -> None:
    """Note all that is wrong with the rules."""
    unique(mistakes, site.items("alarm_rules"), "id", "alarm rule")
    endpoints = {endpoint.at("id").text: endpoint for endpoint in site.items("endpoints")}
    escalations = {one.at("id").text or "" for one in site.items("escalations")} | {NEVER}
    earlier: list[Place] = []
    for rule in site.items("alarm_rules"):
        check_references(mistakes, rule, "endpoints", endpoint_ids, "endpoint")
        check_references(mistakes, rule, "risk_groups", group_ids, "risk group")
        escalation = rule.at("escalation")
        if escalation.text is not None and escalation.text not in escalations:
            unknown_reference(mistakes, escalation, escalation.text, escalations, "escalation")
        _check_action(mistakes, rule)
        for place, name in rule.texts("endpoints"):
            if name in endpoints:
                _check_fit(mistakes, rule, place, endpoints[name])
        _check_reached(mistakes, rule, earlier)
        earlier.append(rule)


def _check_action(mistakes: MistakeList, rule: Place) -> None:
    """Note an alarm without a step (rule 1), and an event with what only an alarm has (rule 2)."""
    if rule.at("as").text == "event":
        for key in _ALARM_ONLY:
            if rule.has(key):
                happened = "means nothing for an event, which nobody has to act on."
                advice = 'Take it out, or make the rule as = "alarm".'
                mistakes.add("bad-alarm-rule", rule.at(key).path, happened, advice)
        for place, cause in rule.texts("causes"):
            if cause == RuleCause.GROUP_LOST:
                happened = "cannot be an event: the loss of several at once is always an alarm."
                mistakes.add("bad-alarm-rule", place.path, happened, "Take it out of this rule.")
        return
    steps = rule.at("steps").value
    if isinstance(steps, list) and not any(not isinstance(step, str) or step.strip() for step in steps):
        happened = "is empty: an alarm without anything to do only disturbs."
        advice = 'Write at least one step, or make the rule as = "event": then the log alone is told.'
        mistakes.add("no-action", rule.at("steps").path, happened, advice)


def _check_fit(mistakes: MistakeList, rule: Place, named: Place, endpoint: Place) -> None:
    """Note an endpoint that is named by a rule whose other choices leave it out (rule 3)."""
    own = endpoint.at("criticality").text or Criticality.MEDIUM.value
    for key, value in (("kinds", endpoint.at("kind").text), ("criticalities", own)):
        chosen = [text for _, text in rule.texts(key)]
        if chosen and value is not None and value not in chosen:
            happened = f"is left out by {key}, so that the rule never holds for it."
            mistakes.add("bad-alarm-rule", named.path, happened, f"Take it out, or add {value} to {key}.")


def _check_reached(mistakes: MistakeList, rule: Place, earlier: Collection[Place]) -> None:
    """Note a rule that an earlier one leaves nothing (rule 4)."""
    for other in earlier:
        if all(_takes(other, rule, key) for key in _CHOICES):
            name = other.at("id").text or "above"
            happened = f"never holds: the rule {name[:63]} stands before it and fits everything that it fits."
            mistakes.add(
                "never-holds", rule.path, happened, "Move it before that rule, or choose differently."
            )
            return


def _takes(other: Place, rule: Place, key: str) -> bool:
    """Whether another rule fits all that this one fits, as far as one choice goes."""
    wide = {text for _, text in other.texts(key)}
    narrow = {text for _, text in rule.texts(key)}
    return not wide or (bool(narrow) and narrow <= wide)
