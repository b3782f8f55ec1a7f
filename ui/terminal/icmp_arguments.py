"""The arguments of ``controlroom probe icmp`` and their help.

An option stands for the parameter of its name; what is typed wrongly, the probe type itself refuses.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Final

ICMP_KEYS: Final = (
    *("payload_bytes", "ttl", "dscp", "dont_fragment", "ip_version"),
    *("source_address", "interface", "burst_count"),
)
"""Parameters that are options here, by the same name."""

# What the probe type takes; the desk's side may not know it, so a test holds the two together.
PAYLOAD_BYTES: Final = (16, 8972)


def add_icmp_options(
    icmp: argparse.ArgumentParser, whole: Callable[[int, int], Callable[[str], int]]
) -> None:
    """Add everything that can be set for a ping."""
    least, most = PAYLOAD_BYTES
    icmp.add_argument(
        "--payload-bytes",
        type=whole(*PAYLOAD_BYTES),
        metavar="N",
        help=f"the size of the payload, {least} to {most}; default 56",
    )
    icmp.add_argument("--ttl", type=whole(1, 255), metavar="N", help="routers it may pass; default 64")
    icmp.add_argument(
        "--dscp", metavar="CLASS", help="the traffic class, by name or number, as EF or 46; default 0"
    )
    icmp.add_argument(
        "--dont-fragment",
        action="store_true",
        default=None,
        help="forbid the network to cut it: shows whether packets of this size pass whole",
    )
    icmp.add_argument("--ip-version", choices=("any", "ipv4", "ipv6"), help="which address is asked")
    icmp.add_argument("--source-address", metavar="ADDRESS", help="the address it is sent from")
    icmp.add_argument("--interface", metavar="NAME", help="the interface that it leaves by")
    icmp.add_argument(
        "--burst-count", type=whole(1, 20), metavar="N", help="pings of one asking, 20 ms apart; default 1"
    )
