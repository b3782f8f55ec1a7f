"""Every code has words, and what has none is shown as itself without harm."""

from __future__ import annotations

import enum
from collections.abc import Callable

import pytest

from controlroom.alarms.alarm import ENGINE, AlarmState, Cause, Priority
from controlroom.condition.state import Condition
from controlroom.logbook.act import ActKind
from controlroom.logbook.entry import LogKind
from controlroom.reading import Outcome, Reason
from controlroom.report import wording
from controlroom.site.load import load_site
from controlroom.site.model import Criticality, EndpointKind
from controlroom.site.view import SeenEndpoint, SeenMetric, SeenProbe, SiteView, view_of
from probes.registry import PROBE_TYPES

HOST_ROOM = """
name = "Room"

[[endpoints]]
id = "me"
name = "Me"
kind = "infrastructure"
address = "127.0.0.1"

[[endpoints.probes]]
type = "host"
interfaces = ["wan0"]
"""

OWN_LOSS_LIMIT = (
    '[[endpoints.probes.limits]]\nmetric = "loss_ratio"\nraise_above = 0.15\nclear_below = 0.05\n'
)

WORDED: list[tuple[type[enum.StrEnum], Callable[[str], str]]] = [
    (Outcome, wording.outcome_words),
    (Reason, wording.reason_words),
    (Condition, wording.condition_words),
    (Cause, wording.cause_words),
    (AlarmState, wording.alarm_state_words),
    (LogKind, wording.log_kind_words),
    (ActKind, wording.act_words),
    (EndpointKind, wording.kind_words),
    (Criticality, wording.criticality_words),
]


@pytest.mark.parametrize(("codes", "words"), WORDED)
def test_every_code_has_words(codes: type[enum.StrEnum], words: Callable[[str], str]) -> None:
    """No code reaches a person as a code with underscores, and no two share their words."""
    spoken = [words(code) for code in codes]
    assert all(spoken)
    assert not [text for text in spoken if "_" in text.replace("ping_group_range", "")]
    assert len(set(spoken)) == len(spoken)


@pytest.mark.parametrize(("codes", "table"), [(LogKind, wording._LOG_KINDS), (Cause, wording._CAUSES)])
def test_every_code_stands_in_its_table(codes: type[enum.StrEnum], table: dict[str, str]) -> None:
    """A one-word code cannot pass for worded by falling back to itself."""
    assert set(codes) == set(table)


def test_every_reason_of_a_condition_has_words() -> None:
    """The codes that only an endpoint's state knows are worded too."""
    assert wording.reason_words("limit:rtt_s") == "round-trip time beyond its limit"
    assert wording.reason_words("fragmentation_needed:1400") == (
        "the packet is too big for the path, which passes 1400 bytes at most"
    )
    assert wording.reason_advice("fragmentation_needed:1400") == "Use a smaller payload."
    assert wording.reason_words("limit:loss_ratio") == "loss beyond its limit"
    assert "lost the network" in wording.reason_words("own_connection_lost")
    assert wording.reason_words("not_measured_yet") == "not measured yet"
    assert wording.reason_words("site_changed") == "the site was changed"


@pytest.mark.parametrize(
    ("types", "words"),
    [
        (("icmp",), "the address refuses pings, or a firewall does"),
        (("tcp", "dns"), "nothing listens on that port, or a firewall rejects it"),
        (("icmp", "tcp"), "the address refuses: port unreachable"),
    ],
)
def test_a_ping_knows_no_port(types: tuple[str, ...], words: str) -> None:
    """Only where a port was surely asked is one spoken of."""
    probes = tuple(SeenProbe(name=each, type=each, title=each, period_s=1, timeout_s=1) for each in types)
    seen = SeenEndpoint(
        id="a",
        name="A",
        kind=EndpointKind.CLOUD,
        address="192.0.2.1",
        criticality=Criticality.HIGH,
        probes=probes,
    )
    assert wording.reason_words(Reason.PORT_UNREACHABLE, seen) == words
    if len(types) == 1:
        assert wording.reason_words(Reason.PORT_UNREACHABLE, probe_type=types[0]) == words
        assert "port" not in wording.reason_advice(Reason.PORT_UNREACHABLE, types[0])


def test_what_refuses_is_not_blamed_on_the_device() -> None:
    """A router that forbids, our own firewall and a missing neighbour each have their own advice."""
    assert "power" not in wording.reason_advice(Reason.PROHIBITED)
    assert "router or firewall" in wording.reason_advice(Reason.PROHIBITED)
    assert "this machine" in wording.reason_advice(Reason.FORBIDDEN_HERE)
    assert wording.reason_words(Reason.NO_NEIGHBOUR) == "nobody answers at that address on the local network"


def test_a_value_is_named_for_people() -> None:
    """By what is known of it, by the endpoint's own title, and else at least without its unit."""
    assert wording.reason_words("limit:received_dbm") == "received level beyond its limit"
    metrics = (
        SeenMetric(name="battery_percent", unit="%", title="Charge of the battery"),
        SeenMetric(name="mos_ratio", unit="", title="MOS of the line"),
        SeenMetric(name="fan_db", unit="dB", title="\x1b[2JFan"),
    )
    probe = SeenProbe(name="snmp", type="snmp", title="SNMP", period_s=1, timeout_s=1, metrics=metrics)
    endpoint = SeenEndpoint(
        id="mast",
        name="Mast",
        kind=EndpointKind.RADIO_GATEWAY,
        address="127.0.0.1",
        criticality=Criticality.HIGH,
        probes=(probe,),
    )
    assert wording.metric_words("battery_percent", endpoint) == "charge of the battery"
    assert wording.metric_words("mos_ratio", endpoint) == "MOS of the line"
    assert "\x1b" not in wording.metric_words("fan_db", endpoint)
    assert wording.fault_words("degraded", "limit:battery_percent", endpoint) == (
        "degraded, charge of the battery beyond its limit"
    )
    assert wording.metric_words("battery_percent") == "battery"


def test_what_is_lacking_is_named_by_its_title() -> None:
    """Of very many the first; what the site does not know by its name, as it is, and never as a control."""
    metrics = (SeenMetric(name="a_rsrp_dbm", unit="dBm", title="Modem A: RSRP"),)
    probe = SeenProbe(name="snmp", type="snmp", title="SNMP", period_s=1, timeout_s=1, metrics=metrics)
    endpoint = SeenEndpoint(
        id="mast",
        name="Mast",
        kind=EndpointKind.RADIO_GATEWAY,
        address="127.0.0.1",
        criticality=Criticality.HIGH,
        probes=(probe,),
    )
    assert wording.fault_words("not_measured", "no_such_object:a_rsrp_dbm", endpoint) == (
        "cannot be measured, no value came for Modem A: RSRP"
    )
    assert wording.reason_words("no_such_object:a_rsrp_dbm,b,c,d,e", endpoint) == (
        "no value came for Modem A: RSRP, b, c and 2 more"
    )
    assert "\x1b" not in wording.reason_words("no_such_object:\x1b[2J")
    assert wording.reason_words("no_such_object") == "the device does not have that value"


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (
            "limit:load_per_core_1min:3.4",
            "load over one minute for each core is 3.4 processes, above its limit of 2 processes",
        ),
        ("limit:gateway_level:0", "no gateway of this machine answers"),
        ("limit:swap_ratio:0.85", "swap space in use is 85 %, above its limit of 80 %"),
        (
            "limit:interface_wan0_up_ratio:0",
            "the interface wan0 is down, or there is none of that name",
        ),
        ("limit:loss_ratio:0.12", "loss is 12 %, beyond its limit"),
        ("limit:loss_ratio:none", "loss beyond its limit"),
    ],
)
def test_a_limit_is_told_as_a_sentence(reason: str, words: str) -> None:
    """The figure that raised it and the limit, or what it means; nothing of a legend."""
    site = load_site(HOST_ROOM, "room.toml", PROBE_TYPES)
    (endpoint,) = view_of(site, PROBE_TYPES).endpoints
    assert wording.reason_words(reason, endpoint) == words


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ("", "loss is 18.3 %, above its limit of 10 %"),
        (OWN_LOSS_LIMIT, "loss is 18.3 %, above its limit of 15 %"),
        (OWN_LOSS_LIMIT.replace("0.15", "0.3"), "loss is 18.3 %, beyond its limit"),
    ],
)
def test_a_limit_on_loss_is_named_where_it_is_known(limits: str, words: str) -> None:
    """The site's own, else the one that always holds; one that was changed since is not invented."""
    text = HOST_ROOM[: HOST_ROOM.index("[[endpoints.probes]]")] + '[[endpoints.probes]]\ntype = "icmp"\n'
    (endpoint,) = view_of(load_site(text + limits, "room.toml", PROBE_TYPES), PROBE_TYPES).endpoints
    assert wording.reason_words("limit:loss_ratio:0.183", endpoint) == words
    assert wording.reason_words("limit:loss_ratio:0.183") == "loss is 18.3 %, beyond its limit"


def test_every_not_run_reason_says_it_is_ours() -> None:
    """What we could not ask is never worded as if the endpoint had failed."""
    assert wording.reason_words(Reason.NO_PRIVILEGE) == "not allowed to send"
    assert wording.reason_advice(Reason.NO_PRIVILEGE)
    assert wording.condition_words(Condition.UNKNOWN) == "unknown"


@pytest.mark.parametrize(
    "words",
    [words for _, words in WORDED]
    + [wording.answer_words, wording.blind_cause_words, wording.stop_cause_words, wording.metric_words],
)
def test_an_unknown_code_is_shown_escaped(words: Callable[[str], str]) -> None:
    """A code of a newer program is shown as itself; one that would steer a terminal is not obeyed."""
    assert words("a_new_code") == "a_new_code"
    assert words("\x1b[2Jgone") == "\\x1b[2Jgone"


def test_priorities_have_words() -> None:
    """Each priority has a name; a number nobody knows stays a number."""
    assert [wording.priority_words(priority) for priority in Priority] == [
        "critical",
        "high",
        "medium",
        "low",
    ]
    assert wording.priority_words(9) == "9"


def test_a_subject_is_named_as_the_site_names_it() -> None:
    """The engine is Monitoring; an endpoint has its name; one that is gone keeps its id."""
    endpoint = SeenEndpoint(
        id="mast-north",
        name="Mast North",
        kind=EndpointKind.RADIO_GATEWAY,
        address="127.0.0.1",
        criticality=Criticality.HIGH,
    )
    view = SiteView(name="Test", endpoints=(endpoint,))
    assert wording.subject_words(ENGINE, view) == "Monitoring"
    assert wording.subject_words("mast-north", view) == "Mast North"
    assert wording.subject_words("mast-south", view) == "mast-south"
    assert wording.subject_words("mast-north", None) == "mast-north"


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        (wording.answer_words, "no_such_alarm no_such_endpoint empty_note note_too_long duplicate"),
        (wording.answer_words, "already_stopped malformed unreadable"),
        (wording.blind_cause_words, "engine_stopped asleep overloaded own_connection_lost"),
        (wording.stop_cause_words, "signal SIGTERM SIGINT SIGHUP operator time_over fault"),
    ],
)
def test_every_answer_and_cause_of_the_engine_has_words(words: Callable[[str], str], codes: str) -> None:
    """The codes that are no enum are worded as well."""
    for code in codes.split():
        assert words(code) != code
        assert "_" not in words(code)
