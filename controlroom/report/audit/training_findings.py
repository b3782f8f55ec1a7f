"""What the records of practice lack. Pure.

Rules:
1. Fewer than four of five alarms acknowledged in time is important, from five alarms on.
2. A shift that had alarms and never ticked a step of a card has not used the cards.
3. A sound that nobody tested within the range may not be heard when it must.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from controlroom.logbook.entry import LogKind
from controlroom.report.audit.finding import Area, AuditFinding, Seriousness, counted, listed
from controlroom.report.audit.training import Training

GOOD_SHARE: Final = 0.8
FEWEST_ALARMS: Final = 5


def training_findings(training: Training) -> Iterator[AuditFinding]:
    """Find it."""
    for each in training.shifts:
        if each.alarms >= FEWEST_ALARMS and each.in_time < GOOD_SHARE * each.alarms:
            yield AuditFinding(
                "acknowledged_late",
                Seriousness.IMPORTANT,
                Area.TRAINING,
                f"Shift “{each.shift}”: {each.in_time} of {each.alarms} alarms were acknowledged in time.",
                (each.shift,),
                "A fault that nobody takes within the time to respond does what its card says is lost.",
                "See with the shift why: too many alarms, no time, not heard, or not known what to do.",
            )
    unused = [
        each.shift
        for each in training.shifts
        if each.alarms >= FEWEST_ALARMS and not each.counts.get(LogKind.ALARM_STEP_TICKED)
    ]
    if unused:
        yield AuditFinding(
            "cards_not_used",
            Seriousness.MINOR,
            Area.TRAINING,
            f"{counted(len(unused), 'shift')} with alarms ticked no step of a card: {listed(unused)}.",
            tuple(unused),
            "Either the cards say nothing of use, or nobody knows that they are there.",
            "Go through one card with each shift, as a drill, and mend what does not fit.",
        )
    if not any(each.counts.get(LogKind.SOUND_TESTED) for each in training.shifts):
        yield AuditFinding(
            "sound_never_tested",
            Seriousness.MINOR,
            Area.TRAINING,
            "Nobody tested the alarm sound in that time.",
            (),
            "A loudspeaker that was turned down is noticed when an alarm was missed.",
            "Have each shift press F7 and test the sound; the log keeps that it was heard.",
        )
