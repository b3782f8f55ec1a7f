"""What answers at the end of a simulated link beyond an echo, and its figures. It draws no chance itself."""

from __future__ import annotations

import enum
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from controlroom.probe import Metric
from probes.simulated.chance import Chance

_TLS_DRAW, _SERVER_DRAW = 6, 7
_TLS_WORK_S: Final = 0.0015
_SERVER_WORK_S: Final = 0.012
_DNS_KEPT_S: Final = 300.0
_CLOCK_SPREAD_S: Final = 0.0004
_SENT_AGAIN_AFTER_S: Final = 0.5
_BURST_PACKETS: Final = 10
_JITTER_SHARE: Final = 0.05


class Service(enum.StrEnum):
    """What is asked of the endpoint: an echo alone, or what the probe types of these names ask."""

    NONE = "none"
    TLS = "tls"
    WEB = "web"
    DNS = "dns"
    NTP = "ntp"
    SIP = "sip"
    UDP_ECHO = "udp-echo"


_CONNECT: Final = Metric("connect_s", "s", "Connect time")
_CERTIFICATE: Final = (
    Metric("tls_s", "s", "TLS set-up time"),
    Metric("certificate_days", "days", "Certificate holds for"),
)
METRICS: Final[Mapping[Service, tuple[Metric, ...]]] = MappingProxyType(
    {
        Service.NONE: (),
        Service.TLS: (_CONNECT, *_CERTIFICATE),
        Service.WEB: (
            Metric("total_s", "s", "Whole request"),
            _CONNECT,
            Metric("first_byte_s", "s", "Wait for the first byte"),
            *_CERTIFICATE,
        ),
        Service.DNS: (
            Metric("answers_count", "count", "Records in the answer"),
            Metric("ttl_s", "s", "Time that the answer may be kept"),
            Metric("authentic_ratio", "ratio", "Proven authentic (DNSSEC)"),
        ),
        Service.NTP: (
            Metric("offset_s", "s", "Clock offset against this machine"),
            Metric("delay_s", "s", "Delay of the network alone"),
            Metric("stratum_level", "level", "Stratum"),
        ),
        Service.SIP: (
            Metric("status_code", "code", "Status of the answer"),
            Metric("retransmissions_count", "count", "Requests sent again"),
        ),
        Service.UDP_ECHO: (
            Metric("burst_loss_ratio", "ratio", "Loss within a burst"),
            Metric("jitter_s", "s", "Variation of the round trip (jitter)"),
        ),
    }
)
"""The metrics beside those of the link, named as the real probes name theirs."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, and the link that it went over: this round trip, and so much loss."""

    service: Service
    rtt_s: float
    loss_ratio: float = 0.0
    certificate_days: float = 60.0


def service_values(asked: Asked, chance: Chance) -> dict[str, float]:
    """Return what asking the service measures."""
    invent = _VALUES.get(asked.service)
    return {} if invent is None else invent(asked, chance)


def _tls(asked: Asked, chance: Chance) -> dict[str, float]:
    tls_s = asked.rtt_s + _TLS_WORK_S * (1 + chance.uniform(_TLS_DRAW))
    return {"connect_s": asked.rtt_s, "tls_s": tls_s, "certificate_days": asked.certificate_days}


def _web(asked: Asked, chance: Chance) -> dict[str, float]:
    values = _tls(asked, chance)
    first_byte_s = asked.rtt_s + _SERVER_WORK_S * (0.5 + chance.exponential(_SERVER_DRAW))
    total_s = values["connect_s"] + values["tls_s"] + first_byte_s
    return {**values, "first_byte_s": first_byte_s, "total_s": total_s}


def _dns(_asked: Asked, chance: Chance) -> dict[str, float]:
    kept_s = float(math.ceil(_DNS_KEPT_S * chance.uniform(_SERVER_DRAW)))
    return {"answers_count": 2.0, "ttl_s": kept_s, "authentic_ratio": 1.0}


def _ntp(asked: Asked, chance: Chance) -> dict[str, float]:
    offset_s = _CLOCK_SPREAD_S * chance.normal(_SERVER_DRAW)
    return {"offset_s": offset_s, "delay_s": asked.rtt_s, "stratum_level": 1.0}


def _sip(asked: Asked, _chance: Chance) -> dict[str, float]:
    return {"status_code": 200.0, "retransmissions_count": float(asked.rtt_s > _SENT_AGAIN_AFTER_S)}


def _udp_echo(asked: Asked, chance: Chance) -> dict[str, float]:
    """Of the burst's packets as many are lost as the link loses, but never all of them."""
    lost = min(_BURST_PACKETS - 1, int(_BURST_PACKETS * asked.loss_ratio + chance.uniform(_TLS_DRAW)))
    jitter_s = _JITTER_SHARE * asked.rtt_s * chance.exponential(_SERVER_DRAW)
    return {"burst_loss_ratio": lost / _BURST_PACKETS, "jitter_s": jitter_s}


_VALUES: Final[Mapping[Service, Callable[[Asked, Chance], dict[str, float]]]] = MappingProxyType(
    {
        Service.TLS: _tls,
        Service.WEB: _web,
        Service.DNS: _dns,
        Service.NTP: _ntp,
        Service.SIP: _sip,
        Service.UDP_ECHO: _udp_echo,
    }
)
