"""What answers at the end of a simulated link beyond an echo, and its figures. It draws no chance itself."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from controlroom.probe import Metric
from probes.simulated.chance import Chance

_TLS_DRAW, _SERVER_DRAW = 6, 7
_TLS_WORK_S: Final = 0.0015
_SERVER_WORK_S: Final = 0.012


class Service(enum.StrEnum):
    """What is asked of the endpoint: an echo alone, a port with TLS, or a page by HTTPS."""

    NONE = "none"
    TLS = "tls"
    WEB = "web"


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
    }
)
"""The metrics beside those of the link, named as the real probes name theirs."""


def service_values(
    service: Service, rtt_s: float, chance: Chance, certificate_days: float
) -> dict[str, float]:
    """Return what asking the service measures, over a link with this round trip."""
    if service is Service.NONE:
        return {}
    values = {"connect_s": rtt_s, "tls_s": rtt_s + _TLS_WORK_S * (1 + chance.uniform(_TLS_DRAW))}
    if service is Service.WEB:
        values["first_byte_s"] = rtt_s + _SERVER_WORK_S * (0.5 + chance.exponential(_SERVER_DRAW))
        values["total_s"] = sum(values.values())
    values["certificate_days"] = certificate_days
    return values
