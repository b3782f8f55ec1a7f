"""What stands in a part of the desk that has nothing to show: why, and which key does something about it.

No part claims that all is well because it is empty: what is not measured is said first.
"""

from __future__ import annotations

from collections.abc import Collection

from controlroom.condition.state import Condition
from ui.desk import figures
from ui.desk.alarm_list.lists import ListKind
from ui.desk.liveness import Liveness
from ui.desk.picture import EndpointPicture

NO_ENDPOINTS = (
    "This site has no endpoints yet. Press Ctrl+N to add the first: something with an address that must be "
    "reached.\nTo see a busy control room first, run: main.py demo"
)
NO_ENDPOINTS_HERE = "This site has no endpoints yet. Add the first to the site file."
"""The same where nothing can be edited."""

WHO_MAY = "Whoever has the role “configure” can add"


def no_endpoints(why_not: str) -> str:
    """In the place of the board; ``why_not`` says why whoever is on duty may not add an endpoint."""
    if not why_not:
        return NO_ENDPOINTS
    return f"This site has no endpoints yet. {WHO_MAY} the first.\n{why_not}"


def no_advice(may_edit: bool) -> str:
    """In the place of what to do about an endpoint."""
    return f"The site does not say what to do. {'F4 lets you add' if may_edit else WHO_MAY} it."


def no_probe(may_edit: bool) -> str:
    """In the place of the graph of an endpoint that nothing measures."""
    added = "F4 lets you add" if may_edit else WHO_MAY
    return f"This endpoint has no probe, so there is nothing to draw. {added} one."


def waiting(liveness: Liveness) -> str:
    """Before the first look at a store that holds something."""
    if liveness is Liveness.STOPPED:
        return (
            "Nothing is known yet: the monitoring is not running. The band above says what is done about it."
        )
    return "Waiting for the first readings: the monitoring is starting, which takes a few seconds."


def hidden_alarms(kind: ListKind) -> str:
    """In the place of a list of hidden alarms."""
    return {
        ListKind.SHELVED: "Nothing is shelved. Shift+F3 on an active alarm puts it away for a time.",
        ListKind.SUPPRESSED: "Nothing is suppressed. What fails for one cause is one alarm; the rest here.",
        ListKind.OUT_OF_SERVICE: "Nothing is out of service, and no maintenance hides an alarm.",
    }.get(kind, "")


def alarms(endpoints: Collection[EndpointPicture], liveness: Liveness, may_edit: bool = True) -> str:
    """In the place of the alarms."""
    if not endpoints:
        adds = "Ctrl+N adds" if may_edit else WHO_MAY
        return f"No alarms, for nothing is measured yet. {adds} an endpoint."
    if liveness is Liveness.STARTING:
        return "No alarms are known. The monitoring is starting; nothing is proven yet."
    if liveness is Liveness.STOPPED:
        return "No alarms are known, but nothing is being measured now. The band above says why."
    unmeasured = sum(each.state is None or each.state.condition is Condition.UNKNOWN for each in endpoints)
    total = figures.counted(len(endpoints), "endpoint")
    if not unmeasured:
        return f"No alarms. All {total} measured." if len(endpoints) > 1 else f"No alarms. {total}, measured."
    return f"No alarms. {unmeasured} of {total} {'is' if unmeasured == 1 else 'are'} not measured yet."


def log(only_selected: bool, name: str) -> str:
    """In the place of the log; ``name`` is the selected endpoint's, empty without one."""
    if only_selected and not name:
        return "No endpoint is selected. Choose one, or “All” for the whole log."
    if only_selected:
        return f"Nothing is logged about {name}. F6 writes a note about it; “All” shows the whole log."
    return "Nothing has been logged yet. F6 writes a note."


def detail(has_endpoints: bool, may_edit: bool = True) -> str:
    """In the place of what is known of an endpoint."""
    if has_endpoints:
        return "Choose an endpoint or an alarm, by arrow keys or mouse: what to do then stands here."
    adds = "Ctrl+N adds" if may_edit else WHO_MAY
    return f"What to do about an endpoint stands here once there is one. {adds} it."


def graph(has_endpoints: bool, may_edit: bool = True) -> str:
    """In the place of the graph."""
    if has_endpoints:
        return "Choose an endpoint or an alarm to see its round trips."
    adds = "Ctrl+N adds" if may_edit else WHO_MAY
    return f"The round trips of an endpoint are drawn here once there is one. {adds} it."
