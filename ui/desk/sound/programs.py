"""Which programs of each system play a sound and speak words. The only place that tells systems apart.

Only those for Linux are tested; pw-play, paplay and spd-say not on every sound server. Those for macOS
and Windows follow their manuals and are untested.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FILE_VARIABLE = "CONTROLROOM_SOUND_FILE"
"""Hands a file to a program whose command line is a script: a path is never put into a script."""

PACKAGES = "pipewire-bin, pulseaudio-utils or alsa-utils"
"""What brings a player to Debian."""


@dataclass(frozen=True, slots=True)
class PlayingProgram:
    """A program that plays one WAV file and says by its exit code whether it could."""

    command: tuple[str, ...]
    takes_argument: bool = True

    def line(self, file: Path) -> tuple[str, ...]:
        """The command line for a file."""
        return (*self.command, str(file)) if self.takes_argument else self.command

    def environment(self, file: Path) -> Mapping[str, str]:
        """What the environment has to say of a file."""
        return {} if self.takes_argument else {FILE_VARIABLE: str(file)}


@dataclass(frozen=True, slots=True)
class SpeakingProgram:
    """A program that reads words from its standard input; it gives a WAV file back, or speaks by itself."""

    command: tuple[str, ...]
    gives_wav: bool = False


@dataclass(frozen=True, slots=True)
class Programs:
    """What one system has, the best first."""

    playing: tuple[PlayingProgram, ...]
    speaking: tuple[SpeakingProgram, ...]


def programs_of(platform: str) -> Programs:
    """Return what a system has, by Python's name for it (``sys.platform``)."""
    return _SYSTEMS.get(platform, _LINUX)


_LINUX = Programs(
    (PlayingProgram(("pw-play",)), PlayingProgram(("paplay",)), PlayingProgram(("aplay", "-q"))),
    (
        SpeakingProgram(("espeak-ng", "-v", "en-gb", "-s", "150", "--stdin", "--stdout"), gives_wav=True),
        SpeakingProgram(("spd-say", "--wait", "--pipe-mode")),
    ),
)

_MACOS = Programs((PlayingProgram(("afplay",)),), (SpeakingProgram(("say", "-f", "-")),))

_POWERSHELL = ("powershell", "-NoProfile", "-NonInteractive", "-Command")
_PLAY = f"(New-Object System.Media.SoundPlayer $env:{FILE_VARIABLE}).PlaySync()"
_SPEAK = (
    "Add-Type -AssemblyName System.Speech;"
    "(New-Object System.Speech.Synthesis.SpeechSynthesizer).Speak([Console]::In.ReadToEnd())"
)
_WINDOWS = Programs(
    (PlayingProgram((*_POWERSHELL, _PLAY), takes_argument=False),),
    (SpeakingProgram((*_POWERSHELL, _SPEAK)),),
)

_SYSTEMS = {"darwin": _MACOS, "win32": _WINDOWS}
