"""The action card of an alarm: what is lost, what to do, whom to call, how long one has. It finds no fault.

1. What a rule of the site sets goes first, then what the endpoint or the risk group says of itself, then what
   the type of a probe advises, then what is usual for the kind and the fault.
2. What an endpoint says is about its failure. While it may still work, the usual check goes before its steps,
   and the consequence says so.
3. A fault that leaves an endpoint working gives no less time than is usual for it, also where its failure
   would give less.
4. Each line of a text is a step; a number or a dash before it is left out, for the card numbers its steps.
"""

from __future__ import annotations

import re
from typing import Final

from pydantic import BaseModel, ConfigDict

from controlroom.site.alarm_rule import AlarmRule, RuleCause
from controlroom.site.model import Endpoint, RiskGroup
from controlroom.site.usual_cards import USUAL_OF_GROUPS, USUAL_OF_KINDS, UsualCard

_NUMBER: Final = re.compile(r"^\s*(?:\d{1,3}[.)]|[-*•])\s+")
_MAY_STILL_WORK: Final = frozenset({RuleCause.DEGRADED, RuleCause.NOT_MEASURED})


class ActionCard(BaseModel):
    """What an operator needs in order to act. ``steps`` are ticked off by their places, from 1."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    consequence: str = ""
    steps: tuple[str, ...] = ()
    call: str = ""
    time_to_respond_s: float = 300.0


def steps_of(text: str) -> tuple[str, ...]:
    """Take a text apart into steps (rule 4)."""
    lines = (_NUMBER.sub("", line).strip() for line in text.splitlines())
    return tuple(line for line in lines if line)


def endpoint_card(
    endpoint: Endpoint, cause: RuleCause, rule: AlarmRule | None = None, advice: str = ""
) -> ActionCard:
    """Put the card of an endpoint's fault together; ``advice`` is what its probes' types say of it."""
    usual = USUAL_OF_KINDS[endpoint.kind][cause]
    working = cause in _MAY_STILL_WORK
    own = endpoint.consequence.strip()
    return _ruled(
        ActionCard(
            consequence=(f"{usual.consequence} When it fails: {own}" if working else own)
            if own
            else usual.consequence,
            steps=_own_steps(endpoint.what_to_do, usual, working) or steps_of(advice) or usual.steps,
            call=endpoint.contact or usual.call,
            time_to_respond_s=_time_s(endpoint.time_to_respond_s, usual, working),
        ),
        rule,
    )


def group_card(group: RiskGroup | None, rule: AlarmRule | None = None) -> ActionCard:
    """Put the card of a lost risk group together; ``None`` is a cause that was only inferred."""
    usual = USUAL_OF_GROUPS["other" if group is None else group.kind]
    own = ("", "", "") if group is None else (group.consequence.strip(), group.what_to_do, group.contact)
    return _ruled(
        ActionCard(
            consequence=own[0] or usual.consequence,
            steps=steps_of(own[1]) or usual.steps,
            call=own[2] or usual.call,
            time_to_respond_s=usual.time_to_respond_s,
        ),
        rule,
    )


def _own_steps(what_to_do: str, usual: UsualCard, working: bool) -> tuple[str, ...]:
    own = steps_of(what_to_do)
    return (usual.first, *own) if own and working and usual.first else own


def _time_s(own_s: float | None, usual: UsualCard, working: bool) -> float:
    if own_s is None:
        return usual.time_to_respond_s
    return max(own_s, usual.time_to_respond_s) if working else own_s


def _ruled(card: ActionCard, rule: AlarmRule | None) -> ActionCard:
    """Put what a rule sets in the place of what stands on a card (rule 1)."""
    if rule is None:
        return card
    steps = None if rule.steps is None else tuple(step.strip() for step in rule.steps if step.strip())
    return ActionCard(
        consequence=card.consequence if rule.consequence is None else rule.consequence.strip(),
        steps=card.steps if steps is None else steps,
        call=card.call if rule.call is None else rule.call,
        time_to_respond_s=rule.time_to_respond_s or card.time_to_respond_s,
    )
