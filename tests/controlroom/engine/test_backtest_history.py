"""History comes back as the engine wrote it, a slice at a time, and judges as it did live."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import groupby, repeat
from pathlib import Path

import pytest

from controlroom.engine import backtest_history
from controlroom.engine.backtest import replay
from controlroom.engine.backtest_history import EndpointHistory
from controlroom.logbook.entry import LogKind
from controlroom.measure.availability import Spent
from controlroom.probe import Question
from controlroom.reading import Outcome, ProbeKey, Reading, Reason
from controlroom.report.range import Span
from controlroom.site.model import Limit
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Batch, BlindTime, ReadStore, Second
from controlroom.store.sqlite import open_engine_store, open_read_store
from tests.controlroom.engine.replayed_link import JUDGING, START_UTC_S, readings_of, replay_of, site_of
from tests.controlroom.engine.test_backtest import CLOSE_S, lived, story
from tests.controlroom.engine.test_engine_run import replied, run_in

EVER = Span()
ROWS, STEP_S = 288, 600.0


def store_of(folder: Path, readings: Sequence[Reading], blind: Sequence[BlindTime] = ()) -> DataFolder:
    """Write readings into a store, in the order in which they were told."""
    data = DataFolder(folder / "data")
    data.prepare()
    with closing(open_engine_store(data)) as store:
        for second, told in groupby(readings, key=lambda reading: int(reading.sent_utc_s)):
            store.commit(Batch(second=Second(second + 1.0, tuple(told))))
        store.commit(Batch(blind=tuple(blind)))
    return data


def history_of(store: ReadStore, span: Span = EVER) -> EndpointHistory:
    """Look at what is kept of the mast."""
    return EndpointHistory(store, site_of().endpoints[0], span)


@pytest.fixture
def two_days(tmp_path: Path) -> Iterator[ReadStore]:
    """A reading every ten minutes for two days."""
    data = store_of(tmp_path, readings_of(repeat(0.02, ROWS), STEP_S))
    with closing(open_read_store(data)) as store:
        yield store


def test_all_that_is_kept_comes_in_order(two_days: ReadStore) -> None:
    """Row by row, over the edges of slices and days."""
    found = list(history_of(two_days).readings())
    assert [row for row, _ in found] == list(range(ROWS))
    assert [each.sent_utc_s for _, each in found] == [START_UTC_S + STEP_S * n for n in range(ROWS)]
    assert {each.values["rtt_s"] for _, each in found} == {0.02}


def test_a_range_holds_both_its_ends(two_days: ReadStore) -> None:
    """And nothing beyond."""
    history = history_of(two_days, Span(START_UTC_S + 600, START_UTC_S + 1800))
    assert [each.sent_utc_s - START_UTC_S for _, each in history.readings()] == [600, 1200, 1800]
    assert list(history_of(two_days, Span(START_UTC_S + 9e5, None)).readings()) == []
    assert list(history_of(two_days, Span(None, 5.0)).readings()) == []


def test_progress_goes_from_nothing_to_nearly_all(two_days: ReadStore) -> None:
    """A slice at a time."""
    told: list[tuple[float, float]] = []
    history = history_of(two_days)
    for _ in history.readings(lambda done_s, total_s: told.append((done_s, total_s))):
        pass
    assert told[0][0] == 0.0
    assert [done_s for done_s, _ in told] == sorted(done_s for done_s, _ in told)
    assert {total_s for _, total_s in told} == {history.seconds}


def test_an_endpoint_that_was_never_measured_has_no_history(two_days: ReadStore) -> None:
    """It was added to the site just now."""
    other = site_of().endpoints[0].model_copy(update={"id": "other"})
    history = EndpointHistory(two_days, other, EVER)
    assert (list(history.readings()), history.blind(), history.seconds) == ([], [], 0)


def test_figures_of_one_reading_come_together(tmp_path: Path) -> None:
    """Those that are limited; of a lost probe none, and its reason."""
    key = ProbeKey("mast", "icmp")
    told = [
        Reading(
            key, START_UTC_S, 0.0, Outcome.REPLIED, values={"rtt_s": 0.02, "level_dbm": -70.0, "other": 1.0}
        ),
        Reading(key, START_UTC_S + 1, 1.0, Outcome.NO_REPLY, Reason.DEADLINE),
        Reading(key, START_UTC_S + 1.5, 1.5, Outcome.REPLIED, values={"rtt_s": 0.03}, beat=False),
    ]
    site = site_of(limits=(Limit(metric="level_dbm", raise_below=-80, clear_above=-75),))
    with closing(open_read_store(store_of(tmp_path, told))) as store:
        found = [each for _, each in EndpointHistory(store, site.endpoints[0], EVER).readings()]
    assert [dict(each.values) for each in found] == [
        {"rtt_s": 0.02, "level_dbm": -70.0},
        {},
        {"rtt_s": 0.03},
    ]
    assert [(each.outcome, each.reason, each.beat) for each in found] == [
        (each.outcome, each.reason, each.beat) for each in told
    ]


def test_probes_of_one_endpoint_are_put_in_order_of_sending(tmp_path: Path) -> None:
    """A row is counted over all of them."""
    other = ProbeKey("mast", "other")
    one = readings_of(repeat(0.02, 3))
    two = [replace(each, probe=other, sent_utc_s=each.sent_utc_s + 0.5) for each in one]
    told = sorted([*one, *two], key=lambda each: each.sent_utc_s)
    endpoint = site_of().endpoints[0]
    probes = (endpoint.probes[0], endpoint.probes[0].model_copy(update={"name": "other"}))
    with closing(open_read_store(store_of(tmp_path, told))) as store:
        found = EndpointHistory(store, endpoint.model_copy(update={"probes": probes}), EVER).readings()
        assert [(row, each.probe.probe_name) for row, each in found] == [
            (row, ("icmp", "other")[row % 2]) for row in range(6)
        ]


def test_blind_time_is_told_apart(tmp_path: Path) -> None:
    """Of the range that is kept."""
    blind = BlindTime(START_UTC_S + 10, START_UTC_S + 20, "asleep")
    told = [*readings_of(repeat(0.02, 10)), *readings_of(repeat(0.02, 10), 1.0, START_UTC_S + 20)]
    with closing(open_read_store(store_of(tmp_path, told, [blind]))) as store:
        history = history_of(store)
        found = replay(site_of(), "mast", JUDGING, history.readings(), history.blind())
    assert found.availability.time_s(Spent.BLIND) == pytest.approx(11.0)
    assert found.availability.ratio == 1.0


def test_nothing_is_written_into_the_folder(tmp_path: Path) -> None:
    """Not even what SQLite makes beside a database."""
    data = store_of(tmp_path, readings_of(repeat(0.02, 600)))
    before = {path: path.read_bytes() for path in data.path.rglob("*") if path.is_file()}
    with closing(open_read_store(data, leave_no_trace=True)) as store:
        assert len(list(history_of(store).readings())) == 600
        assert {path: path.read_bytes() for path in data.path.rglob("*") if path.is_file()} == before
    assert {path for path in data.path.rglob("*") if path.is_file()} == before.keys()


def test_while_an_engine_writes_the_newest_is_left_out(
    two_days: ReadStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Losses of the newest questions are told later than answers."""
    beat = two_days.heartbeat()
    assert beat is not None
    last_s = START_UTC_S + STEP_S * (ROWS - 1)
    alive = replace(beat, engine_pid=1, at_utc_s=last_s + 1)
    monkeypatch.setattr(two_days, "heartbeat", lambda: alive)
    *_, (_, newest) = history_of(two_days).readings()
    assert newest.sent_utc_s == last_s - STEP_S
    settled = replace(alive, at_utc_s=last_s + backtest_history.SETTLES_S + 2)
    monkeypatch.setattr(two_days, "heartbeat", lambda: settled)
    *_, (_, newest) = history_of(two_days).readings()
    assert newest.sent_utc_s == last_s


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_a_replay_of_the_store_tells_what_was_told_live(tmp_path: Path, seed: int) -> None:
    """Conditions, reasons and moments, to the hundredth that beats are stamped with."""
    lives, told = lived(story(seed))
    live = [entry for each in told for entry in each.entries if entry.kind is LogKind.CONDITION_CHANGED]
    data = store_of(tmp_path, sorted(lives.kept, key=lambda reading: reading.sent_utc_s))
    with closing(open_read_store(data)) as store:
        found = replay_of([each for _, each in history_of(store).readings()])
    assert [(one.entry.facts["to"], one.entry.facts["reason"]) for one in found.conditions] == [
        (entry.facts["to"], entry.facts["reason"]) for entry in live
    ]
    for one, entry in zip(found.conditions, live, strict=True):
        assert one.moment.at_utc_s == pytest.approx(entry.at_utc_s, abs=CLOSE_S)
        assert one.entry.facts["since_utc_s"] == pytest.approx(entry.facts["since_utc_s"], abs=CLOSE_S)


def test_what_an_engine_wrote_is_judged_as_it_did(tmp_path: Path) -> None:
    """From the first reading to the log: an endpoint that turns its service down, and lives again."""
    asked = 0

    def fails_for_a_while(question: Question) -> Reading:
        nonlocal asked
        asked += 1
        answer = replied(question)
        if not 10 < asked <= 30:
            return answer
        return replace(answer, outcome=Outcome.REFUSED, reason=Reason.STATUS_UNEXPECTED, values={})

    data = DataFolder(tmp_path / "data")
    assert run_in(data, fails_for_a_while, 8.0)
    with closing(open_read_store(data, leave_no_trace=True)) as store:
        entries = [each for each in store.entries() if each.kind is LogKind.CONDITION_CHANGED]
        found = replay_of([each for _, each in history_of(store).readings()], site_of(0.2))
    assert [entry.facts["to"] for entry in entries] == ["down", "up"]
    assert [one.entry.facts["to"] for one in found.conditions] == ["down", "up"]
    for one, entry in zip(found.conditions, entries, strict=True):
        assert one.moment.at_utc_s == pytest.approx(entry.at_utc_s, abs=0.5)
