"""The status says what is, how old it is, and never calls anything healthy that nobody measured."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from controlroom.alarms.alarm import AlarmState
from controlroom.condition.state import Condition
from controlroom.measure.remark import Remark
from controlroom.reading import Outcome, ProbeKey, Reading, Reason
from controlroom.site.view import SeenMetric, SeenProbe
from controlroom.store.interface import BlindTime, Heartbeat
from tests.controlroom.report.memory_store import NOON_UTC_S, MemoryStore, reading
from tests.ui.terminal.site_stories import PID, alarm, healthy, hidden, shelved, state, with_outage
from ui.terminal.picture import take_picture
from ui.terminal.status import run_status
from ui.terminal.table import render


def shown(store: MemoryStore, utc_s: float = NOON_UTC_S) -> tuple[str, int]:
    """The table as printed to a file, and the exit code."""
    out = io.StringIO()
    code = run_status(store, utc_s=utc_s, json=False, out=out)
    return out.getvalue(), code


def told(store: MemoryStore, utc_s: float = NOON_UTC_S) -> tuple[dict[str, Any], int]:
    """The JSON, read back, and the exit code."""
    out = io.StringIO()
    code = run_status(store, utc_s=utc_s, json=True, out=out)
    read: dict[str, Any] = json.loads(out.getvalue())
    return read, code


def row(text: str, name: str) -> str:
    """The line of one endpoint."""
    return next(line for line in text.splitlines() if name in line)


def test_odd_replies_are_told_where_there_were_any() -> None:
    """With the endpoint that has most of them; they make nothing unwell."""
    store = healthy("mast-north")
    assert "Odd replies" not in shown(store)[0]
    health = {"icmp_lately_duplicate_replies": 5.0, "icmp_lately_duplicate_replies@mast-north": 4.0}
    store.beat = Heartbeat(7, NOON_UTC_S - 0.5, health, PID)
    text, code = shown(store)
    assert "Odd replies: in the last hour 5 twice · most: " in text
    assert code == 0


def test_all_well_is_exit_0_and_says_why() -> None:
    """Shape, word, how long, the newest figure and its age; the zone of the clock is named."""
    text, code = shown(healthy("mast-north", "mast-south"))
    assert code == 0
    line = row(text, "Mast North")
    assert "● up" in line
    assert "17 min 35 s" in line
    assert "12.3 ms" in line
    assert "now" in line
    assert f"process {PID}" in text
    assert "never blind in 24 h" in text
    assert "Europe/Berlin (+01:00)" in text
    assert "No alarms." in text


def test_an_outage_is_exit_1_with_reason_and_alarm() -> None:
    """What is down says why, and its alarm stands below."""
    text, code = shown(with_outage("mast-north", "mast-south"))
    assert code == 1
    assert "■ down" in row(text, "Mast North")
    assert "no reply in time" in row(text, "Mast North")
    assert "● up" in row(text, "Mast South")
    assert "alarm 12, new: Mast North: down, no reply in time" in text


@pytest.mark.parametrize(
    "beat",
    [
        Heartbeat(7, NOON_UTC_S - 5.5, {}, PID),
        Heartbeat(7, NOON_UTC_S + 60, {}, PID),
        Heartbeat(7, NOON_UTC_S - 0.5, {}, None),
        None,
    ],
    ids=["standing still", "from the future", "no process", "never lived"],
)
def test_stale_never_looks_healthy(beat: Heartbeat | None) -> None:
    """However good the last known conditions were, without a live engine none is shown as up."""
    store = healthy("mast-north", "mast-south")
    store.beat = beat
    text, code = shown(store)
    assert code == 1
    assert "MONITORING" in text
    assert "~ stale" in row(text, "Mast North")
    assert "● up" not in text
    read, code = told(store)
    assert code == 1
    assert not read["well"]
    assert not read["engine"]["alive"]
    assert [endpoint["condition"] for endpoint in read["endpoints"]] == ["stale", "stale"]
    assert [endpoint["last_condition"] for endpoint in read["endpoints"]] == ["up", "up"]


def test_a_heartbeat_of_five_seconds_is_still_alive() -> None:
    """The limit itself is inside."""
    store = healthy("mast-north")
    store.beat = Heartbeat(7, NOON_UTC_S - 5.0, {}, PID)
    assert shown(store)[1] == 0


@pytest.mark.parametrize("condition", [condition for condition in Condition if condition is not Condition.UP])
def test_anything_not_up_is_exit_1_in_shape_and_word(condition: Condition) -> None:
    """Each condition has a shape of its own, so that nothing depends on colour."""
    store = healthy("mast-north")
    store.endpoint_states = [state("mast-north", condition)]
    text, code = shown(store)
    assert code == 1
    shapes = {line[0] for line in text.splitlines() if "Mast North" in line}
    assert shapes.isdisjoint({"●", "~"})
    assert condition.value in row(text, "Mast North")


def test_an_endpoint_without_a_state_is_unknown() -> None:
    """Before its first reading nothing is claimed."""
    store = healthy("mast-north", "mast-south")
    store.endpoint_states = store.endpoint_states[:1]
    store.readings = store.readings[:1]
    text, code = shown(store)
    assert code == 1
    assert "? unknown" in row(text, "Mast South")
    assert "not measured yet" in row(text, "Mast South")


def test_an_empty_store_is_not_well() -> None:
    """Before the first engine there is no site, and that is said."""
    text, code = shown(MemoryStore())
    assert code == 1
    assert "No site yet" in text
    assert "Nothing was ever measured here." in text
    assert "never blind" not in text


@pytest.mark.parametrize(
    ("alarm_state", "code"),
    [
        (AlarmState.UNACKNOWLEDGED, 1),
        (AlarmState.ACKNOWLEDGED, 1),
        (AlarmState.RETURNED_UNACKNOWLEDGED, 0),
    ],
)
def test_an_active_alarm_is_trouble_even_where_all_is_up(alarm_state: AlarmState, code: int) -> None:
    """An alarm whose fault still stands counts; one that is over only waits to be seen."""
    store = healthy("mast-north")
    store.all_alarms = [alarm("engine", alarm_state)]
    text, found = shown(store)
    assert found == code
    assert "Monitoring: down" in text


MASTS = ("mast-1", "mast-2", "mast-3", "mast-4")


def test_what_is_hidden_is_counted_and_calls_nobody() -> None:
    """One line for all of it; a program finds it apart from what calls for somebody."""
    text, code = shown(hidden(*MASTS))
    assert code == 1
    assert "Not shown: 1 shelved, 1 suppressed, 1 out of service." in text
    assert "alarm 12, new: Mast 1: down, no reply in time, 1 min 2 s, with jo" in text
    assert not any(f"alarm {number}," in text for number in (13, 14, 15))
    read, _ = told(hidden(*MASTS))
    assert [(each["number"], each["members"], each["owner"]) for each in read["alarms"]] == [(12, 1, "jo")]
    assert [each["number"] for each in read["hidden_alarms"]] == [15, 14, 13]


def test_what_hides_an_alarm_is_told_to_programs() -> None:
    """By codes, with who, why and until when; nothing of it where nothing hides it."""
    read, _ = told(hidden(*MASTS))
    keys = ("shown_state", "shelved_until", "shelved_by", "shelved_why", "suppressed_by", "part_of")
    found = [[each[key] for key in keys] for each in [*read["alarms"], *read["hidden_alarms"]]]
    assert found == [
        ["unacknowledged", None, "", "", "", None],
        ["out_of_service", None, "", "", "", None],
        ["suppressed", None, "", "", "behind:mast-1", 12],
        ["shelved", "2027-01-15T09:59:30.000+00:00", "ann", "technician on site", "", None],
    ]
    assert read["hidden_alarms"][2]["one_shot"] is True
    assert read["hidden_alarms"][0]["out_of_service"] == "operator"
    assert read["hidden_alarms"][0]["out_of_service_why"] == "mast is rebuilt"


@pytest.mark.parametrize(("condition", "code"), [(Condition.UP, 0), (Condition.DOWN, 1)])
def test_a_hidden_alarm_is_no_trouble_but_the_condition_is(condition: Condition, code: int) -> None:
    """Whoever shelves an alarm does not make its endpoint work."""
    store = healthy("mast-north")
    store.endpoint_states = [state("mast-north", condition)]
    store.all_alarms = [shelved(alarm("mast-north"))]
    text, found = shown(store)
    assert found == code
    assert "No alarms." in text
    assert "Not shown: 1 shelved." in text


def test_an_acknowledgement_that_ends_says_when() -> None:
    """With whoever gave it."""
    store = with_outage("mast-north")
    seen = replace(store.all_alarms[0], state=AlarmState.ACKNOWLEDGED, acknowledged_by="a\x1b[2J", owner="jo")
    store.all_alarms = [replace(seen, acknowledged_until_utc_s=NOON_UTC_S + 600)]
    assert "acknowledged: Mast North: down" in shown(store)[0]
    assert ", by a\\x1b[2J for another 10 min, with jo" in " ".join(shown(store)[0].split())
    assert told(store)[0]["alarms"][0]["acknowledged_until"] == "2027-01-15T08:10:00.000+00:00"


def test_what_is_hidden_fits_into_the_height() -> None:
    """The line that counts it takes room from the endpoints, not from the screen."""
    picture = take_picture(hidden(*MASTS), NOON_UTC_S)
    out = io.StringIO()
    Console(file=out, width=120).print(render(picture, width=120, height=9))
    assert out.getvalue().count("\n") == 9
    assert "Not shown:" in out.getvalue()


def test_blind_time_is_always_shown() -> None:
    """Closed spans count as far as they lie in the last 24 hours; an engine that is gone adds to them."""
    store = healthy("mast-north")
    store.blind = [BlindTime(NOON_UTC_S - 86_400 - 500, NOON_UTC_S - 86_400 + 100, "asleep")]
    assert "blind 1 min 40 s in 24 h" in shown(store)[0]
    store.beat = Heartbeat(7, NOON_UTC_S - 20, {}, None)
    assert told(store)[0]["blind_24h"] == {"seconds": 120.0, "spans": 2}


def test_an_old_figure_shows_its_age() -> None:
    """A probe that is asked once an hour is not as fresh as the heartbeat."""
    store = healthy("mast-north")
    store.readings = [reading("mast-north", NOON_UTC_S - 1055, 0.0123)]
    assert row(shown(store)[0], "Mast North").count("17 min 35 s") == 2


def test_what_was_asked_off_the_beat_is_shown_too() -> None:
    """After a blind minute it is what decided: beside "down" must not stand an old "not run"."""
    store = healthy("mast-north")
    key = store.readings[0].probe
    store.endpoint_states = [state("mast-north", Condition.DOWN)]
    store.readings = [
        Reading(key, NOON_UTC_S - 70, 0.0, Outcome.NOT_RUN, Reason.BLIND),
        Reading(key, NOON_UTC_S - 2, 68.0, Outcome.NO_REPLY, Reason.DEADLINE, beat=False),
    ]
    read, _ = told(store)
    (newest,) = read["endpoints"][0]["newest"]
    assert (newest["outcome"], newest["age_s"]) == ("no_reply", 2.0)
    assert "not run" not in row(shown(store)[0], "Mast North")


def test_text_of_the_site_is_never_obeyed() -> None:
    """Markup and control sequences in a name are shown as they are."""
    store = healthy("mast-north")
    assert store.site is not None
    endpoint = store.site.endpoints[0].model_copy(update={"name": "[red]x\x1b[2J:bell:"})
    store.site = store.site.model_copy(update={"endpoints": (endpoint,), "name": "[bold]\x1b]0;t\x07"})
    text, _ = shown(store)
    assert "[red]x\\x1b[2J:bell:" in text
    assert "[bold]\\x1b]0;t\\x07" in text
    assert "\x1b" not in text
    assert "\x07" not in text


def test_json_holds_everything_with_stable_keys() -> None:
    """Programs read the same as people, in numbers and codes."""
    read, code = told(with_outage("mast-north", "mast-south"))
    assert code == 1
    keys = {"at", "site", "simulated", "well", "engine", "blind_24h", "endpoints", "alarms", "hidden_alarms"}
    assert set(read) == keys
    north, south = read["endpoints"]
    assert north == {
        "id": "mast-north",
        "name": "Mast North",
        "kind": "radio-gateway",
        "condition": "down",
        "last_condition": "down",
        "since": "2027-01-15T07:42:25.000+00:00",
        "reason": "deadline",
        "suspected": None,
        "newest": [
            {
                "probe": "icmp",
                "at": "2027-01-15T07:59:59.500+00:00",
                "age_s": 0.5,
                "outcome": "no_reply",
                "reason": "deadline",
                "values": [],
                "unknown": [],
            }
        ],
    }
    assert south["newest"][0]["values"] == [{"metric": "rtt_s", "value": 0.0123, "unit": "s"}]
    assert read["engine"]["pid"] == PID
    assert read["engine"]["health"] == {"probes": 2.0}
    assert read["alarms"][0]["number"] == 12
    assert read["alarms"][0]["acknowledged"] is None


def test_nothing_is_left_out_or_cut_where_nothing_limits_the_height() -> None:
    """Every alarm stands there, and every word of a long figure and of a long reason."""
    names = [f"mast-{number}" for number in range(9)]
    store = with_outage(*names)
    store.all_alarms = [replace(alarm(name), number=number) for number, name in enumerate(names, 1)]
    store.endpoint_states[0] = state(names[0], Condition.DOWN, "fragmentation_needed:1400")
    text, _code = shown(store)
    assert "more alarm" not in text
    assert text.count("alarm ") == len(names)
    assert "…" not in text


def modem(**values: float) -> MemoryStore:
    """A store of one modem that has told all its figures once, and tells these now."""
    store = healthy("mast-north")
    metrics = [("rsrp_dbm", "dBm", "RSRP"), ("rsrq_db", "dB", "RSRQ"), ("state_code", "", "Link")]
    probe = SeenProbe(
        name="snmp",
        type="snmp",
        title="SNMP",
        period_s=1.0,
        timeout_s=1.0,
        metrics=tuple(SeenMetric(name=name, unit=unit, title=title) for name, unit, title in metrics),
    )
    assert store.site is not None
    seen = store.site.endpoints[0].model_copy(update={"probes": (probe,)})
    store.site = store.site.model_copy(update={"endpoints": (seen,)})
    before = {"rsrq_db": -11.0, "state_code": 1.0, "rsrp_dbm": -90.0}
    answer = Reading(ProbeKey("mast-north", "snmp"), NOON_UTC_S - 9, 0.0, Outcome.REPLIED, values=before)
    store.readings = [answer, replace(answer, sent_utc_s=NOON_UTC_S - 1, values=values)]
    return store


def newest(store: MemoryStore) -> str:
    """The table where there is room for every cell on one line."""
    out = io.StringIO()
    Console(file=out, width=500).print(render(take_picture(store, NOON_UTC_S), width=500))
    return out.getvalue()


def test_figures_keep_their_order_and_their_place() -> None:
    """In the order of the probe, whatever order they came in; what is missing is unknown where it stood."""
    assert "snmp RSRP -90 dBm, RSRQ -11 dB, Link 1" in newest(
        modem(rsrq_db=-11.0, state_code=1.0, rsrp_dbm=-90.0)
    )
    assert "snmp RSRP unknown, RSRQ -11 dB, Link 1" in newest(modem(rsrq_db=-11.0, state_code=1.0))


def test_what_came_in_place_of_a_figure_is_told() -> None:
    """With what the device said, where the figure stood."""
    store = modem(rsrq_db=-11.0, state_code=1.0)
    unknown = {"rsrp_dbm": 'cannot be decoded: "N/A?"', "sinr_db": "no such object"}
    store.all_remarks = [Remark(ProbeKey("mast-north", "snmp"), unknown)]
    told_now = 'snmp RSRP unknown, cannot be decoded: "N/A?", RSRQ -11 dB, Link 1'
    assert told_now in newest(store)
    (probe,) = told(store)[0]["endpoints"][0]["newest"]
    assert {each["metric"]: each["why"] for each in probe["unknown"]} == unknown
    assert "sinr" not in newest(store)


def test_the_figure_of_the_condition_comes_first() -> None:
    """Whoever reads degraded finds why at once."""
    store = modem(rsrq_db=-21.0, state_code=1.0, rsrp_dbm=-90.0)
    store.endpoint_states = [state("mast-north", Condition.DEGRADED, "limit:rsrq_db:-21")]
    assert "snmp RSRQ -21 dB, RSRP -90 dBm, Link 1" in newest(store)
    assert store.site is not None
    (seen,) = store.site.endpoints
    probes = (healthy("mast-north").site or store.site).endpoints[0].probes + seen.probes
    store.site = store.site.model_copy(update={"endpoints": (seen.model_copy(update={"probes": probes}),)})
    store.readings.append(reading("mast-north", NOON_UTC_S - 0.5, 0.0123))
    assert "snmp RSRQ -21 dB, RSRP -90 dBm, Link 1; icmp 12.3 ms" in newest(store)
    listed = told(store)[0]["endpoints"][0]["newest"]
    assert [each["probe"] for each in listed] == ["icmp", "snmp"]


def test_a_probe_off_the_beat_lacks_nothing() -> None:
    """It asked only whether the device is there."""
    store = modem()
    store.readings.append(replace(store.readings[-1], beat=False))
    assert "snmp replied" in newest(store)
    assert "unknown" not in newest(store)
