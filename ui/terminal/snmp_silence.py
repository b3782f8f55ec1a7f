"""What the silence of an SNMP agent may mean, by the version that it was asked in, in words for people."""

from __future__ import annotations

from typing import Final

_STRANGER: Final = (
    "An agent does not answer strangers: look at community, version and port, and whether SNMP is on."
)
_SEALED: Final = (
    "An agent does not answer what it cannot decrypt: look at the privacy password and its protocol, at"
    " version and port, and whether SNMP is on."
)


def silence_words(version: str) -> str:
    """Say what to look at; an agent of version 3 tells a wrong user or signing password itself."""
    return _SEALED if version == "3" else _STRANGER
