"""Credentials of what a site says and of the secrets that it names."""

from __future__ import annotations

import pytest

from controlroom.errors import SecretError
from probes.snmp.agent import credentials_of
from probes.snmp.client import Version
from probes.snmp.credentials import credentials_from
from probes.snmp.parameters import SnmpParameters

SEALED = SnmpParameters.model_validate(
    {
        "version": "3",
        "user": "watch",
        "auth_protocol": "SHA256",
        "auth": "file:auth",
        "privacy_protocol": "AES128",
        "privacy": "file:privacy",
    }
)


@pytest.mark.parametrize(
    ("auth", "privacy", "told"),
    [
        ("1234567", "12345678", "The signing password in file:auth"),
        ("12345678", "1234567", "The encryption password in file:privacy"),
    ],
)
def test_a_password_that_no_agent_takes_is_refused(auth: str, privacy: str, told: str) -> None:
    """With which one it is, and never with the password itself."""
    with pytest.raises(SecretError, match="shorter than the 8 characters") as raised:
        credentials_from(SEALED, community="", auth=auth, privacy=privacy)
    assert told in str(raised.value)
    assert "1234567" not in str(raised.value)
    with pytest.raises(SecretError):
        credentials_of(SEALED, {"file:auth": auth, "file:privacy": privacy}.__getitem__)


def test_eight_characters_are_enough_and_a_community_may_be_short() -> None:
    """What is not asked for is not judged."""
    found = credentials_from(SEALED, community="", auth="12345678", privacy="äöüßäöüß")
    assert (found.version, found.auth, found.privacy) == (Version.V3, "12345678", "äöüßäöüß")
    plain = SnmpParameters.model_validate({"community": "file:c"})
    assert credentials_from(plain, community="c", auth="", privacy="").community == "c"
