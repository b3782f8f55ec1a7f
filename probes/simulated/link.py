"""What links are like: the usual round trip, spread, loss and signal of each kind. It draws no chance.

The figures are plausible orders of magnitude for a region the size of a county, not measurements of anybody's
network. A round trip is the usual one, times a spread around it (log-normal), times a slow wobble, and now
and then a tail on top (exponential): queues on mobile and satellite links, now and then a busy cloud.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from controlroom.probe import Metric


class Link(enum.StrEnum):
    """What the way to an endpoint is made of."""

    LAN = "lan"
    FIBRE = "fibre"
    MICROWAVE = "microwave"
    LTE = "lte"
    NR = "5g"
    VPN = "vpn"
    CLOUD = "cloud"
    SATELLITE = "satellite"


@dataclass(frozen=True, slots=True)
class Signal:
    """A figure of reception: its metric, usual value, standard deviation, and its fall in a full fade."""

    metric: Metric
    usual: float
    spread: float
    fall: float


@dataclass(frozen=True, slots=True)
class Character:
    """How a link usually behaves.

    ``rtt_s`` is the usual round trip, ``spread`` the standard deviation of its logarithm, ``wobble_ratio``
    how far it swings slowly. ``tail_ratio`` of the answers come later by ``tail_s`` on average.
    ``loss_ratio`` is lost without any fault.
    """

    rtt_s: float
    spread: float
    wobble_ratio: float
    tail_ratio: float
    tail_s: float
    loss_ratio: float
    signals: tuple[Signal, ...] = ()


_MOBILE: Final = (
    Signal(Metric("rsrp_dbm", "dBm", "Received power (RSRP)"), -92.0, 2.2, 24.0),
    Signal(Metric("sinr_db", "dB", "Signal to noise (SINR)"), 14.0, 2.0, 18.0),
)
_RADIO_LINK: Final = (Signal(Metric("received_dbm", "dBm", "Received level"), -41.0, 0.4, 32.0),)

CHARACTERS: Final[Mapping[Link, Character]] = MappingProxyType(
    {
        Link.LAN: Character(0.0004, 0.10, 0.02, 0.004, 0.002, 0.0),
        Link.FIBRE: Character(0.0035, 0.04, 0.02, 0.006, 0.004, 0.00005),
        Link.MICROWAVE: Character(0.0062, 0.08, 0.06, 0.010, 0.006, 0.0004, _RADIO_LINK),
        Link.LTE: Character(0.046, 0.18, 0.22, 0.060, 0.070, 0.004, _MOBILE),
        Link.NR: Character(0.021, 0.14, 0.16, 0.040, 0.030, 0.002, _MOBILE),
        Link.VPN: Character(0.024, 0.06, 0.05, 0.012, 0.015, 0.001),
        Link.CLOUD: Character(0.018, 0.07, 0.06, 0.015, 0.020, 0.0005),
        Link.SATELLITE: Character(0.605, 0.02, 0.02, 0.030, 0.120, 0.006),
    }
)
"""The character of every link."""
