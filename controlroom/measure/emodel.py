"""The E-model: what speech over a link would be worth (ITU-T G.107, 06/2015, narrowband). It knows no link.

``R = Ro - Is - Id - Ie,eff + A``

1. One reading of the model is used throughout: the full formulas with the default values of G.107, where only
   delay, loss and codec differ from the defaults. So ``R = 93.355 - Id - Ie,eff``, which is 93.2 at no delay,
   with ``Id = Idte + Idle + Idd``. It is neither ``93.2 - Id``, which counts the listener's echo at no delay
   twice, nor the short form for a perfect echo canceller, ``93.2 - Idd``, which knows no echo.
2. The delay is one way, from mouth to ear. The echo takes the same way: ``T = Ta`` and ``Tr = 2 Ta``.
3. The advantage ``A`` is 0: whoever expects little of a radio is not served any better by it.
4. The polynomial for the mean opinion score dips below 1 for R under 6.5; there it is 1.
5. The model ends at a delay of 500 ms, and at a burst ratio of 2 unless less than 2 % is lost. What it says
   beyond is told all the same, and the two functions that end in ``within_model`` say so.
"""

from __future__ import annotations

import enum
import math
from typing import Final

# The default values of G.107: loudness in dB, levels in dBm, distortion in units.
_SEND_LOUDNESS: Final = 8.0  # SLR
_RECEIVE_LOUDNESS: Final = 2.0  # RLR
_OVERALL_LOUDNESS: Final = _SEND_LOUDNESS + _RECEIVE_LOUDNESS  # OLR
_SIDETONE_MASKING: Final = 15.0  # STMR
_LISTENER_SIDETONE: Final = 18.0  # LSTR
_SEND_D: Final = 3.0  # Ds
_TALKER_ECHO_LOUDNESS: Final = 65.0  # TELR
_ECHO_PATH_LOSS: Final = 110.0  # WEPL
_QUANTISING_UNITS: Final = 1.0  # qdu
_CIRCUIT_NOISE: Final = -70.0  # Nc
_NOISE_FLOOR: Final = -64.0  # Nfor
_SEND_ROOM_NOISE: Final = 35.0  # Ps
_RECEIVE_ROOM_NOISE: Final = 35.0  # Pr

LONGEST_UNNOTICED_DELAY_MS: Final = 100.0
"""mT of the default class of sensitivity: delay up to here costs nothing by itself."""

MOST_IMPAIRMENT: Final = 95.0
"""Where all is lost: the ``95`` of the formula for Ie,eff."""

_MOST_DELAY_S: Final = 0.5
_MOST_BURST_RATIO: Final = 2.0
_LOSS_RATIO_FOR_ANY_BURSTS: Final = 0.02


class Band(enum.StrEnum):
    """How users judge such speech, by R (ITU-T G.109)."""

    VERY_SATISFIED = "very-satisfied"
    SATISFIED = "satisfied"
    SOME_DISSATISFIED = "some-dissatisfied"
    MANY_DISSATISFIED = "many-dissatisfied"
    NEARLY_ALL_DISSATISFIED = "nearly-all-dissatisfied"
    NOT_RECOMMENDED = "not-recommended"


_BANDS: Final = (
    (90.0, Band.VERY_SATISFIED),
    (80.0, Band.SATISFIED),
    (70.0, Band.SOME_DISSATISFIED),
    (60.0, Band.MANY_DISSATISFIED),
    (50.0, Band.NEARLY_ALL_DISSATISFIED),
)


def rating(delay_s: float, equipment_impairment: float = 0.0) -> float:
    """Return R for a one-way delay from mouth to ear and an Ie,eff; it may fall below 0."""
    return _SIGNAL_TO_NOISE - _SIMULTANEOUS_IMPAIRMENT - delay_impairment(delay_s) - equipment_impairment


def delay_impairment(delay_s: float) -> float:
    """Return Id, what a one-way delay costs: talker's echo, listener's echo and slowness (7.4)."""
    delay_ms = delay_s * 1e3
    return talker_echo_impairment(delay_ms) + listener_echo_impairment(2 * delay_ms) + slowness(delay_ms)


def talker_echo_impairment(delay_ms: float) -> float:
    """Return Idte for the mean one-way delay of the echo path, T, at the default sidetone (7.4)."""
    heard = -1.5 * (_NOISE - _RECEIVE_LOUDNESS)
    echo_loudness = (
        _TALKER_ECHO_LOUDNESS
        - 40 * math.log10((1 + delay_ms / 10) / (1 + delay_ms / 150))
        + 6 * math.exp(-0.3 * delay_ms**2)
    )
    half = (heard - 80 - 2.5 * (echo_loudness - 14)) / 2
    return (half + math.sqrt(half**2 + 100) - 1) * (1 - math.exp(-delay_ms))


def listener_echo_impairment(round_trip_ms: float) -> float:
    """Return Idle for the round-trip delay in the four-wire loop, Tr (7.4)."""
    echo = 10.5 * (_ECHO_PATH_LOSS + 7) * math.pow(round_trip_ms + 1, -0.25)
    half = (_SIGNAL_TO_NOISE - echo) / 2
    return half + math.sqrt(half**2 + 169)


def slowness(delay_ms: float) -> float:
    """Return Idd, what the absolute one-way delay Ta costs however well echo is cancelled (7.4)."""
    if delay_ms <= LONGEST_UNNOTICED_DELAY_MS:
        return 0.0
    x = math.log2(delay_ms / LONGEST_UNNOTICED_DELAY_MS)
    return 25.0 * (_root(6, x) - 3 * _root(6, x / 3) + 2)


def effective_equipment_impairment(
    impairment: float, robustness: float, loss_ratio: float, burst_ratio: float = 1.0
) -> float:
    """Return Ie,eff of a codec under loss (7.5).

    ``impairment`` is the codec's Ie, ``robustness`` its Bpl, more than 0. ``loss_ratio`` is from 0 to 1,
    after the jitter buffer; ``burst_ratio`` is BurstR, more than 0, of which 1 is random loss.
    """
    loss_percent = 100.0 * loss_ratio
    share = loss_percent / (loss_percent / burst_ratio + robustness)
    return impairment + (MOST_IMPAIRMENT - impairment) * share


def burst_is_within_model(loss_ratio: float, burst_ratio: float) -> bool:
    """Tell whether the model is stated to hold for such bursts (rule 5)."""
    return burst_ratio <= _MOST_BURST_RATIO or loss_ratio < _LOSS_RATIO_FOR_ANY_BURSTS


def delay_is_within_model(delay_s: float) -> bool:
    """Tell whether a one-way delay is in the range of G.107."""
    return delay_s <= _MOST_DELAY_S


def opinion_score(rating: float) -> float:
    """Return the estimated mean opinion score of a conversation, from 1 to 4.5 (annex B; rule 4)."""
    if rating <= 0:
        return 1.0
    if rating >= 100:
        return 4.5
    return max(1.0, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6)


def band_of(rating: float) -> Band:
    """Return how users judge a rating (ITU-T G.109); the lower edge belongs to the band."""
    return next((band for least, band in _BANDS if rating >= least), Band.NOT_RECOMMENDED)


def _power(decibels: float) -> float:
    """Return the power that so many decibels are."""
    return math.pow(10, decibels / 10)


def _root(power: int, x: float) -> float:
    """Return the power-th root of ``1 + x`` to that power: near to 1 for a small x, near to x for a large."""
    return math.pow(1 + math.pow(x, power), 1 / power)


def _noise() -> float:
    """Return No, the sum of all noise, in dBm (7.2)."""
    quiet_send = _SEND_ROOM_NOISE - _SEND_LOUDNESS - _SEND_D
    send = quiet_send - 100 + 0.004 * (quiet_send - _RECEIVE_LOUDNESS - 14) ** 2
    receive_room = _RECEIVE_ROOM_NOISE + 10 * math.log10(1 + _power(10 - _LISTENER_SIDETONE))
    receive = _RECEIVE_LOUDNESS - 121 + receive_room + 0.008 * (receive_room - 35) ** 2
    parts = (_CIRCUIT_NOISE, send, receive, _NOISE_FLOOR + _RECEIVE_LOUDNESS)
    return 10 * math.log10(sum(map(_power, parts)))


def _simultaneous_impairment(noise: float, signal_to_noise: float) -> float:
    """Return Is: speech too loud, sidetone, and the noise of quantising (7.3)."""
    x = _OVERALL_LOUDNESS + 0.2 * (64 + noise - _RECEIVE_LOUDNESS)
    loud = 20 * (_root(8, x / 8) - x / 8)
    quality = 37 - 15 * math.log10(_QUANTISING_UNITS)
    g = 1.07 + 0.258 * quality + 0.0602 * quality**2
    y, z = (signal_to_noise - 100) / 15 + 46 / 8.4 - g / 9, 46 / 30 - g / 40
    return loud + _sidetone_impairment() + 15 * math.log10(1 + _power(10 * y) + _power(10 * z))


def _sidetone_impairment() -> float:
    """Return Ist at no delay; that delay lessens it by no more than 10^-7 with this echo."""
    masking = -10 * math.log10(_power(-_SIDETONE_MASKING) + _power(-_TALKER_ECHO_LOUDNESS))
    return (
        12 * _root(8, (masking - 13) / 6)
        - 28 * _root(35, (masking + 1) / 19.4)
        - 13 * _root(13, (masking - 3) / 33)
        + 29
    )


_NOISE: Final = _noise()
_SIGNAL_TO_NOISE: Final = 15 - 1.5 * (_SEND_LOUDNESS + _NOISE)
_SIMULTANEOUS_IMPAIRMENT: Final = _simultaneous_impairment(_NOISE, _SIGNAL_TO_NOISE)
