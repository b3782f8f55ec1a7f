"""The command ``figures``: what it prints of a store, as text and JSON, and what it refuses."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

import resources
from controlroom.condition.state import Condition, EndpointState
from controlroom.engine.profile_files import read_profiles
from controlroom.errors import ControlroomError
from controlroom.logbook.entry import Fact, LogKind
from controlroom.site.model import Codec, Criticality, Voice
from controlroom.site.view import SeenNeed, SeenPath, SeenService
from controlroom.store.interface import Heartbeat, PassedOver
from tests.controlroom.report.memory_store import NOON_UTC_S, reading, view
from tests.controlroom.report.rolled_store import RolledStore
from ui.terminal.arguments import build_parser
from ui.terminal.exit_codes import BAD_INPUT, exit_code_of
from ui.terminal.figures import run_figures

PROFILES = read_profiles(resources.path("profiles"))
NASTY = "Mast \x1b]0;owned\x07 \u202eno"


def store() -> RolledStore:
    """Two hours once a second: ``fine``, and ``bad``, which loses and was down for a minute."""
    site = view("fine", "bad")
    radio = SeenService(
        id="radio",
        name="Radio",
        criticality=Criticality.HIGH,
        objective=0.999,
        paths=(SeenPath(id="main", name="Main way", endpoints=("fine", "bad")),),
        needs=SeenNeed(at_least=1, of=("main",)),
    )
    fine, bad = site.endpoints
    endpoints = (fine, bad.model_copy(update={"objective": 0.999, "voice": Voice(codec=Codec.G711)}))
    site = site.model_copy(update={"endpoints": endpoints, "services": (radio,)})
    found = RolledStore(site=site, beat=Heartbeat(1, NOON_UTC_S, {}, 1))
    for second in range(7200):
        at_s = NOON_UTC_S - 7200 + second
        found.readings.append(reading("fine", at_s, 0.01))
        found.readings.append(reading("bad", at_s, None if second % 10 == 0 else 0.03))
    down_s, up_s = NOON_UTC_S - 600, NOON_UTC_S - 540
    gone: dict[str, Fact] = {"from": "up", "to": "down", "reason": "deadline", "since_utc_s": down_s}
    back: dict[str, Fact] = {"from": "down", "to": "up", "reason": "none", "since_utc_s": up_s}
    found.tell(LogKind.CONDITION_CHANGED, "bad", down_s + 1, **gone)
    found.tell(LogKind.CONDITION_CHANGED, "bad", up_s, **back)
    states = [("fine", NOON_UTC_S - 7200), ("bad", up_s)]
    found.endpoint_states = [EndpointState(name, Condition.UP, since, "none") for name, since in states]
    return found


def run(of: RolledStore, *words: str) -> tuple[int, str, str]:
    """Run the command on a store: exit code, output, complaints."""
    out, err = io.StringIO(), io.StringIO()
    chosen = build_parser().parse_args(["figures", *words])
    code = run_figures(of, chosen, PROFILES, utc_s=NOON_UTC_S, out=out, err=err)
    return code, out.getvalue(), err.getvalue()


def told(of: RolledStore, *words: str) -> dict[str, Any]:
    """The JSON, read back."""
    code, out, err = run(of, "--json", *words)
    assert (code, err) == (0, "")
    read: dict[str, Any] = json.loads(out)
    return read


def test_the_text_tells_the_loss_beside_the_round_trips_and_the_worst_first() -> None:
    """With units, the interval, what was not measured, and how often it failed."""
    code, text, _ = run(store(), "--window", "1h")
    assert code == 0
    assert text.index("Bad (bad), Ping every 1 s") < text.index("Fine (fine)")
    block = text[text.index("Bad (bad)") : text.index("Fine (fine)")].splitlines()
    assert block[1].startswith("Round trip          median 30.0 ms, 95 % within 30.0 ms, 99 % within 30.0 ms")
    assert block[3].startswith("Lost                360 of 3,600, 10 %; 95 % sure: 9.06 % to 11 %")
    whole = " ".join(" ".join(block).split())
    assert "in 360 runs, the longest 1 in a row, 1.0 on average, 10.0 probes from run to run" in whole
    assert "further copies: unknown" in whole
    assert "1 min to repair (MTTR); after one failure no time between failures (MTBF) is known" in whole
    assert "1 outage of 1 min" in whole
    assert "Objective 99.9 % of 30 d; 1 min of 43 min 12 s are spent, 42 min 12 s are left." in whole
    assert "16.7 times as fast as allowed over 1 h" in whole
    assert "Assumed: G.711" in whole


def test_a_path_is_told_with_voice_and_availability() -> None:
    """By whose assumptions, and the objective of its service."""
    text = run(store(), "--window", "1h")[1]
    path = " ".join(text[text.index("Path Main way: fine, bad") :].split())
    assert "Estimated voice quality (MOS)" in path
    assert "As bad assumes; delays added, losses combined." in path
    assert "98.333 % of 1 h measured; 1 outage of 1 min" in path


def test_down_time_that_was_counted_otherwise_is_told_of_endpoint_path_and_objective() -> None:
    """In the text and in the JSON, so that nobody reports an outage away unseen."""
    of = store()
    outage = {"from_utc_s": NOON_UTC_S - 3600, "until_utc_s": NOON_UTC_S}
    of.tell(LogKind.DOWNTIME_RECLASSIFIED, "bad", NOON_UTC_S, "anna", **outage)
    text = " ".join(run(of, "--window", "1h")[1].split())
    assert text.count("1 min in maintenance (all of it down time, counted so afterwards)") == 3
    found = told(of, "--window", "1h")
    bad, service = found["endpoints"][0], found["services"][0]
    for each in (bad, service, service["paths"][0]):
        assert each["availability"]["reclassified_s"] == each["availability"]["maintenance_s"] == 60.0
        assert each["availability"]["down_s"] == 0.0
    assert bad["objective"]["budget_spent_s"] == 0.0
    assert found["endpoints"][1]["availability"]["reclassified_s"] == 0.0


def test_the_json_tells_the_same_with_units_in_its_keys() -> None:
    """All figures of all windows; what nobody can know is null."""
    found = told(store(), "--window", "1h")
    bad, fine = found["endpoints"]
    assert (bad["id"], fine["id"], found["window"]["name"]) == ("bad", "fine", "1h")
    link = bad["link"]
    assert (link["from"], link["asked"], link["unmeasured"]) == ("readings", 3600, 0)
    assert link["learning"]["missing_s"] == 86_400.0
    assert (link["rtt"]["median_s"], link["loss"]["ratio"]) == (0.03, 0.1)
    assert link["loss_runs"]["mean_distance_probes"] == 10.0
    assert link["order"]["duplicates"] is None
    assert link["grade"] is None
    assert (bad["availability"]["outages"], bad["availability"]["mtbf_s"]) == (1, None)
    assert (bad["availability"]["mttr_s"], bad["availability"]["longest_outage_s"]) == (60.0, 60.0)
    assert fine["availability"]["longest_outage_s"] is None
    assert (bad["objective"]["budget_left_s"], fine["objective"]) == (pytest.approx(2532.0), None)
    (service,) = found["services"]
    assert service["objective"]["burns"][0]["long_rate"] == pytest.approx(16.67, abs=0.01)
    assert service["paths"][0]["voice"]["assumed"]["codec"] == "g711"
    assert service["paths"][0]["voice_assumed_of"] == "bad"


@pytest.mark.parametrize(("window", "asked"), [("1min", 60), ("5min", 300), ("1h", 3600), ("shift", 7200)])
def test_every_window_ends_now(window: str, asked: int) -> None:
    """A shift is twelve hours, of which two were measured."""
    found = told(store(), "--window", window)
    assert found["endpoints"][1]["link"]["asked"] == asked


def test_a_window_of_its_own_may_be_longer_than_a_day() -> None:
    """Then hours tell what they can, and the text says what they cannot."""
    link = told(store(), "--since", "30d")["endpoints"][1]["link"]
    assert (link["from"], link["asked"], link["jitter_s"], link["grade"]) == ("hours", 7200, None, None)
    assert "need single readings, up to a day" in run(store(), "--since", "30d")[1]
    short = told(store(), "--since", "1h", "--until", "30m", "--endpoint", "fine")
    assert short["window"] | {"since": "", "until": ""} == {
        "name": "custom",
        "since": "",
        "until": "",
        "length_s": 1800.0,
    }
    assert [each["id"] for each in short["endpoints"]] == ["fine"]
    assert short["services"][0]["paths"][0]["availability"]["up_s"] == 1800.0


def test_nothing_measured_is_null_and_never_zero() -> None:
    """No loss, no share of time, no budget spent."""
    of = store()
    of.readings, of.log, of.endpoint_states = [], [], []
    bad = told(of, "--endpoint", "bad")["endpoints"][0]
    assert set(bad["link"]["loss"].values()) == {None}
    assert bad["link"]["rtt"]["median_s"] is None
    assert (bad["availability"]["ratio"], bad["availability"]["outages"]) == (None, None)
    assert bad["objective"]["budget_left_s"] is None
    assert "nothing was measured in this window" in run(of, "--endpoint", "bad")[1]


def test_a_profile_may_be_tried_out() -> None:
    """Its grade comes with the limit that decides it, and what it does not show."""
    grade = told(store(), "--profile", "ptt-voice", "--endpoint", "bad")["endpoints"][0]["link"]["grade"]
    assert grade["grade"] in ("poor", "unusable")
    assert grade["reason"].startswith("the estimated voice quality (MOS) is 1.4")
    assert grade["code"].startswith("profile:mos:")


def test_a_grade_of_a_window_says_that_it_is_by_figures_alone() -> None:
    """The engine's knows signs and conditions as well."""
    text = " ".join(run(store(), "--profile", "ptt-voice", "--endpoint", "bad")[1].split())
    assert "for Push-to-talk voice (MCPTT headroom), by these figures alone: the estimated voice" in text


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--endpoint", "fne"], "no-such-endpoint"),
        (["--probe", "snmp"], "no-such-probe"),
        (["--endpoint", "fine", "--probe", "snmp"], "no-such-probe"),
        (["--profile", "ptt-vice"], "no-such-profile"),
        (["--window", "1h", "--since", "2h"], "options-contradict"),
        (["--until", "2h"], "options-contradict"),
        (["--since", "2h", "--until", "2h"], "empty-range"),
        (["--since", "1h", "--until", "2h"], "empty-range"),
    ],
)
def test_what_fits_nothing_is_refused_with_what_to_do(words: list[str], code: str) -> None:
    """Each is a mistake of whoever typed: exit 2."""
    with pytest.raises(ControlroomError) as refused:
        run(store(), *words)
    assert refused.value.code == code
    assert exit_code_of(code) == BAD_INPUT
    assert refused.value.advice


def test_what_could_not_be_read_is_named() -> None:
    """In the JSON as well, and with exit 1."""
    of = store()
    of.unreadable = [PassedOver("history/raw-1.db", NOON_UTC_S - 60, NOON_UTC_S)]
    code, out, err = run(of, "--json")
    assert code == 1
    assert "raw-1.db is damaged there" in err
    assert json.loads(out)["unreadable"][0]["file"] == "history/raw-1.db"


def test_names_of_the_site_steer_no_terminal_and_a_simulated_site_says_so() -> None:
    """The first line says it."""
    of = store()
    assert of.site is not None
    endpoints = tuple(each.model_copy(update={"name": NASTY}) for each in of.site.endpoints)
    of.site = of.site.model_copy(update={"endpoints": endpoints, "simulated": True})
    text = run(of)[1]
    assert text.startswith("SIMULATED")
    assert not {"\x1b", "\x07", "\u202e"} & set(text)
    assert told(of)["simulated"] is True


def test_a_store_without_a_site_says_so() -> None:
    """An engine that only just began."""
    with pytest.raises(ControlroomError, match="has not told its site yet"):
        run(RolledStore())


@pytest.mark.parametrize(("age_s", "blind_s"), [(1.5, 0.0), (60.0, 60.0)])
def test_the_second_under_way_is_not_blind_but_a_dead_engine_is(age_s: float, blind_s: float) -> None:
    """An engine writes each second when it has ended."""
    of = store()
    of.beat = Heartbeat(1, NOON_UTC_S - age_s, {}, 1)
    found = told(of, "--window", "5min")
    assert found["blind_s"] == blind_s
    assert found["endpoints"][1]["availability"]["blind_s"] == blind_s
