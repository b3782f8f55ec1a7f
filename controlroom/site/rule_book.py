"""Which of the site's alarm rules holds for a fault, and the action card that follows. It finds no fault.

1. The first rule in the file that fits counts.
2. A rule for a risk group is for its members, and for the members of the groups that it takes with it.
3. A rule fits the loss of a risk group where it names that group, a larger one, or none, and otherwise fits
   one of its members. A cause that was only inferred has neither: it has the first rule that names nothing.
4. The loss of several at once is always an alarm: a rule that tells of events is not for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from controlroom.site.action_card import ActionCard, endpoint_card, group_card
from controlroom.site.alarm_rule import AlarmRule, RuleCause, ToldAs
from controlroom.site.model import Endpoint, RiskGroup, Site
from controlroom.site.risk_members import members_of


class RuleBook:
    """The alarm rules of one site, ready to be asked."""

    def __init__(self, site: Site) -> None:
        """Read the rules, and which groups take which with them."""
        self._site = site
        self._rules = site.alarm_rules
        self._groups = {group.id: group for group in site.risk_groups}
        self._above = {name: frozenset(_above(name, self._groups)) for name in self._groups}

    def rule(self, endpoint: Endpoint, cause: RuleCause) -> AlarmRule | None:
        """Find the rule for a fault of an endpoint (rule 1)."""
        return next((rule for rule in self._for(cause) if self._fits(rule, endpoint)), None)

    def group_rule(self, group_id: str | None) -> AlarmRule | None:
        """Find the rule for a lost risk group (rule 3); ``None`` is a cause that was only inferred."""
        found = (rule for rule in self._for(RuleCause.GROUP_LOST) if not is_event(rule))
        return next((rule for rule in found if self._fits_group(rule, group_id)), None)

    def card(self, endpoint: Endpoint, cause: RuleCause, advice: str = "") -> ActionCard | None:
        """Return the action card of a fault of an endpoint; ``None`` where it is an event."""
        rule = self.rule(endpoint, cause)
        return None if is_event(rule) else endpoint_card(endpoint, cause, rule, advice)

    def group_card(self, group_id: str | None) -> ActionCard:
        """Return the action card of a lost risk group."""
        return group_card(self._groups.get(group_id or ""), self.group_rule(group_id))

    def _for(self, cause: RuleCause) -> Iterator[AlarmRule]:
        return (rule for rule in self._rules if not rule.causes or cause in rule.causes)

    def _fits(self, rule: AlarmRule, endpoint: Endpoint) -> bool:
        return self._chosen(rule, endpoint) and self._named(rule, endpoint.risk_groups)

    def _fits_group(self, rule: AlarmRule, group_id: str | None) -> bool:
        if not self._named(rule, () if group_id is None else (group_id,)):
            return False
        return not _chooses(rule) or any(
            self._chosen(rule, member) for member in _members(self._site, group_id or "")
        )

    def _chosen(self, rule: AlarmRule, endpoint: Endpoint) -> bool:
        return (
            (not rule.endpoints or endpoint.id in rule.endpoints)
            and (not rule.kinds or endpoint.kind in rule.kinds)
            and (not rule.criticalities or endpoint.criticality in rule.criticalities)
        )

    def _named(self, rule: AlarmRule, group_ids: Iterable[str]) -> bool:
        """Whether a rule is for one of these groups, or for one that takes it with it (rule 2)."""
        if not rule.risk_groups:
            return True
        wanted = frozenset(rule.risk_groups)
        return any(wanted & self._above.get(name, frozenset({name})) for name in group_ids)


def is_event(rule: AlarmRule | None) -> bool:
    """Whether nobody need act."""
    return rule is not None and rule.told_as is ToldAs.EVENT


def _members(site: Site, group_id: str) -> tuple[Endpoint, ...]:
    ids = frozenset(members_of(site, group_id))
    return tuple(endpoint for endpoint in site.endpoints if endpoint.id in ids)


def _chooses(rule: AlarmRule) -> bool:
    return bool(rule.endpoints or rule.kinds or rule.criticalities)


def _above(name: str, groups: Mapping[str, RiskGroup]) -> Iterator[str]:
    """Go through a group and all that take it with them, each once."""
    seen, ahead = {name}, [name]
    while ahead:
        one = ahead.pop()
        yield one
        fresh = [each for each in groups[one].member_of if each in groups and each not in seen]
        seen.update(fresh)
        ahead.extend(fresh)
