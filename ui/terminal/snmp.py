"""The command ``snmp``: what a device is, or all that it tells, asked by hand. It asks nobody itself."""

from __future__ import annotations

import argparse
import json
from typing import TextIO

from controlroom.probe import ProbeType
from controlroom.report.escaping import printable
from ui.terminal.asking import AskingByHand, WalkingByHand
from ui.terminal.interrupts import heed_interrupts
from ui.terminal.probe_arguments import probe_parameters
from ui.terminal.snmp_identify import run_identify
from ui.terminal.snmp_walk import run_walk


def list_templates(probe_type: ProbeType, *, as_json: bool, out: TextIO) -> int:
    """Print the id and the title of each template; return 0."""
    offers = probe_type.offers()["template"] if probe_type.offers is not None else ()
    titles = {
        each.value: each.title.removesuffix(f"({each.value})").rstrip() for each in offers if each.value
    }
    known = sorted(titles.items())
    if as_json:
        json.dump([{"id": name, "title": title} for name, title in known], out, indent=2)
        out.write("\n")
        return 0
    wide = max((len(name) for name, _ in known), default=0)
    out.write("".join(f"{name:<{wide}}  {printable(title, 120)}\n" for name, title in known))
    return 0


def snmp_by_hand(
    chosen: argparse.Namespace, asking: AskingByHand, walking: WalkingByHand, out: TextIO, err: TextIO
) -> int:
    """Ask as was typed and print what came; return 0 where all was answered, else 1."""
    if chosen.part == "templates":
        return list_templates(asking.probe_types["snmp"], as_json=chosen.json, out=out)
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
        doubts=asking.doubts(probe_type, parameters),
    )
