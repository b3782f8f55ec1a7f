"""Credentials made of a probe's parameters and the secrets that they name. It reads no secret itself.

A password of version 3 has at least eight characters (RFC 3414, 11.2): agents refuse shorter ones, so that
such a secret is a mistake, and asking with it would look like a device that rejects it.
"""

from __future__ import annotations

from typing import Final

from controlroom.errors import SecretError
from probes.snmp.client import Credentials
from probes.snmp.parameters import SnmpParameters

SHORTEST_PASSWORD: Final = 8


def credentials_from(parameters: SnmpParameters, *, community: str, auth: str, privacy: str) -> Credentials:
    """Put parameters and secrets together; raise ``SecretError`` where a secret cannot be the one."""
    for secret, reference, what in (
        (auth, parameters.auth, "signing"),
        (privacy, parameters.privacy, "encryption"),
    ):
        if reference is not None and len(secret) < SHORTEST_PASSWORD:
            raise SecretError(
                "secret-short",
                f"The {what} password in {reference} is shorter than the {SHORTEST_PASSWORD} characters that"
                " SNMP version 3 asks for.",
                "Look whether it is whole; set a longer one on the device where it is so short there.",
            )
    return Credentials(
        version=parameters.version,
        community=community,
        user=parameters.user,
        auth_protocol=parameters.auth_protocol,
        auth=auth,
        privacy_protocol=parameters.privacy_protocol,
        privacy=privacy,
    )
