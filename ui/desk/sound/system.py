"""The sound means of this system: its players, its speech engines, a folder. It plays nothing."""

from __future__ import annotations

import sys
from pathlib import Path

from ui.desk.sound.cache import SoundFolder
from ui.desk.sound.player import SystemPlayer
from ui.desk.sound.programs import programs_of
from ui.desk.sound.speech import SystemSpeech
from ui.desk.sound.station import SoundMeans

_FOLDER = "sounds"


def system_sound(place: Path) -> SoundMeans:
    """Return the means, with their files in a folder below a place; nothing is written or tried yet."""
    programs, sounds = programs_of(sys.platform), SoundFolder(place / _FOLDER)
    player = SystemPlayer(programs.playing)
    return SoundMeans(player, SystemSpeech(programs.speaking, player, sounds), sounds)
