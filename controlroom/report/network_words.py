"""The words for what a network says of a question, and for what this machine's own network makes of it. Pure.

A refused port means something to what asks a port. To a ping it is a refusal, most likely by a firewall.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from controlroom.reading import Reason

_PING: Final = "icmp"
_PORT_REFUSED: Final = (
    "the address refuses: port unreachable",
    "Look for a firewall that rejects the probe.",
)
_NOBODY_LISTENS: Final = (
    "nothing listens on that port, or a firewall rejects it",
    "Check that the service runs, that the port is right and that no firewall rejects it.",
)
_PING_REFUSED: Final = (
    "the address refuses pings, or a firewall does",
    "Have pings let through there, or choose another type of probe.",
)

NETWORK_REASONS: Final[dict[str, tuple[str, str]]] = {
    Reason.NETWORK_UNREACHABLE: ("a router says: network unreachable", "Check the route to the endpoint."),
    Reason.HOST_UNREACHABLE: (
        "a router says: host unreachable",
        "Check that the device has power and its last link is connected.",
    ),
    Reason.PORT_UNREACHABLE: _PORT_REFUSED,
    Reason.PROHIBITED: (
        "a router or firewall on the way refuses",
        "Have whoever runs that router or firewall let the probe through.",
    ),
    Reason.TTL_EXCEEDED: (
        "the packet passed more routers than it may",
        "Look for a routing loop, or raise the ttl of the probe.",
    ),
    Reason.FRAGMENTATION_NEEDED: ("the packet is too big for the path", "Use a smaller payload."),
    Reason.OTHER_ICMP_ERROR: ("the network sent an error back", ""),
    Reason.NO_NEIGHBOUR: (
        "nobody answers at that address on the local network",
        "Check that the device has power and is plugged in, and that the address is right.",
    ),
    Reason.ROUTER_SILENT: (
        "the router on our own network that leads there does not answer",
        "Check that router and the link to it.",
    ),
    Reason.FORBIDDEN_HERE: (
        "this machine's own firewall or routes forbid it",
        "Have an administrator of this machine let the probe out.",
    ),
}
"""Each reason with what happened, and what to do."""


def port_refused(askers: Collection[str]) -> tuple[str, str]:
    """Say what a refused port means to the types of probe that may have asked."""
    if _PING not in askers:
        return _NOBODY_LISTENS if askers else _PORT_REFUSED
    return _PING_REFUSED if len(askers) == 1 else _PORT_REFUSED
