"""Which conditions are faults that need a person, how urgent, and how their alarms behave. It keeps none.

Rules:
1. An alarm is as urgent as its subject is critical and its time to respond is short (``urgency.py``). By what
   is usual, down is as urgent as the endpoint is critical; degraded and *cannot be measured* are one step
   less urgent, and degraded by nothing worse than a state that only warns another.
2. The first rule of the site that fits goes before that, as far as it says something (``site/rule_book.py``).
   Where it tells of an event, there is no alarm.
3. What several endpoints have in common is as urgent as the most critical of those that are lost, and no less
   than the most urgent of their own faults.
4. Where the cause is our own (no connection, no privilege) the engine has one alarm of its own, and
   the endpoints have none: one cause, one alarm. No rule of a site changes an alarm of the monitoring itself.
5. An endpoint that has not been measured yet is no fault.
6. An acknowledgement is reminded of after the site's own time, where no rule says another.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from controlroom.alarms.alarm import ENGINE, Alarm, Cause, Priority
from controlroom.alarms.event import Event
from controlroom.alarms.transitions import Fault
from controlroom.alarms.urgency import PRIORITY_OF, priority_by
from controlroom.condition.answering import NOT_MEASURED_YET
from controlroom.condition.limit_reason import LimitReason
from controlroom.condition.own_connection import OWN_CONNECTION_LOST
from controlroom.condition.state import Condition, EndpointState
from controlroom.reading import Reason
from controlroom.site.action_card import ActionCard
from controlroom.site.alarm_rule import AlarmRule, RuleCause
from controlroom.site.criticality import Criticality
from controlroom.site.duty import USUAL_ESCALATION, Escalation
from controlroom.site.model import Endpoint, Site
from controlroom.site.rule_book import RuleBook
from controlroom.site.usual_cards import FAILED_S, WARNING_S, WORKING_S

GROUP: Final = "group:"
"""What stands before a risk group's id in the subject of its alarm."""

OWN_REASONS = frozenset(
    {OWN_CONNECTION_LOST, NOT_MEASURED_YET, Reason.NO_PRIVILEGE.value, Reason.STOPPED.value}
)
"""Reasons of an unknown that are no fault of the endpoint and have their one alarm elsewhere."""

_RULED: Final = {cause: RuleCause(cause.value) for cause in Cause if cause.value in {*map(str, RuleCause)}}
"""The causes for which a site can have rules."""


class AlarmRules:
    """What one site says of its alarms, and what is usual where it is silent."""

    def __init__(self, site: Site) -> None:
        """Read a site's rules."""
        self._book = RuleBook(site)
        self._endpoints = {endpoint.id: endpoint for endpoint in site.endpoints}
        self._remind_s = site.alarms.remind_s
        self._escalations = site.escalations
        self._said = (site.alarm_rules, site.alarms.remind_s, site.risk_groups)

    def same_as(self, other: AlarmRules) -> bool:
        """Whether another site's rules say the same of the same endpoint."""
        return self._said == other._said

    def judge(self, state: EndpointState, endpoint: Endpoint) -> Fault | Event | None:
        """Return what is wrong with an endpoint; ``None`` where nothing is."""
        cause = _cause_of(state)
        if cause is None:
            return None
        return self._of_endpoint(endpoint, cause, state.reason, state.since_utc_s)

    def unstable(self, endpoint: Endpoint, worst: Fault) -> Fault | Event:
        """Return the fault of an endpoint that falls and returns, as urgent as the worst of its falls.

        A rule of the site that sets another priority goes before that. It needs no delay: it lasts already.
        """
        found = self._of_endpoint(endpoint, Cause.UNSTABLE, worst.reason, worst.since_utc_s)
        if isinstance(found, Event):
            return found
        rule = self._book.rule(endpoint, RuleCause.UNSTABLE)
        ruled = rule is not None and rule.priority is not None
        priority = found.priority if ruled else worst.priority
        return replace(found, priority=priority, on_delay_s=0.0, off_delay_s=0.0)

    def group_lost(self, together: Fault, lost: Iterable[Endpoint]) -> Fault:
        """Return the fault that several lost endpoints have in common, no less urgent than theirs (rule 3).

        ``together`` tells the subject, the reason, since when, and the most urgent of their own priorities.
        """
        group_id = _group_of(together.subject)
        rule, card = self._book.group_rule(group_id), self._book.group_card(group_id)
        told = (together.subject, Cause.GROUP_LOST, together.reason, together.since_utc_s)
        criticality = min((one.criticality for one in lost), key=PRIORITY_OF.__getitem__, default=None)
        priority = priority_by(criticality or Criticality.MEDIUM, card.time_to_respond_s)
        priority = min(priority, together.priority)
        return self._fault(*told, priority, rule)

    def escalation_of(self, alarm: Alarm) -> Escalation | None:
        """Return who is told while nobody acknowledges an alarm; ``None`` where nobody is.

        What a rule names and is no escalation is ``never``: the loader has seen to that.
        """
        rule = self._rule_of(alarm)
        named = rule.escalation if rule is not None else None
        if named is not None:
            return next((one for one in self._escalations if one.id == named), None)
        if not any(one.priorities for one in self._escalations):
            return USUAL_ESCALATION if alarm.priority in USUAL_ESCALATION.priorities else None
        return next((one for one in self._escalations if alarm.priority in one.priorities), None)

    def _rule_of(self, alarm: Alarm) -> AlarmRule | None:
        if alarm.cause is Cause.GROUP_LOST:
            return self._book.group_rule(_group_of(alarm.subject))
        endpoint, cause = self._endpoints.get(alarm.subject), _RULED.get(alarm.cause)
        return self._book.rule(endpoint, cause) if endpoint is not None and cause is not None else None

    def _of_endpoint(
        self, endpoint: Endpoint, cause: Cause, reason: str, since_utc_s: float
    ) -> Fault | Event:
        rule, card = self._book.rule(endpoint, _RULED[cause]), self._book.card(endpoint, _RULED[cause])
        if rule is not None and card is None:
            return Event(endpoint.id, cause, reason, since_utc_s, rule.id)
        time_s = _time_s(card, rule, warns=cause is Cause.DEGRADED and _only_warns(reason))
        priority = priority_by(endpoint.criticality, time_s)
        return self._fault(endpoint.id, cause, reason, since_utc_s, priority, rule)

    def _fault(
        self,
        subject: str,
        cause: Cause,
        reason: str,
        since_utc_s: float,
        priority: Priority,
        rule: AlarmRule | None,
    ) -> Fault:
        if rule is not None and rule.priority is not None:
            priority = Priority(rule.priority)
        own_s = None if rule is None else rule.remind_s
        return Fault(
            subject,
            cause,
            reason,
            priority,
            since_utc_s,
            on_delay_s=0.0 if rule is None else rule.on_delay_s,
            off_delay_s=0.0 if rule is None else rule.off_delay_s,
            latching=rule is not None and rule.latching,
            remind_s=(self._remind_s if own_s is None else own_s) or None,
        )


def fault_of(state: EndpointState, criticality: Criticality) -> Fault | None:
    """Return what is wrong with an endpoint by what is usual, or ``None`` where nobody need act."""
    cause = _cause_of(state)
    if cause is None:
        return None
    warns = cause is Cause.DEGRADED and _only_warns(state.reason)
    time_s = FAILED_S if cause is Cause.DOWN else WARNING_S if warns else WORKING_S
    priority = priority_by(criticality, time_s)
    return Fault(state.endpoint_id, cause, state.reason, priority, state.since_utc_s)


def own_fault(cause: Cause, reason: str, since_utc_s: float) -> Fault:
    """Return a fault of the monitoring itself: as urgent as can be, for everything hangs on it."""
    return Fault(ENGINE, cause, reason, Priority.CRITICAL, since_utc_s)


def own_event(cause: Cause, reason: str, since_utc_s: float) -> Fault:
    """Return what happened to the monitoring itself while it went on: to be looked into within the day."""
    return Fault(ENGINE, cause, reason, Priority.MEDIUM, since_utc_s)


def _cause_of(state: EndpointState) -> Cause | None:
    if state.condition is Condition.DOWN:
        return Cause.DOWN
    if state.condition is Condition.DEGRADED:
        return Cause.DEGRADED
    if state.condition is Condition.UNKNOWN and state.reason not in OWN_REASONS:
        return Cause.NOT_MEASURED
    return None


def _time_s(card: ActionCard | None, rule: AlarmRule | None, *, warns: bool) -> float:
    """Return how long one has; longer where a state only warns and no rule says how long."""
    time_s = FAILED_S if card is None else card.time_to_respond_s
    ruled = rule is not None and rule.time_to_respond_s is not None
    return max(time_s, WARNING_S) if warns and not ruled else time_s


def _only_warns(reason: str) -> bool:
    told = LimitReason.read(reason)
    return told is not None and told.warning


def _group_of(subject: str) -> str | None:
    """Return the risk group of a subject; ``None`` where the common cause was only inferred."""
    return subject.removeprefix(GROUP) if subject.startswith(GROUP) else None
