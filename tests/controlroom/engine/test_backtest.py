"""A replay finds what was found live, by the row that made it certain, and sees nothing ahead."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import chain, repeat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controlroom.engine.backtest import Judging
from controlroom.engine.effects import Effects
from controlroom.engine.monitor import Monitor
from controlroom.logbook.entry import LogKind
from controlroom.measure.availability import Spent
from controlroom.measure.change_detector import ChangeDetector, DetectorSettings
from controlroom.measure.detection import ChangeKind
from controlroom.reading import Reason
from controlroom.report.replayed import Alarms, FoundChange, Moment, Replayed, ToldEntry
from controlroom.site.model import Limit
from tests.controlroom.engine.replayed_link import (
    JUDGING,
    PING,
    START_UTC_S,
    reading_at,
    readings_of,
    replay_of,
    site_of,
)
from tests.stories import world

CLOSE_S = 0.1
"""A few looks of the engine's loop, which a replay does not have."""


def turns(found: Replayed) -> list[tuple[int, str]]:
    """The conditions by their rows."""
    return [(told.moment.row, str(told.entry.facts["to"])) for told in found.conditions]


def noisy(level_s: float, count: int, seed: int) -> list[float]:
    """Round-trip times about a level."""
    dice = random.Random(seed)  # noqa: S311 - noise, no secret
    return [level_s * (1 + 0.02 * dice.random()) for _ in range(count)]


def test_an_outage_and_its_end_are_told_with_their_rows() -> None:
    """Down once the losses are certain, counted from the first; up once answers are, counted likewise."""
    found = replay_of(readings_of([*repeat(0.02, 120), *repeat(None, 60), *repeat(0.02, 60)]))
    (down, row_down), (up, row_up) = [(told.entry, told.moment.row) for told in found.conditions]
    assert (down.facts["to"], down.facts["since_utc_s"]) == ("down", START_UTC_S + 120)
    assert (up.facts["to"], up.facts["since_utc_s"]) == ("up", START_UTC_S + 180)
    assert 124 <= row_down <= 140
    assert 182 <= row_up <= 190
    (alarm,) = found.alarms
    assert (alarm.cause, alarm.reason, alarm.raised.row) == ("down", "deadline", row_down)
    assert alarm.returned is not None
    assert alarm.returned.row == row_up
    assert found.availability.time_s(Spent.DOWN) == 60.0
    assert found.rows == 240


def test_an_outage_at_the_end_stands() -> None:
    """Its alarm has not returned, and lasts until the newest row."""
    found = replay_of(readings_of([*repeat(0.02, 120), *repeat(None, 60)]))
    (alarm,) = found.alarms
    assert alarm.returned is None
    assert alarm.lasted_s(found.until_utc_s) == pytest.approx(START_UTC_S + 179 - alarm.raised.at_utc_s)


def test_a_step_is_found_soon_after_it() -> None:
    """Of readings that come seldom, each is a row."""
    found = replay_of(readings_of(noisy(0.02, 200, 1) + noisy(0.06, 50, 2), 240.0), site_of(240.0))
    (change,) = found.changes
    assert change.detection.kind is ChangeKind.LATENCY_RISE
    assert 200 <= change.moment.row <= 206
    assert change.moment.at_utc_s == START_UTC_S + 240.0 * change.moment.row


def test_no_change_is_held_back() -> None:
    """The log would tell one in five minutes at most; a replay tells what the detector itself finds."""
    levels = chain.from_iterable(noisy(0.02 if turn % 2 else 0.2, 90, turn) for turn in range(10))
    readings = readings_of(levels)
    found = replay_of(readings)
    detector = ChangeDetector(DetectorSettings(1.0))
    alone = [
        each for reading in readings for each in detector.step(reading.sent_utc_s, reading.values["rtt_s"])
    ]
    assert [change.detection for change in found.changes] == alone
    assert len(alone) > 5


def test_nothing_is_learnt_while_the_endpoint_is_down() -> None:
    """An outage is no change of the loss."""
    found = replay_of(readings_of([*repeat(0.02, 300), *repeat(None, 600), *repeat(0.02, 300)]))
    assert [turn for _, turn in turns(found)] == ["down", "up"]
    assert all(change.moment.row < 320 for change in found.changes)


def test_what_was_not_run_is_unknown_and_never_down() -> None:
    """The measuring probe itself failed."""
    found = replay_of(readings_of([*repeat(0.02, 60), *repeat(Reason.SEND_FAILED, 60), *repeat(0.02, 60)]))
    assert [turn for _, turn in turns(found)] == ["unknown", "up"]
    assert found.availability.outages == 0


def test_what_was_blind_is_neither_down_nor_a_change() -> None:
    """Losses that were told again as ours say nothing of the endpoint, nor do those just before."""
    blind = [
        replace(reading, reason=Reason.BLIND)
        for reading in readings_of(repeat(None, 60), 1.0, START_UTC_S + 60)
    ]
    before, after = readings_of(repeat(0.02, 60)), readings_of(repeat(0.02, 60), 1.0, START_UTC_S + 120)
    found = replay_of([*before, *blind, *after])
    assert (found.conditions, found.alarms, found.changes) == ([], [], [])


def test_a_gap_counts_as_blind() -> None:
    """Nobody knows what happened meanwhile."""
    early, late = readings_of(repeat(0.02, 60)), readings_of(repeat(0.02, 60), 1.0, START_UTC_S + 3600)
    found = replay_of([*early, *late])
    assert found.availability.time_s(Spent.BLIND) == 3600 - 59
    assert found.availability.ratio == 1.0


def test_nothing_at_all_is_no_trouble() -> None:
    """An endpoint of which nothing is kept."""
    found = replay_of([])
    assert (found.rows, found.conditions, found.alarms, found.availability.ratio) == (0, (), (), None)


def test_a_limit_alarms_as_it_would_have() -> None:
    """The figure that raised it is in the reason."""
    limit = Limit(metric="rtt_s", raise_above=0.1, clear_below=0.05, window_readings=10, minimum_readings=5)
    answers = [*repeat(0.02, 60), *repeat(0.2, 60), *repeat(0.02, 60)]
    found = replay_of(readings_of(answers), site_of(limits=(limit,)))
    assert [turn for _, turn in turns(found)] == ["degraded", "up"]
    (alarm,) = found.alarms
    assert (alarm.cause, alarm.reason.partition(":")[0]) == ("degraded", "limit")
    assert replay_of(readings_of(answers)).alarms == []


def test_a_shorter_deadline_makes_late_replies_losses() -> None:
    """What was waited for a second would have been lost after a tenth of one."""
    answers = [*repeat(0.02, 60), *repeat(0.3, 60)]
    assert turns(replay_of(readings_of(answers))) == []
    found = replay_of(readings_of(answers), judging=Judging({"icmp": PING}, {}, 0.1))
    assert [turn for _, turn in turns(found)] == ["down"]


@given(
    st.lists(st.tuples(st.floats(-5.0, 400.0), st.one_of(st.none(), st.floats(0.0, 100.0))), max_size=80),
    st.integers(1, 80),
)
@settings(max_examples=60, deadline=None)
def test_what_is_found_by_a_row_depends_on_no_later_row(
    steps: list[tuple[float, float | None]], kept: int
) -> None:
    """Whatever times repeat or step back, and however late answers come."""
    readings, at_utc_s = [], START_UTC_S
    for step_s, answer in steps:
        at_utc_s += step_s
        readings.append(reading_at(at_utc_s, answer))
    whole, part = replay_of(readings), replay_of(readings[:kept])
    last = min(kept, len(readings)) - 1

    def before(found: Replayed) -> list[object]:
        told: list[FoundChange | ToldEntry] = [*found.changes, *found.conditions, *found.grades]
        raised = [(each.raised, each.since_utc_s) for each in found.alarms if each.raised.row < last]
        return [*(each for each in told if each.moment.row < last), *raised]

    assert before(whole) == before(part)


@pytest.mark.parametrize("seed", range(5))
def test_a_step_with_noise_is_found_alike_by_its_beginning(seed: int) -> None:
    """Also where there is much to find: changes and outages in plenty."""
    dice = random.Random(seed)  # noqa: S311 - noise, no secret
    answers: list[float | None] = []
    for _ in range(12):
        level_s = dice.choice([0.01, 0.02, 0.05])
        answers += [
            None if dice.random() < 0.02 else each for each in noisy(level_s, dice.randrange(10, 60), seed)
        ]
        answers += repeat(None, dice.choice([0, 0, 12]))
    readings, site = readings_of(answers, 240.0), site_of(240.0)
    whole = replay_of(readings, site)
    assert whole.changes
    for kept in range(20, len(readings), 37):
        part = replay_of(readings[:kept], site)
        assert part.changes == [change for change in whole.changes if change.moment.row < kept]
        assert turns(part) == [turn for turn in turns(whole) if turn[0] < kept]


# -- the same as live ---------------------------------------------------------------------------------


def lived(letters: str) -> tuple[world.World, list[Effects]]:
    """Let a story pass live; return its world and all that was told in it."""
    told: list[Effects] = []
    monitor = Monitor(world.site_of(["mast"]), {"icmp": True}, world.START_UTC_S)
    lives = world.World(monitor, {"mast": letters})
    tell = lives._tell

    def hear(effects: Effects, now_s: float) -> None:
        told.append(effects)
        tell(effects, now_s)

    lives._tell = hear  # type: ignore[method-assign]
    hear(monitor.begin(world.START_UTC_S), 0.0)
    lives.run(len(letters))
    return lives, told


def story(seed: int) -> str:
    """A link that loses now and then, in bursts, and for long."""
    dice = random.Random(seed)  # noqa: S311 - noise, no secret
    return "".join(dice.choice("RRRRTT") * dice.choice([1, 1, 2, 3, 8, 25]) for _ in range(24))


@pytest.mark.parametrize(
    "letters",
    [
        *map(story, range(6)),
        "R" * 40 + "H" * 20 + "R" * 20 + "S" * 10 + "R" * 30,
        "R" * 30 + "A" * 10 + "R" * 10 + "P" * 10 + "R" * 10 + "T" * 30 + "R" * 20,
    ],
)
def test_a_replay_tells_what_was_told_live(letters: str) -> None:
    """The same conditions and alarms, since the same moment, at the same moment but for a look."""
    lives, told = lived(letters)
    rows = sorted(lives.kept, key=lambda reading: reading.sent_utc_s)
    found = replay_of(rows, world.site_of(["mast"]), JUDGING)
    live = [entry for each in told for entry in each.entries if entry.kind is LogKind.CONDITION_CHANGED]
    assert [told.entry.facts for told in found.conditions] == [entry.facts for entry in live]
    for one, entry in zip(found.conditions, live, strict=True):
        assert one.moment.at_utc_s == pytest.approx(entry.at_utc_s, abs=CLOSE_S)
    alarms = Alarms()
    for each in told:
        for entry in each.entries:
            alarms.take(entry, each.alarms, Moment(0, entry.at_utc_s, "icmp"))
    assert [(each.cause, each.reason, each.since_utc_s) for each in found.alarms] == [
        (each.cause, each.reason, each.since_utc_s) for each in alarms.all
    ]
    assert [each.returned is None for each in found.alarms] == [each.returned is None for each in alarms.all]
