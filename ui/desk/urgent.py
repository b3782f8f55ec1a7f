"""What must not be missed while another window covers the desk, in words. It knows no window."""

from __future__ import annotations

from ui.desk import figures
from ui.desk.liveness import Liveness

_TO_THE_DESK = "F3 silences, F2 leads to the desk. What you typed here is kept."


def urgent_words(liveness: Liveness, new_critical: int, what_to_do: str = _TO_THE_DESK) -> tuple[str, str]:
    """Return headline and detail, empty where nothing presses; ``new_critical`` alarms wait for somebody."""
    if liveness is Liveness.STOPPED:
        return "MONITORING STOPPED", what_to_do
    if new_critical:
        return f"{figures.counted(new_critical, 'critical alarm')} not acknowledged", what_to_do
    return "", ""
