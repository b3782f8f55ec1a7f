"""The command ``alarm``: runs what was wanted of alarms. It prints nothing itself."""

from __future__ import annotations

import argparse
from typing import TextIO

from ui.terminal.acting import Acting
from ui.terminal.alarm_acts import run_alarm_act
from ui.terminal.alarm_health import run_alarm_health
from ui.terminal.alarm_list import run_alarm_list
from ui.terminal.alarm_show import run_alarm_show


def run_alarm(chosen: argparse.Namespace, acting: Acting, out: TextIO) -> int:
    """Do what was wanted and return the exit code."""
    store, utc_s = acting.store, acting.clocks.utc_s()
    if chosen.alarm_command == "health":
        return run_alarm_health(store, chosen, utc_s=utc_s, out=out)
    if chosen.alarm_command == "list":
        return run_alarm_list(store, chosen, utc_s=utc_s, out=out)
    if chosen.alarm_command == "show":
        return run_alarm_show(store, chosen, utc_s=utc_s, out=out)
    return run_alarm_act(chosen, acting, out)
