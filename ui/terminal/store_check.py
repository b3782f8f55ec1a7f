"""The command ``store check``: prints what was found in a store, and how to cure it. It looks at nothing.

For people as ``doctor`` does: troubles first, then what cannot be told, then what is well. On a terminal a
long sentence goes on below itself; a command to be copied never does.

The JSON, whose keys stay:

    {"simulated", "well", "findings": [{"file", "aspect", "health", "code", "found", "facts", "cure": […]}]}

``health`` is ``ok``, ``trouble`` or ``unknown``; ``facts`` are the figures behind the sentence ``found``.
``simulated`` is ``null`` where the store cannot say.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from controlroom.finding import Health
from controlroom.store.care import Observation
from ui.terminal.doctor import lines_of
from ui.terminal.exit_codes import FOUND_TROUBLE
from ui.terminal.store_progress import SIMULATED_LINE
from ui.terminal.store_wording import finding_of, findings_of


def run_store_check(
    observations: Sequence[Observation], folder: Path, *, simulated: bool | None, as_json: bool, out: TextIO
) -> int:
    """Print what was found; return 0 when all is well, 1 when anything is in trouble or cannot be told."""
    well = all(each.health is Health.OK for each in observations)
    if as_json:
        told = {
            "simulated": simulated,
            "well": well,
            "findings": [_as_json(each, folder) for each in observations],
        }
        out.write(json.dumps(told, indent=1) + "\n")
    else:
        lines = [SIMULATED_LINE] if simulated else []
        width = shutil.get_terminal_size().columns if out.isatty() else None
        lines += lines_of(findings_of(observations, folder), width)
        out.write("".join(f"{line}\n" for line in lines))
    return 0 if well else FOUND_TROUBLE


def _as_json(observation: Observation, folder: Path) -> dict[str, object]:
    finding = finding_of(observation, folder)
    return {
        "file": observation.file,
        "aspect": observation.aspect.value,
        "health": observation.health.value,
        "code": observation.code,
        "found": finding.found,
        "facts": dict(observation.facts),
        "cure": finding.cure.splitlines(),
    }
