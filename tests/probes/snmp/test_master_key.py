"""A password made into a key, by the samples of the standard."""

from __future__ import annotations

import pytest

from probes.snmp.client import AuthProtocol
from probes.snmp.master_key import master_key


@pytest.mark.parametrize(
    ("protocol", "key"),
    [
        (AuthProtocol.MD5, "9faf3283884e92834ebc9847d8edd963"),
        (AuthProtocol.SHA1, "9fb5cc0381497b3793528939ff788d5d79145211"),
    ],
)
def test_the_samples_of_rfc_3414(protocol: AuthProtocol, key: str) -> None:
    """A.3.1 and A.3.2: the password is maplesyrup."""
    assert master_key("maplesyrup", protocol).hex() == key
