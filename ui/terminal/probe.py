"""The command ``probe``: one endpoint, asked by hand. It asks nobody itself."""

from __future__ import annotations

import argparse
from typing import TextIO

from ui.terminal.asking import AskingByHand
from ui.terminal.interrupts import heed_interrupts
from ui.terminal.probe_arguments import probe_parameters
from ui.terminal.snmp_silence import silence_words
from ui.terminal.test_now import run_test_now


def probe_by_hand(chosen: argparse.Namespace, asking: AskingByHand, out: TextIO, err: TextIO) -> int:
    """Ask as was typed and print what came; return 0 where all was answered, else 1."""
    probe_type = asking.probe_types[chosen.probe_type]
    parameters = asking.read_parameters(probe_type, probe_parameters(chosen))
    target = getattr(chosen, "target", "")
    asking.refuse_bad_target(probe_type, target)
    heed_interrupts()
    if getattr(chosen, "template", None):
        from ui.terminal.snmp_identify import run_probe

        return run_probe(
            lambda tell: asking.identify(
                probe_type, parameters, target, timeout_s=chosen.timeout_s, tell=tell
            ),
            chosen,
            out=out,
            err=err,
        )
    count, timeout_s = getattr(chosen, "count", 1), getattr(chosen, "timeout_s", None)
    return run_test_now(
        probe_type,
        parameters,
        target,
        lambda tell: asking.ask(probe_type, parameters, target, count=count, timeout_s=timeout_s, tell=tell),
        when_silent=silence_words(chosen.snmp_version) if probe_type.name == "snmp" else "",
        doubts=asking.doubts(probe_type, parameters),
        wanted=[each.metric for each in getattr(chosen, "objects", [])],
        as_json=chosen.json,
        out=out,
    )
