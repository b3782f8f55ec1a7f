"""Whether a sound can really be played here, as a finding: it plays a moment of silence. It shows nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from controlroom.finding import Finding, Health
from ui.desk.sound.cache import SoundError
from ui.desk.sound.station import SoundMeans


def examine_sound(means: SoundMeans, named: Sequence[Finding]) -> Sequence[Finding]:
    """Play where programs were found by name, and say so in their finding; blocks while it plays."""
    if not named or any(finding.health is Health.TROUBLE for finding in named):
        return named
    found = named[0]
    try:
        means.player.play(means.folder.silence(), lambda: True)
    except SoundError as error:
        return [
            replace(
                found,
                health=Health.TROUBLE,
                code="no-sound",
                found=f"alarms are silent: {error.happened}",
                cure=error.advice,
            )
        ]
    words = found.found.replace("whether it is heard is not proven", "a moment of silence was played")
    return [replace(found, health=Health.OK, code="ok", found=words, cure="")]
