"""The command ``snmp``: what a device is, or all that it tells, asked by hand. It asks nobody itself."""

from __future__ import annotations

import argparse
from typing import TextIO

from ui.terminal.asking import AskingByHand, WalkingByHand
from ui.terminal.interrupts import heed_interrupts
from ui.terminal.probe_arguments import probe_parameters
from ui.terminal.snmp_identify import run_identify
from ui.terminal.snmp_walk import run_walk


def snmp_by_hand(
    chosen: argparse.Namespace, asking: AskingByHand, walking: WalkingByHand, out: TextIO, err: TextIO
) -> int:
    """Ask as was typed and print what came; return 0 where all was answered, else 1."""
    probe_type, given, target = asking.probe_types["snmp"], probe_parameters(chosen), chosen.target
    parameters = asking.read_parameters(probe_type, given)
    asking.refuse_bad_target(probe_type, target)
    heed_interrupts()
    if chosen.part == "identify":
        return run_identify(
            lambda tell: asking.identify(
                probe_type, parameters, target, timeout_s=chosen.timeout_s, tell=tell
            ),
            chosen,
            given,
            out=out,
            err=err,
        )
    return run_walk(
        lambda tell: walking.walk(parameters, target, chosen.oid, chosen.most, chosen.timeout_s, tell),
        walking.shown,
        chosen,
        out=out,
        err=err,
    )
