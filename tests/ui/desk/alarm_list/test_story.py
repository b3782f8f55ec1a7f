"""What the log tells of one alarm, and who ticked which step."""

from __future__ import annotations

from controlroom.logbook.chain import Chain
from controlroom.logbook.entry import Draft, Entry, LogKind
from ui.desk.alarm_list.story import story_of, ticks_of


def _log(*drafts: Draft) -> list[Entry]:
    chain = Chain()
    return [chain.append(draft) for draft in drafts]


def _tick(at_utc_s: float, step: int, done: bool, by: str = "Ben") -> Draft:
    facts = {"alarm": 4, "step": step, "done": done}
    return Draft(at_utc_s, LogKind.ALARM_STEP_TICKED, "a", by, facts)


def test_the_story_of_an_alarm_is_its_own_newest_first() -> None:
    """Also its notes; not those of another, nor a number in words."""
    log = _log(
        Draft(1, LogKind.ALARM_RAISED, "a", facts={"alarm": 4}),
        Draft(2, LogKind.ALARM_RAISED, "b", facts={"alarm": 5}),
        Draft(3, LogKind.NOTE, "a", "Ben", {"note": "called", "alarm": 4}),
        Draft(4, LogKind.NOTE, "a", "Ben", {"note": "called", "alarm": "4"}),
    )
    assert [entry.at_utc_s for entry in story_of(4, log)] == [3, 1]


def test_a_step_was_ticked_by_who_ticked_it_last() -> None:
    """A tick that was taken back counts no more."""
    log = _log(_tick(1, 1, True, "Ada"), _tick(2, 2, True), _tick(3, 2, False), _tick(4, 1, True, "Ben"))
    assert {step: (tick.at_utc_s, tick.operator) for step, tick in ticks_of(log).items()} == {1: (4, "Ben")}


def test_an_alarm_that_is_raised_again_begins_with_no_step_done() -> None:
    """As its steps are then to be done again."""
    again = Draft(2, LogKind.ALARM_RAISED_AGAIN, "a", facts={"alarm": 4})
    assert ticks_of(_log(_tick(1, 1, True), again)) == {}
