"""The arguments of ``controlroom probe`` for name, time and telephone servers and for echoes, and their help.

An option stands for the parameter of its name; what is typed wrongly, the probe type itself refuses.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ui.terminal.parser import Commands, Parser

RECORD_TYPES: Final = ("A", "AAAA", "MX", "TXT", "SRV", "CNAME", "NS", "SOA", "PTR")
COMPARISONS: Final = ("same", "at-least", "among")

OWN_KEYS: Final = (
    *("query_name", "record_type", "expected", "comparison", "require_dnssec", "transport"),
    *("domain", "from_user", "from_domain", "accepted_statuses", "verify_certificate", "server_name"),
    *("mode", "packets", "gap_s", "dscp"),
)
"""Parameters that are options here, by the same name."""


@dataclass(frozen=True, slots=True)
class AskingMeans:
    """How the program's parser makes a command, and the options that all of these share."""

    command: Callable[..., Parser]
    add_target: Callable[[argparse.ArgumentParser], None]
    add_count: Callable[[argparse.ArgumentParser], None]
    add_timeout: Callable[[argparse.ArgumentParser, float], None]
    add_json: Callable[[argparse.ArgumentParser], None]
    whole: Callable[[int, int], Callable[[str], int]]


def add_services(types: Commands, means: AskingMeans) -> None:
    """Add the four types."""
    _add_dns(types, means)
    _add_ntp(types, means)
    _add_sip(types, means)
    _add_udp_echo(types, means)


def _add_dns(types: Commands, means: AskingMeans) -> None:
    dns = means.command(
        types,
        "dns",
        "ask a name server for a name, and compare the answer",
        "  controlroom probe dns 127.0.0.1 dispatch.example.org\n"
        "  controlroom probe dns 127.0.0.1 example.org --record-type MX \\\n"
        "      --expected '10 mail.example.org'",
    )
    means.add_target(dns)
    dns.add_argument("query_name", metavar="NAME", help="the name to ask for; for PTR an address will do")
    dns.add_argument(
        "--record-type",
        metavar="TYPE",
        choices=RECORD_TYPES,
        help=f"what is asked about it: {', '.join(RECORD_TYPES)}; default A",
    )
    dns.add_argument(
        "--expected", metavar="VALUE", action="append", help="a value of the right answer; may be repeated"
    )
    dns.add_argument(
        "--comparison",
        choices=COMPARISONS,
        help="the answer is the same as those values (the default), has them at least, or is among them",
    )
    dns.add_argument(
        "--require-dnssec",
        action="store_const",
        const=True,
        help="the answer must be marked as proven (AD)",
    )
    dns.add_argument("--transport", choices=("udp", "tcp"), help="default udp, and tcp where it does not fit")
    _add_common(dns, means, 53, 2.0)


def _add_ntp(types: Commands, means: AskingMeans) -> None:
    ntp = means.command(
        types,
        "ntp",
        "ask a time server how far its clock is from this machine's",
        "  controlroom probe ntp 127.0.0.1 --count 5",
    )
    means.add_target(ntp)
    _add_common(ntp, means, 123, 2.0)


def _add_sip(types: Commands, means: AskingMeans) -> None:
    sip = means.command(
        types,
        "sip",
        "ask a telephone server or trunk for its options; makes no call",
        "  controlroom probe sip 127.0.0.1 --from-user trunk-1 --from-domain room.example\n"
        "  controlroom probe sip 127.0.0.1 --transport tls --server-name trunk.example",
    )
    means.add_target(sip)
    sip.add_argument("--transport", choices=("udp", "tcp", "tls"), help="default udp")
    sip.add_argument("--user", metavar="NAME", help="whom at the server the question is for")
    sip.add_argument("--domain", metavar="NAME", help="the domain that is asked; default: the target")
    sip.add_argument("--from-user", metavar="NAME", help="who asks; default controlroom")
    sip.add_argument("--from-domain", metavar="NAME", help="the domain of who asks")
    sip.add_argument(
        "--accept",
        dest="accepted_statuses",
        metavar="STATUS",
        action="append",
        help="a right answer, such as 200 or 4xx; may be repeated; default: all but 408 and 503",
    )
    sip.add_argument("--server-name", metavar="NAME", help="with tls: the name in the certificate")
    sip.add_argument(
        "--any-certificate",
        dest="verify_certificate",
        action="store_const",
        const=False,
        help="with tls: do not look at the certificate",
    )
    _add_common(sip, means, 5060, 4.0)


def _add_udp_echo(types: Commands, means: AskingMeans) -> None:
    echo = means.command(
        types,
        "udp-echo",
        "send a burst of UDP packets to an echo service or a reflector",
        "  controlroom probe udp-echo 127.0.0.1 --packets 50\n"
        "  controlroom probe udp-echo 127.0.0.1 --mode stamp --dscp EF",
    )
    means.add_target(echo)
    echo.add_argument("--mode", choices=("echo", "stamp"), help="default echo; stamp is TWAMP Light as well")
    echo.add_argument(
        "--packets", type=means.whole(1, 50), metavar="N", help="how many packets in a burst; default 10"
    )
    echo.add_argument(
        "--payload-bytes", type=means.whole(44, 1400), metavar="N", help="the size of each; default 172"
    )
    echo.add_argument(
        "--dscp", metavar="CLASS", help="the traffic class, by name or number, as EF or 46; default 0"
    )
    _add_common(echo, means, 7, 1.0)


def _add_common(parser: argparse.ArgumentParser, means: AskingMeans, port: int, timeout_s: float) -> None:
    parser.add_argument("--port", type=means.whole(1, 65535), metavar="N", help=f"the port; default {port}")
    means.add_count(parser)
    means.add_timeout(parser, timeout_s)
    means.add_json(parser)
