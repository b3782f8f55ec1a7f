"""A backtest is printed as text and as JSON, with all that was found and nothing that steers a terminal."""

from __future__ import annotations

import argparse
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import repeat
from typing import Any

import pytest

from controlroom.errors import ControlroomError
from controlroom.report.replayed import Replayed
from controlroom.site.model import Limit, Site
from controlroom.store.care import Doing, Tell
from controlroom.store.interface import PassedOver
from tests.controlroom.engine.replayed_link import JUDGING, START_UTC_S, readings_of, replay_of, site_of
from tests.controlroom.engine.test_backtest import noisy
from ui.terminal.backtest import BacktestMeans, refuse_contradiction, run_backtest

NASTY = "Mast \x1b]0;owned\x07 \u202eno"


class Terminal(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        """It is."""
        return True


def found(site: Site | None = None) -> Replayed:
    """Replay a link with a step, an outage, and a second outage that lasts."""
    answers = [*noisy(0.02, 300, 1), *noisy(0.06, 300, 2), *repeat(None, 60), *noisy(0.06, 60, 3)]
    return replay_of(readings_of([*answers, *repeat(None, 60)]), site)


def run(
    results: Sequence[Replayed],
    *,
    as_json: bool = False,
    named: bool = False,
    lost: Sequence[PassedOver] = (),
) -> tuple[int, str, str]:
    """Print a backtest: exit code, output, complaints."""
    out, err = io.StringIO(), io.StringIO()
    means = BacktestMeans(lambda tell: results, lambda: 0.0, lambda: lost)
    code = run_backtest(means, as_json=as_json, named=named, out=out, err=err)
    return code, out.getvalue(), err.getvalue()


def told(results: Sequence[Replayed], *, named: bool = False) -> dict[str, Any]:
    """Print a backtest as JSON and read it again."""
    code, out, err = run(results, as_json=True, named=named)
    assert (code, err) == (0, "")
    read: dict[str, Any] = json.loads(out)
    return read


def test_the_json_has_its_keys() -> None:
    """Detections, conditions and alarms with rows, times and sentences."""
    read = told([found()])
    assert (read["rows"], read["simulated"]) == (780, False)
    (detection,) = [each for each in read["detections"] if each["row"] < 600]
    assert detection["kind"] == "latency-rise"
    assert 300 <= detection["row"] < 400
    assert detection["reason"].startswith("The round-trip time rose from ")
    assert 0.019 < detection["before"] < 0.021
    assert 0.059 < detection["after"] < 0.062
    assert [each["condition"] for each in read["conditions"]] == ["down", "up", "down"]
    assert [each["was"] for each in read["conditions"]] == ["up", "down", "up"]
    assert read["conditions"][0]["reason"].startswith("Mast is down, was up: no reply in time")
    over, lasts = read["alarms"]
    assert over["returned"] > over["raised"] > over["since"]
    assert lasts["returned"] is None
    assert [over[key] for key in ("cause", "reason", "priority")] == [
        "down",
        "Mast: down, no reply in time.",
        3,
    ]
    assert read["grades"] == []
    assert "endpoint" not in over
    (endpoint,) = read["endpoints"]
    assert (endpoint["id"], endpoint["rows"], endpoint["availability"]["outages"]) == ("mast", 780, 2)


def test_items_of_a_data_folder_name_endpoint_and_probe() -> None:
    """For there may be several."""
    read = told([found(), found()], named=True)
    assert read["rows"] == 2 * 780
    for key in ("detections", "conditions", "alarms"):
        assert read[key]
        assert {(each["endpoint"], each["probe"]) for each in read[key]} == {("mast", "icmp")}


def test_times_end_in_z() -> None:
    """They are UTC."""
    read = told([found()])
    assert read["endpoints"][0]["since"] == "2026-09-21T14:13:20.000Z"
    assert START_UTC_S == 1_790_000_000.0
    times = [each["time"] for key in ("detections", "conditions") for each in read[key]]
    assert times
    assert all(at.endswith("Z") for at in times)


def test_nothing_replayed_is_told_as_nothing() -> None:
    """No time is invented."""
    read = told([replay_of([])])
    assert (read["rows"], read["alarms"], read["endpoints"][0]["since"]) == (0, [], None)
    assert "No single readings are kept" in run([replay_of([])])[1]


def test_the_text_has_a_line_an_event_and_the_sums() -> None:
    """In order of time."""
    code, out, err = run([found()])
    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert lines[0] == "Mast: 780 rows from 2026-09-21 14:13:20 until 2026-09-21 14:26:19 (UTC)"
    events = [line for line in lines if "  row " in line]
    assert events == sorted(events, key=lambda line: line[:19])
    assert sum(" alarm over " in line for line in events) == 1
    assert [line.split()[0] for line in lines[-4:]] == ["Alarms", "Changes", "Normal", "Availability"]
    assert lines[-2] == "Normal        Learning what is normal: 24 more hours with answers."
    assert "2 alarms (2 down)" in lines[-4]


def test_what_counts_as_lost_and_what_never_alarms_is_told() -> None:
    """In text and JSON; and nothing of it where there is nothing to tell."""
    plain = told([found()])["endpoints"][0]
    assert (plain["timeout_s"], plain["late_replies"], plain["warnings"]) == (None, 0, [])
    assert "Late replies" not in run([found()])[1]
    limit = Limit(metric="rtt_s", raise_above=150, clear_below=100)
    judging = replace(JUDGING, deadline_s=0.5)
    late = replay_of(readings_of([*repeat(0.02, 60), 0.6, 0.7]), site_of(limits=(limit,)), judging)
    read = told([late])["endpoints"][0]
    assert (read["timeout_s"], read["late_replies"]) == (0.5, 2)
    assert read["warnings"][0].startswith("The limit on rtt_s never alarms")
    lines = run([late])[1].splitlines()
    assert any(line.startswith("Warning       The limit on rtt_s never alarms") for line in lines)
    assert (
        "Late replies  2 replies took longer than 0.5 s and count as lost; --set timeout_s=SECONDS sets"
        " another time."
    ) in lines


def test_an_alarm_is_told_as_it_was_at_its_row() -> None:
    """Beside the condition that it follows from: first the loss, and the outage only once that is certain."""
    answers = [*repeat(0.02, 60), *([0.02, 0.02, None] * 40), *repeat(None, 60), *repeat(0.02, 90)]
    lines = run([replay_of(readings_of(answers))])[1].splitlines()
    events = [(line[25:33].strip(), line[34:44].strip(), line[46:]) for line in lines if "  row " in line]
    told = {kind: [each for each in events if each[1] == kind] for kind in ("condition", "alarm")}
    (lossy, lossy_words), (silent, silent_words) = [(row, words) for row, _, words in told["alarm"]]
    assert lossy_words.startswith("Priority 4, Mast: degraded, loss is ")
    assert lossy_words.endswith("above its limit of 10 %.")
    assert silent_words == "Now priority 3, Mast: down, no reply in time."
    assert [(row, words.split(",")[0]) for row, _, words in told["condition"]][:2] == [
        (lossy, "Mast is degraded"),
        (silent, "Mast is down"),
    ]


def test_several_endpoints_are_summed_up() -> None:
    """How many of them would have alarmed."""
    assert run([found(), replay_of([])])[1].splitlines()[-1] == "In all: 2 alarms on 1 of 2 endpoints."


@pytest.mark.parametrize("as_json", [True, False])
def test_no_name_steers_a_terminal(as_json: bool) -> None:
    """JSON escapes it, text shows it."""
    site = site_of()
    endpoint = site.endpoints[0].model_copy(update={"name": NASTY})
    out = run([found(site.model_copy(update={"endpoints": (endpoint,)}))], as_json=as_json)[1]
    assert "owned" in out
    assert not set(out) & {"\x1b", "\x07", "\u202e"}


def test_what_could_not_be_read_is_named() -> None:
    """With exit 1, and not endlessly."""
    lost = [PassedOver("raw\x1b.db", START_UTC_S, START_UTC_S + 600)] * 7
    code, _, err = run([found()], lost=lost)
    assert code == 1
    assert "\x1b" not in err
    assert err.count("is damaged there") == 5
    assert "2 further places" in err


def test_progress_is_wiped_where_it_stops() -> None:
    """Also where a row turns out to be wrong, or somebody interrupts; then nothing is printed."""

    def stops(tell: Tell) -> Iterable[Replayed]:
        tell(Doing("link.csv", "replay", 1, 2))
        raise KeyboardInterrupt

    out, err = io.StringIO(), Terminal()
    with pytest.raises(KeyboardInterrupt):
        run_backtest(BacktestMeans(stops, lambda: 0.0), as_json=True, named=False, out=out, err=err)
    assert "link.csv: replaying, 50 %" in err.getvalue()
    assert err.getvalue().endswith("\r\x1b[K")
    assert out.getvalue() == ""


@pytest.mark.parametrize("option", ["data", "site", "endpoints"])
def test_a_file_has_no_folder_beside_it(option: str) -> None:
    """It would be passed over without a word."""
    given: dict[str, Any] = {"csv": "link.csv", "data": None, "site": None, "endpoints": []}
    refuse_contradiction(argparse.Namespace(**given))
    with pytest.raises(ControlroomError, match="cannot stand beside --csv"):
        refuse_contradiction(argparse.Namespace(**{**given, option: ["x"]}))
