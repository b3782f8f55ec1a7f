"""Which agent has which SNMP engine (RFC 3411, 3.1.1.1): each must have one of its own. It asks nobody.

Devices that were set up as copies of one another may share an engine id. Their clocks differ, and whoever
keeps an engine's clock by its id takes the answers of the one for forgeries of the other.
"""

from __future__ import annotations

from controlroom.report.escaping import printable

_KEPT = 10_000
_SHOWN_OCTETS = 32


class EngineIds:
    """The engines of all agents, by who told them first."""

    def __init__(self) -> None:
        """Know none yet."""
        self._owners: dict[bytes, tuple[str, int]] = {}

    def twin_of(self, engine_id: bytes, address: str, port: int) -> str:
        """Take an agent's engine; return which other agent has the same, else the empty word."""
        if not engine_id:
            return ""
        if len(self._owners) >= _KEPT:
            self._owners.clear()
        owner = self._owners.setdefault(engine_id, (address, port))
        if owner == (address, port):
            return ""
        return f"{printable(owner[0], 60)} port {owner[1]}"

    def forget(self, engine_id: bytes, address: str, port: int) -> None:
        """Take it that an agent has this engine no more."""
        if self._owners.get(engine_id) == (address, port):
            del self._owners[engine_id]


def shared_words(engine_id: bytes, twin: str) -> str:
    """Warn of an engine id that another agent has as well."""
    return (
        f"its engine id 0x{engine_id[:_SHOWN_OCTETS].hex()} is also that of {twin}:"
        " unless both addresses are of one device, give each its own"
    )
