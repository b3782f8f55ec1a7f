"""The fold follows the whole machine of alarms: it always knows what stands, waits and is hidden."""

from __future__ import annotations

import math

from hypothesis import settings
from hypothesis.stateful import invariant

from controlroom.alarms.alarm import LATCHED, WAITING, Alarm
from controlroom.alarms.health.fold import AlarmFold
from controlroom.alarms.health.presented import Hidden
from controlroom.alarms.health.standing import Standing
from controlroom.logbook.chain import Chain
from tests.controlroom.alarms.test_machine import AlarmMachine

Known = tuple[bool, bool, bool, frozenset[Hidden]]


def of_alarm(alarm: Alarm) -> Known:
    """What the register knows: active, held, waiting, and by what it is hidden."""
    by = {
        Hidden.SHELVED: alarm.shelved,
        Hidden.SUPPRESSED: bool(alarm.suppressed_by),
        Hidden.OUT_OF_SERVICE: bool(alarm.out_of_service),
    }
    hidden = frozenset(why for why, is_so in by.items() if is_so)
    return (alarm.active, alarm.state in LATCHED, alarm.state in WAITING, hidden)


def of_standing(alarm: Standing) -> Known:
    """What the fold knows."""
    return (alarm.active, alarm.held, alarm.unacknowledged, frozenset(alarm.hidden))


class FoldedMachine(AlarmMachine):
    """The machine with a fold of its log beside it."""

    def set_clock(self, step_s: float) -> None:
        """Is no rule here: the fold goes by the order of entries, and a shelf may outlast such a clock."""

    @invariant()
    def the_fold_knows_what_the_register_knows(self) -> None:
        """And every alarm on the shelf is told with its end."""
        fold, chain = AlarmFold(-math.inf, math.inf), Chain()
        for draft in self.log:
            fold.take(chain.append(draft))
        standing = {number: of_standing(alarm) for number, alarm in fold._standing.items()}
        alarms = self.register.alarms()
        assert standing == {alarm.number: of_alarm(alarm) for alarm in alarms}
        told = {each.number: each.why for each in fold.told().shelved_now}
        assert told == {alarm.number: alarm.shelved_why for alarm in alarms if alarm.shelved}


TestFoldedMachine = FoldedMachine.TestCase
TestFoldedMachine.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
