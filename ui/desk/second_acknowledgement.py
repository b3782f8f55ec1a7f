"""Says when an acknowledgement came second: somebody had acknowledged the alarm already. It changes nothing.

The engine accepts such an act and keeps its note; without a word its operator would think it was the first.
"""

from __future__ import annotations

from collections.abc import Sequence

from controlroom.alarms.alarm import Alarm
from controlroom.logbook.act import Act, ActKind
from controlroom.report.escaping import printable


def second_words(act: Act, alarms: Sequence[Alarm], name: str) -> str:
    """Say that the alarm of an accepted act was acknowledged before it; nothing where it was not."""
    if act.kind is not ActKind.ACKNOWLEDGE:
        return ""
    alarm = next((each for each in alarms if each.number == act.alarm_number), None)
    if alarm is None or alarm.acknowledged_utc_s is None:
        return ""
    if alarm.acknowledged_by == act.operator and alarm.acknowledged_utc_s >= act.at_utc_s:
        return ""
    kept = " Your note is in the log." if act.note else ""
    return f"{name} was acknowledged already, by {printable(alarm.acknowledged_by, 60)}.{kept}"
