"""Which programs could sound an alarm, found by name. It plays nothing, so it proves nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Final

from controlroom.finding import Finding, Health

NAME: Final = "sound"
TITLE: Final = "Sound"
PLAYERS: Final = ("pw-play", "paplay", "aplay")
SPEAKERS: Final = ("spd-say", "espeak-ng", "espeak")

CURE_OF_HANGING: Final = (
    "Restart the sound server: systemctl --user restart pipewire pipewire-pulse wireplumber"
)
"""What helps against players that hang: they all wait for the same server."""


def check_sound(which: Callable[[str], str | None] = shutil.which) -> list[Finding]:
    """Say which players and speech engines are installed; without a player no alarm is heard."""
    players = [name for name in PLAYERS if which(name)]
    speakers = [name for name in SPEAKERS if which(name)]
    speech = f"; speech by {', '.join(speakers)}" if speakers else "; no speech engine"
    if not players:
        cure = "sudo apt-get install pipewire-bin\nWithout a sound server: sudo apt-get install alsa-utils"
        found = f"no player ({', '.join(PLAYERS)}) is installed: alarms are silent{speech}"
        return [Finding(NAME, TITLE, Health.TROUBLE, "no-player", found, cure)]
    found = f"{', '.join(players)} found; whether it is heard is not proven{speech}"
    return [Finding(NAME, TITLE, Health.UNKNOWN, "not-tried", found, "Use the sound test in the desk.")]
