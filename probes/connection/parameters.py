"""The keys that probes over TCP share: port, source address, and whom TLS trusts. It opens nothing."""

from __future__ import annotations

import enum
import ipaddress
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from controlroom.site.address import address_fault


class MinimumTls(enum.StrEnum):
    """The oldest version of TLS that will do."""

    V1_2 = "1.2"
    V1_3 = "1.3"


def _literal(address: str) -> str:
    if address and (not is_literal(address) or address_fault(address) is not None):
        raise ValueError("is not a literal IPv4 or IPv6 address of one machine")
    return address


def is_literal(address: str) -> bool:
    """Whether an address is one in numbers, which needs no look-up."""
    try:
        ipaddress.ip_address(address)
    except ValueError:
        return False
    return True


def _name(name: str) -> str:
    fault = address_fault(name) if name else None
    if fault is not None:
        raise ValueError(" ".join(fault))
    return name


Port = Annotated[int, Field(ge=1, le=65535)]
SourceAddress = Annotated[str, Field(max_length=64), AfterValidator(_literal)]
ServerName = Annotated[str, Field(max_length=255), AfterValidator(_name)]
FilePath = Annotated[str, Field(max_length=4096, pattern=r"^(/[^\x00-\x1f\x7f]+)?$")]

SOURCE_ADDRESS: Final = (
    "The address of this machine to connect from; the system chooses where it is left out."
)
SERVER_NAME: Final = "The name that the certificate must be for; the endpoint's address where it is left out."
VERIFY: Final = (
    "Whether the certificate must hold; without, an expired or unknown one is measured all the same."
)
AUTHORITIES: Final = (
    "A file (PEM, absolute path) of the authorities, or of the very certificate, to trust instead of the "
    "system's."
)
MINIMUM_TLS: Final = "The oldest version of TLS that will do."


def name_for_tls(server_name: str, asked_name: str, address: str) -> str:
    """Choose whom the certificate must be for: the name set, else the endpoint's own, else its address."""
    chosen = server_name or asked_name or address
    return chosen.partition("%")[0].removesuffix(".")
