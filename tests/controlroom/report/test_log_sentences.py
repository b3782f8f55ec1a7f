"""Each entry reads as one true sentence, and no entry, however odd, breaks the list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.logbook.act import DESK_CLOSED
from controlroom.logbook.entry import Entry, Fact, LogKind
from controlroom.report.log_sentences import log_sentence
from controlroom.site.model import Criticality, EndpointKind
from controlroom.site.view import SeenEndpoint, SiteView
from tests.controlroom.report.test_alarm_sentences import SENTENCES as ALARM_SENTENCES

VIEW = SiteView(
    name="Leitstelle",
    time_zone="Europe/Berlin",
    endpoints=(
        SeenEndpoint(
            id="mast-north",
            name="Mast North",
            kind=EndpointKind.RADIO_GATEWAY,
            address="127.0.0.1",
            criticality=Criticality.HIGH,
        ),
    ),
)


def entry(kind: LogKind, subject: str = "mast-north", operator: str = "", /, **facts: Fact) -> Entry:
    """An entry of the log at a fixed time."""
    return Entry(7, 1_000_000.0, kind, subject, operator, facts, "0" * 64, "1" * 64)


FAULT: dict[str, Fact] = {"alarm": 12, "cause": "down", "reason": "deadline", "priority": 1}

FALLEN: dict[str, Fact] = {"from": "working"}
LOST: dict[str, Fact] = {"from": "up", "to": "down", "reason": "deadline", "since_utc_s": 999_998.5}
REPAIRED: dict[str, Fact] = {"from": "down", "to": "up", "reason": "none"}

RECLASSIFIED: dict[str, Fact] = {"from_utc_s": 996_400.0, "until_utc_s": 1_000_000.0, "note": "Power work"}

PLANNED: dict[str, Fact] = {
    "window": 3,
    "title": "New radio",
    "endpoints": "mast-north",
    "groups": "duct",
    "zone": "Europe/Berlin",
    "kind": "recurring",
    "local_start": "2026-11-29T02:30:00",
    "length_s": 7200.0,
    "rrule": "FREQ=WEEKLY;BYDAY=SU",
    "note": "Carrier ticket 7",
}
NOT_BACK: dict[str, Fact] = {"early": True, "not_back": 3, "not_back_ids": "mast-north", "note": "done"}

SENTENCES: list[tuple[Entry, str]] = [
    (
        entry(LogKind.DOWNTIME_RECLASSIFIED, "mast-north", "anna", **RECLASSIFIED),
        "Mast North: down time from 1970-01-12 13:46:40 until 1970-01-12 14:46:40 Europe/Berlin (+01:00) "
        "(1 h) counted as maintenance by anna. Reason: “Power work”",
    ),
    (entry(LogKind.DOWNTIME_RECLASSIFIED), "Mast North: down time counted as maintenance."),
    (
        entry(LogKind.MAINTENANCE_PLANNED, "engine", "anna", **PLANNED),
        "Maintenance 3 (New radio) planned by anna: Mast North, risk group duct; every Sunday at 02:30 for "
        "2 h, Europe/Berlin. Reason: “Carrier ticket 7”",
    ),
    (entry(LogKind.MAINTENANCE_PLANNED, "engine"), "Maintenance planned."),
    (
        entry(LogKind.MAINTENANCE_BEGUN, "engine", window=3, title="New radio", until_utc_s=1_003_600.0),
        "Maintenance 3 (New radio) began; it lasts until 1970-01-12 15:46:40 Europe/Berlin (+01:00).",
    ),
    (
        entry(LogKind.MAINTENANCE_ENDED, "engine", "anna", window=3, title="New radio", **NOT_BACK),
        "Maintenance 3 (New radio) ended early by anna. Not back: Mast North and 2 more. Note: “done”",
    ),
    (
        entry(LogKind.MAINTENANCE_ENDED, "engine", window=3, not_back=0, not_back_ids=""),
        "Maintenance 3 ended.",
    ),
    (
        entry(LogKind.MAINTENANCE_CANCELLED, "engine", "anna", window=3, note="moved"),
        "Maintenance 3 cancelled by anna. Note: “moved”",
    ),
    (
        entry(
            LogKind.CONDITION_CHANGED,
            **LOST,
        ),
        "Mast North is down, was up: no reply in time; it began 1.50 s earlier.",
    ),
    (
        entry(LogKind.CONDITION_CHANGED, **REPAIRED),
        "Mast North is up, was down.",
    ),
    (
        entry(LogKind.ALARM_RAISED, **FAULT, since_utc_s=999_998.0),
        "Alarm 12 raised, priority 1: Mast North: down, no reply in time; it began 2.00 s earlier.",
    ),
    (
        entry(LogKind.ALARM_RAISED_AGAIN, **FAULT, occurrences=3),
        "Alarm 12 raised again, priority 1, occurrence 3: Mast North: down, no reply in time.",
    ),
    (
        entry(LogKind.ALARM_EASED, alarm=12, cause="degraded", reason="limit:rtt_s", priority=3),
        "Alarm 12 eased to priority 3: Mast North: degraded, round-trip time beyond its limit.",
    ),
    (
        entry(
            LogKind.ALARM_REASON_CHANGED,
            alarm=12,
            cause="down",
            reason="prohibited",
            before="deadline",
            priority=1,
        ),
        "Alarm 12 has another reason: Mast North: down, a router or firewall on the way refuses "
        "(before: no reply in time).",
    ),
    (
        entry(
            LogKind.ALARM_ACKNOWLEDGED, "mast-north", "meier", **FAULT, ended=False, note="Carrier\ncalled"
        ),
        "Alarm 12 acknowledged by meier: Mast North: down, no reply in time. Note: “Carrier called”",
    ),
    (
        entry(LogKind.ALARM_ACKNOWLEDGED, "mast-north", "meier", **FAULT, ended=True),
        "Alarm 12 acknowledged by meier and so ended: Mast North: down, no reply in time.",
    ),
    (
        entry(LogKind.ALARM_RETURNED, **FAULT, ended=False),
        "Alarm 12 is over, not yet acknowledged: Mast North: down, no reply in time.",
    ),
    (
        entry(LogKind.ALARM_RETURNED, **FAULT, ended=True),
        "Alarm 12 is over and ended: Mast North: down, no reply in time.",
    ),
    (
        entry(LogKind.ALARM_ENDED, **FAULT, why="site_changed"),
        "Alarm 12 ended (the site was changed): Mast North: down, no reply in time.",
    ),
    (
        entry(LogKind.EVENT, cause="degraded", reason="limit:rtt_s", rule="slow"),
        "Mast North: degraded, round-trip time beyond its limit."
        " An event, by the rule slow: nobody has to act.",
    ),
    (
        entry(LogKind.NOTE, "mast-north", "meier", note="Mast is being painted"),
        "Note by meier on Mast North: “Mast is being painted”",
    ),
    (
        entry(LogKind.NOTE, "mast-north", "meier", note="on it", alarm=12),
        "Note by meier on alarm 12, Mast North: “on it”",
    ),
    (
        entry(LogKind.ACT_REFUSED, "engine", "meier", act="acknowledge", answer="no_such_alarm", note="mine"),
        "Refused: acknowledge by meier, because there is no such alarm. Note: “mine”",
    ),
    (
        entry(
            LogKind.BLIND_TIME,
            "engine",
            from_utc_s=998_945.0,
            until_utc_s=1_000_000.0,
            cause="engine_stopped",
        ),
        "Nothing could be measured for 17 min 35 s, from 1970-01-12 14:29:05 Europe/Berlin (+01:00):"
        " monitoring was not running.",
    ),
    (
        entry(LogKind.NAME_LOST, "mast-north", address="192.0.2.1"),
        "Mast North: its name is not resolved any more; asked at its last address 192.0.2.1.",
    ),
    (
        entry(LogKind.NAME_BACK, "mast-north", address="192.0.2.1"),
        "Mast North: its name is resolved again, to the same address 192.0.2.1.",
    ),
    (
        entry(LogKind.ADDRESS_CHANGED, "mast-north", address="192.0.2.2"),
        "Mast North: its name leads to another address 192.0.2.2 now.",
    ),
    (
        entry(
            LogKind.GRADE_CHANGED, "mast-north", **{"from": "good"}, to="fair", reason="sign:signal_poor:rsrp"
        ),
        "Mast North is fair, was good: the signal is poor (rsrp).",
    ),
    (
        entry(LogKind.LINK_CHANGED, "mast-north", change="latency-rise", before=0.02, after=0.08),
        "Mast North: slower than usual: the median round trip is 80.0 ms, was 20.0 ms.",
    ),
    (entry(LogKind.LINK_CHANGED, "mast-north", change="latency-rise"), "Mast North is not as usual."),
    (
        entry(LogKind.MESSAGES_LOST, "engine", count=3, channels="mail, sms", trouble="timed_out"),
        "3 messages could not be delivered by mail, sms and are given up: timed out.",
    ),
    (
        entry(LogKind.MESSAGES_LOST, "engine", count=1, channels="desk", trouble="no_sound"),
        "1 message could not be delivered by desk and is given up: no sound.",
    ),
    (entry(LogKind.CLOCK_STEPPED, "engine", step_s=-3600.0), "This machine's clock was set back by 1 h."),
    (
        entry(LogKind.ENGINE_STARTED, "engine", pid=123, version="0.1.0", site="Leitstelle"),
        "Monitoring started (process 123, version 0.1.0, site Leitstelle).",
    ),
    (entry(LogKind.ENGINE_STARTED, "engine", after="stop"), "Monitoring started."),
    (
        entry(LogKind.ENGINE_STARTED, "engine", pid=123, after="crash"),
        "Monitoring started again after it had ended without a word (process 123).",
    ),
    (
        entry(LogKind.ACT_REFUSED, "engine", "ann", act="stop", answer="already_stopped"),
        "Refused: stop monitoring by ann, because monitoring had stopped before it was taken, and was"
        " started anew.",
    ),
    (
        entry(LogKind.ACT_REFUSED, "engine", act="note", answer="malformed", lines=12, note="'x'"),
        "Refused: 12 lines of an inbox that are no acts. Note: “'x'”",
    ),
    (
        entry(LogKind.ENGINE_STOPPED, "engine", "meier", cause="operator"),
        "Monitoring stopped by meier: an operator stopped it.",
    ),
    (
        entry(LogKind.SITE_LOADED, "engine", name="Leitstelle", endpoints=1, probes=2, digest="ab" * 32),
        "Site Leitstelle loaded: 1 endpoint, 2 probes (digest abababababab).",
    ),
    (
        entry(LogKind.OWN_CONNECTION_LOST, "engine", anchors="gateway, resolver"),
        "This workstation has lost the network: no answer from gateway, resolver.",
    ),
    (
        entry(LogKind.OWN_CONNECTION_BACK, "engine", since_utc_s=999_910.0),
        "This workstation has the network back after 1 min 30 s.",
    ),
    (
        entry(LogKind.SITE_CHANGED, "engine", "eva", added=1, changed=2, digest="cd" * 32),
        "Site changed by eva: 1 added, 2 changed (digest cdcdcdcdcdcd).",
    ),
    (
        entry(LogKind.SITE_CHANGED, "engine", "eva", added=0, same=True, digest="cd" * 32, note="Put back"),
        "Site file put in use by eva: it is what runs already. Note: “Put back”",
    ),
    (entry(LogKind.SIGNED_IN, "engine", "eva", role="act"), "eva signed in (may act)."),
    (entry(LogKind.SIGNED_OUT, "engine", "eva"), "eva signed out."),
    (entry(LogKind.SIGNED_OUT, "engine", "eva", note=DESK_CLOSED), "eva signed out: the desk was closed."),
    (entry(LogKind.SOUND_TESTED, "engine", "eva", heard=False), "Sound tested by eva: NOT heard."),
    (
        entry(LogKind.OPERATORS_CHANGED, "engine", "eva", what="added", name="Ben", after="act"),
        "Operator Ben added by eva (may act).",
    ),
    (
        entry(LogKind.OPERATORS_CHANGED, "engine", "eva", what="removed", name="Ben", before="act"),
        "Operator Ben taken off the list by eva.",
    ),
    (
        entry(
            LogKind.OPERATORS_CHANGED, "engine", "eva", what="role", name="Ben", before="act", after="watch"
        ),
        "Operator Ben may watch now, was act; changed by eva.",
    ),
    (
        entry(LogKind.OPERATORS_CHANGED, "engine", "eva", what="renamed", before="Ben", after="Benn"),
        "Operator Ben renamed Benn by eva.",
    ),
    (
        entry(LogKind.OPERATORS_CHANGED, "engine", "eva", what="pin_changed", name="Ben"),
        "The PIN of Ben changed by eva.",
    ),
    (
        entry(
            LogKind.OPERATORS_CHANGED, "engine", "eva", what="without_sign_in", before="act", after="watch"
        ),
        "Without signing in a desk may watch now, was act; changed by eva.",
    ),
    (
        entry(LogKind.OPERATORS_CHANGED, "engine", "eva", what="from a newer program"),
        "The list of operators changed by eva.",
    ),
    (
        entry(
            LogKind.STORE_MENDED, "engine", code="store-mended", happened="A was set aside.", advice="Look."
        ),
        "A was set aside. Look.",
    ),
    (entry(LogKind.STORE_MENDED, "engine"), "The store was mended."),
    (
        entry(LogKind.ROUTE_TRACED, "mast", "eva", cause="operator", end="reached", route="a > b", hops=2),
        "Route to mast traced by eva: it answers over 2 hops.",
    ),
    (
        entry(
            LogKind.ROUTE_TRACED,
            "mast",
            cause="turned_bad",
            end="silent",
            route="a > b",
            hops=2,
            ends_after=2,
            good_hops=5,
        ),
        "Route to mast traced as it turned bad: nobody answers beyond hop 2 (b), where the last good route "
        "reached it over 5 hops.",
    ),
    (
        entry(LogKind.ROUTE_TRACED, "mast", end="refused", reason="host_unreachable", route="a > b", hops=2),
        "Route to mast traced: at b, a router says: host unreachable.",
    ),
    (
        entry(LogKind.ROUTE_TRACED, "mast", end="silent", route="", hops=0),
        "Route to mast traced: no router on the way answers the trace.",
    ),
    (entry(LogKind.ROUTE_TRACED, "mast", end="reached"), "Route to mast traced: it answers."),
    (
        entry(LogKind.ROUTE_CHANGED, "mast", hop=2, before="a > b > c", after="a > d > c"),
        "The route to mast changed at hop 2: a > d > c; was a > b > c.",
    ),
    (
        entry(LogKind.TRACES_SKIPPED, "engine", count=12, endpoints="a, b"),
        "12 endpoints that turned bad not traced, for too many turned bad at once.",
    ),
    (
        entry(
            LogKind.SERVICE_CHANGED,
            "service:calls",
            **FALLEN,
            to="at_risk",
            margin_least=1,
            margin_most=1,
            whole=3,
            reason="service;failed=mast-north;next=core",
        ),
        "calls is at risk, was working, 1 failure from loss (3 with nothing failed): core; "
        "Mast North failed.",
    ),
    (
        entry(LogKind.SERVICE_CHANGED, "service:calls", to="unknown", margin_least=0, margin_most=2, whole=2),
        "calls is unknown, 0 to 2 failures from loss.",
    ),
    (
        entry(LogKind.SERVICE_CHANGED, "service:calls", to="lost", margin_least=0, margin_most=0, whole=2),
        "calls is lost.",
    ),
]


@pytest.mark.parametrize(("told", "sentence"), SENTENCES, ids=lambda value: getattr(value, "kind", None))
def test_an_entry_reads_as_a_sentence(told: Entry, sentence: str) -> None:
    """The sentence names what, who, why and how long, in the site's own names."""
    assert log_sentence(told, VIEW) == sentence


def test_every_kind_is_told() -> None:
    """No kind of entry is left without its own sentence."""
    assert {told.kind for told, _ in (*SENTENCES, *ALARM_SENTENCES)} == set(LogKind)


FACT = st.one_of(st.text(max_size=20), st.floats(), st.integers(), st.booleans(), st.none())
KEYS = st.sampled_from(
    [
        "from",
        "to",
        "reason",
        "since_utc_s",
        "alarm",
        "cause",
        "priority",
        "note",
        "occurrences",
        "act",
        "answer",
        "from_utc_s",
        "until_utc_s",
        "step_s",
        "pid",
        "version",
        "site",
        "name",
        "endpoints",
        "probes",
        "digest",
        "anchors",
        "why",
        "ended",
    ]
)


@given(st.sampled_from(LogKind), st.dictionaries(KEYS, FACT), st.text(max_size=20), st.text(max_size=20))
def test_no_entry_breaks_the_list(kind: LogKind, facts: dict[str, Fact], subject: str, operator: str) -> None:
    """Facts that are missing or of a wrong type leave a sentence that is one line and harmless."""
    sentence = log_sentence(Entry(1, 1e9, kind, subject, operator, facts, "", ""), None)
    assert sentence
    assert sentence.isprintable() or not [character for character in sentence if ord(character) < 32]
