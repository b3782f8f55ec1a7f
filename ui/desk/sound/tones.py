"""The tones of the desk, made from a few numbers: sound that needs no file of anybody's. It plays nothing.

1. Each cue has a rhythm and a pitch of its own, so that it is known without looking: critical rises
   three times, a further fault is three equal strokes, a high alarm two soft ones, a lost heartbeat a
   slow low pulse. (After the spirit of IEC 60601-1-8: bursts of pulses, not continuous tones.)
2. Every stroke has harmonics up to a few kilohertz, so that a small loudspeaker carries a low pitch too.
3. Strokes swell and fade by a raised cosine: an edge would click.
4. The peak at full volume leaves 6 dB to the full scale, for somebody may wear headphones. Volume goes by
   decibels, as the ear does, and its lowest step can still be heard: silence is what a mute is for.
"""

from __future__ import annotations

import io
import wave
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ui.desk.sound.waiting import Cue

RATE_HZ: Final = 44_100
PEAK: Final = 0.5
"""The highest sample at full volume, of the full scale (rule 4)."""

LEAST_VOLUME, MOST_VOLUME, USUAL_VOLUME = 10, 100, 70
"""Per cent."""

_RANGE_DB: Final = 26.0
_HARMONICS: Final = (1.0, 0.75, 0.55, 0.4, 0.3, 0.2, 0.15, 0.1)
_HIGHEST_HZ: Final = 4_000.0
_SWELL_S, _FADE_S = 0.012, 0.04
_TAIL_S: Final = 0.12
"""Silence at the end, for some players drop what is still in their buffer."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """One stroke of a tone: pitch, length and the rest after it; ``level`` is 1 at its loudest."""

    pitch_hz: float
    length_s: float
    rest_s: float
    level: float = 1.0


_RISING = (Stroke(660.0, 0.14, 0.03), Stroke(990.0, 0.22, 0.13))

PATTERNS: Final[Mapping[Cue, Sequence[Stroke]]] = {
    Cue.NEW_CRITICAL: _RISING * 3,
    Cue.FURTHER_FAULT: (Stroke(784.0, 0.15, 0.1, 0.8),) * 3,
    Cue.NEW_HIGH: (Stroke(587.0, 0.25, 0.15, 0.45), Stroke(494.0, 0.3, 0.1, 0.45)),
    Cue.HEARTBEAT_LOST: (Stroke(220.0, 0.4, 0.25),) * 3,
}

Samples = NDArray[np.float64]


def tone(cue: Cue, volume_percent: int) -> bytes:
    """Return the tone of a cue as a WAV file: 16 bits, one channel."""
    strokes = [_stroke(stroke) for stroke in PATTERNS[cue]]
    samples = np.concatenate([*strokes, np.zeros(round(RATE_HZ * _TAIL_S))])
    return wav(samples * gain(volume_percent), RATE_HZ)


def silence(length_s: float) -> bytes:
    """Return silence as a WAV file: it proves that a player can play, and disturbs nobody."""
    return wav(np.zeros(round(RATE_HZ * length_s)), RATE_HZ)


def gain(volume_percent: int) -> float:
    """The highest sample at a volume, of the full scale (rule 4); the volume is kept within its bounds."""
    volume = min(max(volume_percent, LEAST_VOLUME), MOST_VOLUME) / 100
    return PEAK * float(10 ** (-_RANGE_DB * (1 - volume) / 20))


def wav(samples: Samples, rate_hz: int) -> bytes:
    """Return samples between -1 and 1 as a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate_hz)
        out.writeframes(np.round(np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return file.getvalue()


def _stroke(stroke: Stroke) -> Samples:
    time_s = np.arange(round(RATE_HZ * stroke.length_s)) / RATE_HZ
    sound = np.zeros_like(time_s)
    for place, strength in enumerate(_HARMONICS, start=1):
        if place * stroke.pitch_hz <= _HIGHEST_HZ:
            sound += strength * np.sin(2 * np.pi * place * stroke.pitch_hz * time_s)
    sound *= stroke.level / np.abs(sound).max()
    swell = np.clip(time_s / _SWELL_S, 0, 1)
    fade = np.clip((stroke.length_s - time_s) / _FADE_S, 0, 1)
    sound *= (0.5 - 0.5 * np.cos(np.pi * swell)) * (0.5 - 0.5 * np.cos(np.pi * fade))
    return np.concatenate([sound, np.zeros(round(RATE_HZ * stroke.rest_s))])
