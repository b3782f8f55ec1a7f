"""The one place where codes become English. It knows every code of the house and judges none.

A code that is not known here (of a newer program, or of a damaged log) is shown as itself, escaped.
What a log entry tells stands in ``log_sentences.py``; figures and times in ``figures.py``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import Final

from controlroom.alarms.alarm import ENGINE, AlarmState, Cause, Priority
from controlroom.condition.limit_reason import LimitReason
from controlroom.condition.state import Condition
from controlroom.logbook.act import ActKind
from controlroom.logbook.entry import LogKind
from controlroom.measure.limits import DEFAULT_LOSS_LIMIT, LOSS_RATIO
from controlroom.reading import PATH_MTU_BYTES, Outcome, Reason, lacking_of
from controlroom.report.common_cause_words import common_cause_words
from controlroom.report.escaping import printable
from controlroom.report.figures import unit_of, value_text
from controlroom.report.network_words import NETWORK_REASONS, port_refused
from controlroom.report.plan_refusals import PLAN_REFUSED, plan_refusal_words
from controlroom.report.service_alarm_words import joint_of, service_name, service_reason_words
from controlroom.report.service_words import SERVICE_REASONS
from controlroom.report.store_words import STORE_REASONS
from controlroom.site.model import Criticality, EndpointKind, Limit
from controlroom.site.view import SeenEndpoint, SeenProbe, SiteView

MONITORING: Final = "Monitoring"
"""What the engine is called where it is the subject of an alarm or an entry."""

_MOST_LACKING: Final = 3
_LEGEND: Final = re.compile(r"(, where there (is|are) [^,(]*)?( \(\d [^()]*\))?$")
"""What a title explains behind its words: ``, where there is any``, `` (1 on, 0 off)``."""
_PATH_MTU = f"{Reason.FRAGMENTATION_NEEDED}:"
_IN_MAINTENANCE = "maintenance:"
_UNIT_ENDS: Final = ("_s", "_days", "_ratio", "_dbm", "_db", "_percent", "_bytes", "_celsius")

_OUTCOMES: Final[dict[str, str]] = {
    Outcome.REPLIED: "replied",
    Outcome.NO_REPLY: "no reply",
    Outcome.REFUSED: "refused",
    Outcome.NOT_RUN: "not run",
}

_REASONS: Final[dict[str, tuple[str, str]]] = {
    Reason.NONE: ("no fault found", ""),
    Reason.DEADLINE: ("no reply in time", ""),
    Reason.AUTHENTICATION_FAILED: (
        "the device rejects our credentials",
        "Check user, passwords and protocols on both sides.",
    ),
    Reason.NO_SUCH_OBJECT: ("the device does not have that value", "Check the object identifier."),
    Reason.DEVICE_ERROR: ("the device reports an error", ""),
    Reason.NO_PRIVILEGE: (
        "not allowed to send",
        "Have an administrator open net.ipv4.ping_group_range, or grant the capability to the service.",
    ),
    Reason.NO_ROUTE: ("this machine has no route there", "Check this machine's own network."),
    Reason.NO_NAME: ("the name could not be resolved", "Check the name and this machine's resolvers."),
    Reason.NO_SECRET: ("the secret could not be had", "Check the reference in the site file."),
    Reason.SEND_FAILED: ("this machine could not send", "Check this machine's own network."),
    Reason.OWN_BUFFER_FULL: ("this machine's own buffer was full", ""),
    Reason.OVERLOADED: ("this machine could not keep up", "Probe less often, or use a faster machine."),
    Reason.CLOCK_STEPPED: ("the clock was set meanwhile", ""),
    Reason.ASLEEP: ("this machine was asleep", "Switch off its sleep mode."),
    Reason.STOPPED: ("monitoring was stopped meanwhile", ""),
    Reason.UNSUPPORTED: ("not possible on this machine", ""),
    Reason.UNDECODABLE: ("the answer could not be read", ""),
    Reason.NO_SOURCE: (
        "this machine has no such source address or interface",
        "Check the source_address and the interface of the probe.",
    ),
    Reason.PACKET_TOO_BIG: (
        "the packet is bigger than this machine's own network carries",
        "Use a smaller payload, or let it be fragmented.",
    ),
    Reason.BLIND: (
        "this workstation had lost the network meanwhile, so this says nothing of the endpoint",
        "Check this machine's own network first.",
    ),
    "own_connection_lost": (
        "this workstation has lost the network",
        "Check this machine's own network first.",
    ),
    "no_default_route": (
        "its default route is missing",
        "Check this machine's gateway and the settings of its network.",
    ),
    "not_measured_yet": ("not measured yet", ""),
    "site_changed": ("the site was changed", ""),
    **NETWORK_REASONS,
    **SERVICE_REASONS,
    **STORE_REASONS,
}

_CONDITIONS: Final[dict[str, str]] = {
    Condition.UP: "up",
    Condition.DEGRADED: "degraded",
    Condition.DOWN: "down",
    Condition.UNKNOWN: "unknown",
    Condition.UNREACHABLE: "unreachable",
    Condition.MAINTENANCE: "in maintenance",
}

_CAUSES: Final[dict[str, str]] = {
    Cause.DOWN: "down",
    Cause.DEGRADED: "degraded",
    Cause.NOT_MEASURED: "cannot be measured",
    Cause.UNSTABLE: "unstable",
    Cause.GROUP_LOST: "lost together",
    Cause.SERVICE_LOST: "lost",
    Cause.SERVICE_AT_RISK: "one failure from loss",
    Cause.SERVICE_DEGRADED: "not good enough for its use",
    Cause.DIVERSITY_LOST: "paths are apart no longer",
    Cause.STANDBY_DEAD: "a standby path does not work",
    Cause.NO_FAULT: "no fault",
    Cause.OWN_CONNECTION_LOST: "this workstation has lost the network",
    Cause.NO_WAY_OUT_V4: "this workstation has no IPv4 route beyond its own networks",
    Cause.NO_WAY_OUT_V6: "this workstation has no IPv6 route beyond its own networks",
    Cause.NO_PRIVILEGE: "not allowed to send probes",
    Cause.STORE_FAILED: "measurements cannot be kept",
    Cause.STORE_MENDED: "the store was mended",
}

_PRIORITIES: Final[dict[int, str]] = {
    Priority.CRITICAL: "critical",
    Priority.HIGH: "high",
    Priority.MEDIUM: "medium",
    Priority.LOW: "low",
}

_ALARM_STATES: Final[dict[str, str]] = {
    AlarmState.UNACKNOWLEDGED: "new",
    AlarmState.ACKNOWLEDGED: "acknowledged",
    AlarmState.RETURNED_UNACKNOWLEDGED: "over, not yet acknowledged",
    AlarmState.LATCHED_UNACKNOWLEDGED: "over and held, not yet acknowledged",
    AlarmState.LATCHED_ACKNOWLEDGED: "over and held until it is reset",
    AlarmState.NORMAL: "ended",
    AlarmState.SHELVED: "shelved",
    AlarmState.SUPPRESSED: "suppressed",
    AlarmState.OUT_OF_SERVICE: "out of service",
}

_LOG_KINDS: Final[dict[str, str]] = {
    LogKind.ENGINE_STARTED: "Monitoring started",
    LogKind.ENGINE_STOPPED: "Monitoring stopped",
    LogKind.SITE_LOADED: "Site loaded",
    LogKind.CONDITION_CHANGED: "Condition changed",
    LogKind.ALARM_RAISED: "Alarm raised",
    LogKind.ALARM_RAISED_AGAIN: "Alarm raised again",
    LogKind.ALARM_EASED: "Alarm eased",
    LogKind.ALARM_REASON_CHANGED: "Reason changed",
    LogKind.ALARM_ACKNOWLEDGED: "Alarm acknowledged",
    LogKind.ALARM_RETURNED: "Alarm over",
    LogKind.ALARM_ENDED: "Alarm ended",
    LogKind.ALARM_LATCHED: "Alarm over and held",
    LogKind.ALARM_RESET: "Alarm reset",
    LogKind.ALARM_SHELVED: "Alarm shelved",
    LogKind.ALARM_UNSHELVED: "Alarm off its shelf",
    LogKind.ALARM_SUPPRESSED: "Alarm suppressed",
    LogKind.ALARM_RELEASED: "Alarm no longer suppressed",
    LogKind.ALARM_OUT_OF_SERVICE: "Alarm out of service",
    LogKind.ALARM_IN_SERVICE: "Alarm in service",
    LogKind.ALARM_ASSIGNED: "Alarm given to somebody",
    LogKind.ALARM_STEP_TICKED: "Step of an alarm",
    LogKind.ALARM_ACKNOWLEDGEMENT_EXPIRED: "Acknowledgement over",
    LogKind.ALARM_REMINDED: "Alarm calls again",
    LogKind.ALARM_JOINED: "Further fault",
    LogKind.ALARM_ESCALATED: "Alarm passed on",
    LogKind.EVENT: "Event",
    LogKind.NOTE: "Note",
    LogKind.ACT_REFUSED: "Act refused",
    LogKind.BLIND_TIME: "Blind time",
    LogKind.OWN_CONNECTION_LOST: "Network lost",
    LogKind.OWN_CONNECTION_BACK: "Network back",
    LogKind.CLOCK_STEPPED: "Clock stepped",
    LogKind.NAME_LOST: "Name not resolved",
    LogKind.NAME_BACK: "Name resolved again",
    LogKind.ADDRESS_CHANGED: "Address changed",
    LogKind.SITE_CHANGED: "Site changed",
    LogKind.SIGNED_IN: "Signed in",
    LogKind.SIGNED_OUT: "Signed out",
    LogKind.SOUND_TESTED: "Sound tested",
    LogKind.OPERATORS_CHANGED: "Operators changed",
    LogKind.STORE_MENDED: "Store mended",
    LogKind.ROUTE_TRACED: "Route traced",
    LogKind.ROUTE_CHANGED: "Route changed",
    LogKind.TRACES_SKIPPED: "Traces skipped",
    LogKind.GRADE_CHANGED: "Grade changed",
    LogKind.LINK_CHANGED: "Link changed",
    LogKind.SERVICE_CHANGED: "Service changed",
    LogKind.MAINTENANCE_PLANNED: "Maintenance planned",
    LogKind.MAINTENANCE_BEGUN: "Maintenance began",
    LogKind.MAINTENANCE_ENDED: "Maintenance ended",
    LogKind.MAINTENANCE_CANCELLED: "Maintenance cancelled",
    LogKind.DOWNTIME_RECLASSIFIED: "Down time counted as maintenance",
    LogKind.MESSAGES_LOST: "Messages given up",
}

_ACTS: Final[dict[str, str]] = {
    ActKind.ACKNOWLEDGE: "acknowledge",
    ActKind.NOTE: "note",
    ActKind.STOP: "stop monitoring",
    ActKind.RELOAD: "load the site file again",
    ActKind.SIGN_IN: "sign in",
    ActKind.SIGN_OUT: "sign out",
    ActKind.SOUND_TEST: "sound test",
    ActKind.CHANGE_OPERATORS: "change the list of operators",
    ActKind.TRACE: "trace the route",
    ActKind.SHELVE: "shelve",
    ActKind.UNSHELVE: "take off the shelf",
    ActKind.RESET: "reset",
    ActKind.ASSIGN: "give to somebody",
    ActKind.TICK: "tick a step",
    ActKind.OUT_OF_SERVICE: "take out of service",
    ActKind.IN_SERVICE: "put back into service",
    ActKind.SPLIT: "tell one by one",
    ActKind.PLAN_MAINTENANCE: "plan maintenance",
    ActKind.END_MAINTENANCE: "end maintenance",
    ActKind.RECLASSIFY: "reclassify downtime",
    ActKind.DELIVERED: "tell what was delivered",
}

_ANSWERS: Final[dict[str, str]] = {
    "no_such_alarm": "there is no such alarm",
    "no_such_message": "there is no such message",
    "no_such_endpoint": "the site has no such endpoint",
    "empty_note": "a note needs words",
    "note_too_long": "the note is too long",
    "malformed": "it does not say all that it must",
    "unreadable": "it could not be read",
    "duplicate": "it came twice",
    "not_permitted": "the role of whoever is on duty does not allow it",
    "site_mistakes": "the site file has mistakes",
    "folder_real": "the site is simulated, and this data folder holds real measurements",
    "folder_simulated": "the site is real, and this data folder holds simulated measurements",
    "site_replaced": "the site file was changed again meanwhile",
    "not_traced": "there is no network between it and this machine that could be traced",
    "trace_not_run": "this machine could not send a trace; the log says why",
    "already_stopped": "monitoring had stopped before it was taken, and was started anew",
    "needs_reason": "it needs a reason",
    "needs_time": "it needs a time of at least a second",
    "too_long": "it is longer than the site allows; somebody who may configure can do it with a reason",
    "alarm_hidden": "the alarm is hidden already",
    "alarm_ended": "the alarm has ended",
    "not_held": "the alarm is not held, or not acknowledged yet",
    "no_incident": "the alarm tells of one fault alone",
    "no_such_step": "the action card has no such step",
    "no_such_window": "there is no such maintenance window",
    "window_over": "the maintenance window is over",
    "not_in_force": "the maintenance window is not in force now; it can be cancelled",
    "too_many_windows": "a hundred maintenance windows are planned already; cancel some",
    "nothing_was_down": "nothing was down then",
    "not_past": "only time that is past can be counted otherwise",
    "not_possible": "this engine does not know how",
}

_BLIND_CAUSES: Final[dict[str, str]] = {
    "engine_stopped": "monitoring was not running",
    "asleep": "this machine was asleep",
    "overloaded": "this machine could not keep up",
    "own_connection_lost": "this workstation had lost the network",
}

_STOP_CAUSES: Final[dict[str, str]] = {
    "SIGTERM": "it was asked to end",
    "SIGHUP": "the terminal or session it ran in was closed",
    "SIGINT": "it was interrupted at the keyboard",
    "signal": "it was asked to end",
    "operator": "an operator stopped it",
    "time_over": "the time it was started for was over",
    "fault": "it could not go on",
}

_KINDS: Final[dict[str, tuple[str, str]]] = {
    EndpointKind.RADIO_GATEWAY: ("radio gateway", "Radio gateways"),
    EndpointKind.MOBILE_LINK: ("mobile link", "Mobile links"),
    EndpointKind.CLOUD: ("cloud service", "Cloud services"),
    EndpointKind.PARTNER: ("partner", "Partners"),
    EndpointKind.INFRASTRUCTURE: ("infrastructure", "Infrastructure"),
}

_CRITICALITIES: Final[dict[str, str]] = {
    Criticality.CRITICAL: "critical",
    Criticality.HIGH: "high",
    Criticality.MEDIUM: "medium",
    Criticality.LOW: "low",
}

_METRICS: Final[dict[str, str]] = {
    "rtt_s": "round-trip time",
    "loss_ratio": "loss",
    PATH_MTU_BYTES: "path MTU",
    "received_dbm": "received level",
    "rsrp_dbm": "received power (RSRP)",
    "rsrq_db": "received quality (RSRQ)",
    "rssi_dbm": "received strength (RSSI)",
    "sinr_db": "signal to noise (SINR)",
}


def outcome_words(outcome: str) -> str:
    """Say how the asking went."""
    return _OUTCOMES.get(outcome) or printable(outcome)


def reason_words(
    reason: str,
    seen: SeenEndpoint | None = None,
    probe_type: str = "",
    name_of: Callable[[str], str] = printable,
) -> str:
    """Say in a short phrase why a reading or a condition is as it is; the empty code says nothing.

    ``seen`` is the endpoint that it is about, where it is known: it names its values. ``probe_type`` is what
    asked, where one probe alone did. ``name_of`` names other endpoints, where a reason is about them.
    """
    if reason == Reason.PORT_UNREACHABLE:
        return port_refused(_askers(seen, probe_type))[0]
    told = LimitReason.read(reason)
    if told is not None:
        return _limit_words(told.metric, told.figure, seen)
    if reason.startswith(_PATH_MTU):
        mtu = printable(reason.removeprefix(_PATH_MTU), 10)
        return f"{reason_words(Reason.FRAGMENTATION_NEEDED)}, which passes {mtu} bytes at most"
    if reason.startswith(_IN_MAINTENANCE):
        return f"maintenance window {printable(reason.removeprefix(_IN_MAINTENANCE), 20)}"
    if lacking_of(reason):
        return _lacking_words(lacking_of(reason), seen)
    known = _REASONS.get(reason)
    if known is not None:
        return known[0]
    return common_cause_words(reason, name_of) or service_reason_words(reason, name_of) or printable(reason)


def _lacking_words(metrics: Sequence[str], seen: SeenEndpoint | None) -> str:
    """Say which figures did not come: ``no value came for battery charge, Modem A: RSRP and 2 more``."""
    words = ", ".join(_LEGEND.sub("", metric_words(metric, seen)) for metric in metrics[:_MOST_LACKING])
    more = len(metrics) - _MOST_LACKING
    return f"no value came for {words}{f' and {more} more' if more > 0 else ''}"


def _limit_words(metric: str, text: str, seen: SeenEndpoint | None) -> str:
    """Say what is beyond its limit: ``round-trip time is 250 ms, above its limit of 200 ms``."""
    words = _LEGEND.sub("", metric_words(metric, seen))
    figure = _number(text)
    if figure is None:
        return f"{words} beyond its limit"
    metrics = (each for probe in (seen.probes if seen is not None else ()) for each in probe.metrics)
    known = next((each for each in metrics if each.name == metric), None)
    if known is not None and known.meanings:
        bad = next((f" ({bad})" for code, _, bad in known.meanings if bad and code == figure), "")
        return f"{words}: {printable(value_text(figure, known.unit, known.meanings) + bad)}"
    unit = known.unit if known is not None else unit_of(metric)
    way, limit = _passed(metric, figure, seen)
    if way == "below" and known is not None and known.when_low:
        return printable(known.when_low.replace("{figure}", value_text(figure, unit)))
    of_limit = f" of {value_text(limit, unit)}" if limit is not None else ""
    return f"{words} is {value_text(figure, unit)}, {way} its limit{of_limit}"


def _passed(metric: str, figure: float, seen: SeenEndpoint | None) -> tuple[str, float | None]:
    """Which way a figure passed a limit of the site, or the one on loss that holds where it has none."""
    for limit in (each for probe in (seen.probes if seen is not None else ()) for each in _limits(probe)):
        if limit.metric == metric and limit.raise_above is not None and figure > limit.raise_above:
            return "above", limit.raise_above
        if limit.metric == metric and limit.raise_below is not None and figure < limit.raise_below:
            return "below", limit.raise_below
    return "beyond", None


def _limits(probe: SeenProbe) -> Sequence[Limit]:
    own = probe.limits
    limited = not probe.reaches or any(limit.metric == LOSS_RATIO for limit in own)
    return own if limited else (*own, DEFAULT_LOSS_LIMIT)


def _number(text: str) -> float | None:
    try:
        figure = float(text)
    except ValueError:
        return None
    return figure if math.isfinite(figure) else None


def reason_advice(reason: str, probe_type: str = "") -> str:
    """Say what can be done about a reason, or return ``""`` where there is nothing general to say."""
    if reason == Reason.PORT_UNREACHABLE:
        return port_refused(_askers(None, probe_type))[1]
    return _REASONS.get(reason.partition(":")[0], ("", ""))[1]


def _askers(seen: SeenEndpoint | None, probe_type: str) -> frozenset[str]:
    """The types of probe that a reason may come from."""
    if probe_type or seen is None:
        return frozenset({probe_type} - {""})
    return frozenset(probe.type for probe in seen.probes)


def metric_words(metric: str, seen: SeenEndpoint | None = None) -> str:
    """Name a metric without its unit: ``rtt_s`` is the round-trip time.

    Beside the values that are known here, an endpoint's own titles count; without one a name is told without
    the unit that it ends in.
    """
    title = _METRICS.get(metric) or _title(metric, seen)
    if title:
        return title
    unit = next((end for end in _UNIT_ENDS if metric.endswith(end)), "")
    return printable(metric.removesuffix(unit).replace("_", " ")) if unit else printable(metric)


def _title(metric: str, seen: SeenEndpoint | None) -> str:
    probes = seen.probes if seen is not None else ()
    metrics = (each for probe in probes for each in probe.metrics)
    title = printable(next((each.title for each in metrics if each.name == metric), ""))
    if title == metric:
        return ""
    # A name in front ("Modem A: Link") and an abbreviation keep their capitals.
    is_word = ": " not in title and (title[1:2].islower() or title[1:2] == " ")
    return f"{title[:1].lower()}{title[1:]}" if is_word else title


def condition_words(condition: str) -> str:
    """Name an endpoint's condition, so that it fits after "is"."""
    return _CONDITIONS.get(condition) or printable(condition)


def cause_words(cause: str) -> str:
    """Say what an alarm is about."""
    return _CAUSES.get(cause) or printable(cause)


def fault_words(
    cause: str,
    reason: str,
    seen: SeenEndpoint | None = None,
    name_of: Callable[[str], str] = printable,
) -> str:
    """Say what an alarm is about and why: ``down, no reply in time``."""
    why = "" if reason in (Reason.NONE, cause) else reason_words(reason, seen, name_of=name_of)
    return joint_of(reason).join(part for part in (cause_words(cause), why) if part)


def priority_words(priority: int) -> str:
    """Name a priority; its number stands on the badge."""
    return _PRIORITIES.get(priority) or str(priority)


def alarm_state_words(state: str) -> str:
    """Name where an alarm stands."""
    return _ALARM_STATES.get(state) or printable(state)


def log_kind_words(kind: str) -> str:
    """Name what a log entry tells, as a heading."""
    return _LOG_KINDS.get(kind) or printable(kind)


def act_words(act: str) -> str:
    """Name what an operator wanted to do."""
    return _ACTS.get(act) or printable(act)


def answer_words(answer: str) -> str:
    """Say why the engine refused an act."""
    if answer.startswith(PLAN_REFUSED):
        return plan_refusal_words(answer.removeprefix(PLAN_REFUSED))
    return _ANSWERS.get(answer) or printable(answer)


def blind_cause_words(cause: str) -> str:
    """Say why nothing could be measured."""
    return _BLIND_CAUSES.get(cause) or printable(cause)


def stop_cause_words(cause: str) -> str:
    """Say why the engine ended."""
    return _STOP_CAUSES.get(cause) or printable(cause)


def kind_words(kind: str, *, many: bool = False) -> str:
    """Name an endpoint's kind; ``many`` gives the heading of a group."""
    known = _KINDS.get(kind)
    return known[many] if known is not None else printable(kind)


def criticality_words(criticality: str) -> str:
    """Say how much hangs on an endpoint."""
    return _CRITICALITIES.get(criticality) or printable(criticality)


def subject_words(subject: str, view: SiteView | None) -> str:
    """Name an endpoint as the site does; its id where the site has it no longer."""
    if subject == ENGINE:
        return MONITORING
    if ":" in subject:
        return _common_words(subject, view)
    seen = seen_endpoint(subject, view)
    return printable(subject if seen is None else seen.name)


def _common_words(subject: str, view: SiteView | None) -> str:
    """Name what several endpoints have in common: a risk group by its name, a place, a subnet."""
    how, _, what = subject.partition(":")
    groups = view.risk_groups if view is not None else ()
    name = next((group.name for group in groups if group.id == what), "") if how == "group" else ""
    if how == "service":
        return service_name(subject, view)
    if how == "beyond":
        return f"Beyond {subject_words(what, view)}"
    return f"Subnet {printable(what)}" if how == "subnet" else printable(name or what)


def seen_endpoint(subject: str, view: SiteView | None) -> SeenEndpoint | None:
    """Return the endpoint that something is about, where the site still has it."""
    endpoints = view.endpoints if view is not None else ()
    return next((endpoint for endpoint in endpoints if endpoint.id == subject), None)
