"""A backtest puts settings, readings and replay together, and refuses what cannot be tried out."""

from __future__ import annotations

from contextlib import closing
from itertools import pairwise, repeat
from pathlib import Path

import pytest

from controlroom.engine.backtest_settings import read_settings
from controlroom.engine.backtests import Backtests, Tried
from controlroom.errors import ControlroomError
from controlroom.measure.availability import Spent
from controlroom.report.range import TimePoint
from controlroom.report.replayed import Replayed
from controlroom.store.care import Doing
from controlroom.store.sqlite import open_read_store
from tests.controlroom.engine.replayed_link import JUDGING, START_UTC_S, readings_of, site_of
from tests.controlroom.engine.test_backtest_history import store_of

BACKTESTS = Backtests(JUDGING.probe_types, JUDGING.profiles, START_UTC_S + 86_400)


def of_csv(path: Path, tried: Tried = Tried()) -> Replayed:  # noqa: B008 - it is frozen
    """Replay a file."""
    (found,) = BACKTESTS.of_csv(path, tried, lambda doing: None)
    return found


def csv_of(folder: Path, answers: str) -> Path:
    """Write a file: ``R`` a reply, ``L`` a late one, a dot a loss, a row a second."""
    values = {"R": "20", "L": "300", ".": ""}
    path = folder / "link.csv"
    rows = (f"{START_UTC_S + at:.0f},{values[answer]}\n" for at, answer in enumerate(answers))
    path.write_text("time,rtt_ms\n" + "".join(rows))
    return path


def test_a_file_is_replayed_with_what_is_tried_out(tmp_path: Path) -> None:
    """A longer period, a shorter deadline, a limit, a range."""
    path = csv_of(tmp_path, "R" * 100 + "L" * 100)
    assert [len(of_csv(path).alarms), of_csv(path).rows] == [0, 200]
    limits = Tried(read_settings(["rtt_s.raise_above=0.2", "rtt_s.clear_below=0.1"]))
    assert [alarm.cause for alarm in of_csv(path, limits).alarms] == ["degraded"]
    assert [alarm.cause for alarm in of_csv(path, Tried(read_settings(["timeout_s=0.1"]))).alarms] == ["down"]
    early = Tried(until=TimePoint(utc_s=START_UTC_S + 99))
    assert of_csv(path, early).rows == 100


def test_a_shorter_period_shortens_the_deadline_of_a_file(tmp_path: Path) -> None:
    """Nobody gave one, so it is no contradiction."""
    found = of_csv(csv_of(tmp_path, "R" * 20), Tried(read_settings(["period_s=0.5"])))
    assert found.view.endpoints[0].probes[0].timeout_s == 0.5


def held_back(folder: Path) -> Path:
    """Write a file of a link that twice holds all replies back, and hands them out at once: 20 rows a second.

    One in seven is lost besides, and the clock is set back by a second in the end.
    """
    path = folder / "held.csv"
    lines = []
    for place in range(2000):
        at_s = place * 0.05
        released_s = next((end for begin, end in ((10, 35), (60, 69)) if begin <= at_s < end), at_s)
        rtt = "" if place % 7 == 3 else f"{(released_s - at_s + 0.03) * 1000:.1f}"
        lines.append(f"{START_UTC_S + at_s - (place >= 1900):.2f},{rtt}\n")
    path.write_text("time,rtt_ms\n" + "".join(lines))
    return path


def rtts_s(path: Path) -> list[float]:
    """The round trips of a file."""
    return [float(line.split(",")[1]) / 1000 for line in path.read_text().split()[1:] if line[-1] != ","]


@pytest.mark.parametrize("timeout_s", [None, 0.1, 0.5, 2, 10, 60])
def test_late_replies_of_a_file_make_no_impossible_story(tmp_path: Path, timeout_s: float | None) -> None:
    """Without a timeout a ping's own holds; one may be longer than the period that rows follow each other in.

    What took longer is lost and counted, and no condition counts from before the one that it ends.
    """
    path = held_back(tmp_path)
    texts = [] if timeout_s is None else [f"timeout_s={timeout_s}"]
    found = of_csv(path, Tried(read_settings(texts)))
    assert found.deadline_s == (timeout_s or 1.0)
    assert found.late_replies == sum(rtt_s > found.deadline_s for rtt_s in rtts_s(path))
    sinces = [float(str(told.entry.facts["since_utc_s"])) for told in found.conditions]
    assert sinces == sorted(sinces)
    turns = [(told.entry.facts["from"], told.entry.facts["to"]) for told in found.conditions]
    assert all(earlier[1] == later[0] for earlier, later in pairwise(turns))
    # All but the last seconds of what was held back was silence; that is what a person waiting would say.
    silent_s = sum(max(0.0, lasts_s - found.deadline_s) for lasts_s in (25, 9))
    down_s = found.availability.time_s(Spent.DOWN)
    assert down_s == pytest.approx(silent_s, abs=1.5)
    assert found.availability.outages == sum(lasts_s > found.deadline_s for lasts_s in (25, 9))


@pytest.mark.parametrize("text", ["period_s=0", "period_s=-1", "period_s=1e300"])
def test_a_period_that_cannot_be_is_refused(tmp_path: Path, text: str) -> None:
    """In a sentence."""
    with pytest.raises(ControlroomError, match="--set period_s"):
        of_csv(csv_of(tmp_path, "RR"), Tried(read_settings([text])))


def test_history_is_replayed_endpoint_by_endpoint(tmp_path: Path) -> None:
    """All that something reaches, or those that were named; progress names them."""
    site = site_of()
    other = site.endpoints[0].model_copy(update={"id": "other", "name": "Other"})
    site = site.model_copy(update={"endpoints": (*site.endpoints, other)})
    told: list[Doing] = []
    data = store_of(tmp_path, readings_of([*repeat(0.02, 60), *repeat(None, 60)]))
    with closing(open_read_store(data)) as store:
        both = list(BACKTESTS.of_history(store, site, Tried(), told.append))
        one = list(BACKTESTS.of_history(store, site, Tried(endpoint_ids=("other",)), told.append))
    assert [(each.endpoint_id, each.rows, len(each.alarms)) for each in both] == [
        ("mast", 120, 1),
        ("other", 0, 0),
    ]
    assert [each.endpoint_id for each in one] == ["other"]
    assert {doing.file for doing in told} == {"Mast"}


def test_an_unknown_endpoint_is_refused_with_the_nearest(tmp_path: Path) -> None:
    """Nothing is replayed then."""
    with closing(open_read_store(store_of(tmp_path, []))) as store:
        tried = Tried(endpoint_ids=("masd\x1b",))
        with pytest.raises(ControlroomError, match="Did you mean mast") as refused:
            list(BACKTESTS.of_history(store, site_of(), tried, lambda doing: None))
    assert refused.value.code == "no-such-endpoint"
    assert "\x1b" not in str(refused.value)
