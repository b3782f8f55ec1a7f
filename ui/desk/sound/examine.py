"""Whether a sound can really be played here, as a finding: it plays a moment of silence. It shows nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from controlroom.finding import Finding, Health
from ui.desk.sound.cache import SoundError
from ui.desk.sound.program import HANGS
from ui.desk.sound.station import SoundMeans

PATIENCE_S = 2.0
"""How long a moment of silence may take: longer than a player may need, shorter than a doctor waits."""


def examine_sound(
    means: SoundMeans, named: Sequence[Finding], monotonic_s: Callable[[], float] = time.monotonic
) -> Sequence[Finding]:
    """Play where programs were found by name, and say so in their finding; blocks while it plays."""
    if not named or any(finding.health is Health.TROUBLE for finding in named):
        return named
    found = named[0]
    try:
        until_s = monotonic_s() + PATIENCE_S
        played = means.player.play(means.folder.silence(), lambda: monotonic_s() < until_s)
    except SoundError as error:
        how = "late or silent" if error.code == HANGS else "silent"
        words = f"alarms are {how}: {error.happened}"
        return [replace(found, health=Health.TROUBLE, code="no-sound", found=words, cure=error.advice)]
    if not played:
        return named
    words = found.found.replace("whether it is heard is not proven", "a moment of silence was played")
    return [replace(found, health=Health.OK, code="ok", found=words, cure="")]
