"""The arguments of ``controlroom snmp`` and ``controlroom probe snmp``, and their help.

An option stands for the parameter of its name; what is typed wrongly, the probe type itself refuses.
"""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from controlroom.report.escaping import printable

if TYPE_CHECKING:
    from ui.terminal.parser import Commands
    from ui.terminal.service_arguments import AskingMeans

# What the probe types take; the desk's side may not know those, so a test holds the two together.
AUTH_PROTOCOLS: Final = ("none", "MD5", "SHA1", "SHA224", "SHA256", "SHA384", "SHA512")
PRIVACY_PROTOCOLS: Final = ("none", "DES", "AES128", "AES192", "AES256", "AES192C", "AES256C")

AUTO: Final = "auto"
"""The template that is found out."""

_OID = re.compile(r"\.?[0-2](\.(0|[1-9][0-9]{0,9})){1,62}")
_METRIC = re.compile(r"(?=.{1,63}$)[a-z][a-z0-9]*(_[a-z0-9]+)+")
_ALL: Final = "1.3.6.1"
_MOST: Final = 1_000_000
_SECRETS = "Secrets are given by reference (file:PATH or keyring:SERVICE/USER), never as themselves."


@dataclass(frozen=True, slots=True)
class ObjectArgument:
    """An SNMP object to get, and the metric that its value becomes."""

    oid: str
    metric: str


def add_snmp_probe(types: Commands, means: AskingMeans) -> None:
    """Add the probe type ``snmp``."""
    snmp = means.command(
        types,
        "snmp",
        "get objects by SNMP v1, v2c or v3; never sets any",
        "  controlroom probe snmp 127.0.0.1 --community file:/etc/controlroom/community\n"
        "  controlroom probe snmp 127.0.0.1 --community file:/etc/controlroom/community \\\n"
        "      --template auto --json\n"
        "  controlroom probe snmp 127.0.0.1 --version 3 --user watch --auth-protocol SHA256 \\\n"
        "      --auth keyring:snmp/auth --privacy-protocol AES128 --privacy keyring:snmp/privacy",
        f"With --template all that the device tells is decoded. {_SECRETS}",
    )
    means.add_target(snmp)
    _add_access(snmp, means)
    snmp.add_argument(
        "--object",
        dest="objects",
        metavar="OID=METRIC",
        type=_object,
        action="append",
        default=[],
        help="an object to get and what to call its value: words joined by underscores, the last one the "
        "unit; may be repeated; default: the agent's uptime",
    )
    snmp.add_argument(
        "--template",
        metavar="ID",
        help=f"read by a template; {AUTO} finds out which one fits best; snmp templates lists all",
    )
    snmp.add_argument(
        "--rows",
        metavar="TABLE/NAME",
        nargs="+",
        default=[],
        help="with a template: only these rows of its tables; default: all",
    )
    means.add_timeout(snmp, 2.0)
    means.add_json(snmp)


def add_snmp(commands: Commands, means: AskingMeans) -> None:
    """Add the command with its parts; ``chosen.part`` says which."""
    snmp = means.command(
        commands,
        "snmp",
        "find out what a device is, or what it tells; never sets anything",
        "  controlroom snmp identify 192.0.2.1 --community file:/etc/controlroom/community\n"
        "  controlroom snmp walk 192.0.2.1 1.3.6.1.2.1.1 --community file:/etc/controlroom/community\n"
        "  controlroom snmp templates",
    )
    parts = snmp.add_subparsers(dest="part", metavar="PART", title="parts", required=True)
    _add_identify(parts, means)
    _add_walk(parts, means)
    templates = means.command(
        parts,
        "templates",
        "list the templates that there are, by their ids; asks nobody",
        "  controlroom snmp templates",
    )
    means.add_json(templates)


def _add_identify(parts: Commands, means: AskingMeans) -> None:
    identify = means.command(
        parts,
        "identify",
        "say what a device is, which template fits, what it would graph, what the site file needs",
        "  controlroom snmp identify 192.0.2.1 --community file:/etc/controlroom/community\n"
        "  controlroom snmp identify 192.0.2.1 --community keyring:snmp/mast --template if-mib --json",
        f"Exit 1 where it does not answer or no template fits. {_SECRETS}",
    )
    means.add_target(identify)
    _add_access(identify, means)
    identify.add_argument(
        "--template",
        metavar="ID",
        help="show what it would graph by this one; default: the one that fits best",
    )
    means.add_timeout(identify, 2.0)
    means.add_json(identify)


def _add_walk(parts: Commands, means: AskingMeans) -> None:
    walk = means.command(
        parts,
        "walk",
        "show all objects below an identifier, as they come",
        "  controlroom snmp walk 192.0.2.1 --community file:/etc/controlroom/community\n"
        "  controlroom snmp walk 192.0.2.1 1.3.6.1.4.1 --community keyring:snmp/mast --most 100",
        "Numbers and names as they are, texts in quotes, other octets as 0x…. Ctrl-C ends it. Exit 1 where "
        f"the device stops answering midway or goes in circles. {_SECRETS}",
    )
    means.add_target(walk)
    walk.late = walk.add_argument(
        "oid",
        metavar="OID",
        nargs="?",
        type=_identifier,
        default=_ALL,
        help=f"below what; default {_ALL}: all",
    )
    _add_access(walk, means)
    walk.add_argument(
        "--most",
        type=means.whole(1, _MOST),
        default=10_000,
        metavar="N",
        help="how many objects at most; default 10000",
    )
    means.add_timeout(walk, 2.0)
    means.add_json(walk)


def _add_access(parser: argparse.ArgumentParser, means: AskingMeans) -> None:
    """Add how an agent is asked."""
    parser.add_argument(
        "--version",
        dest="snmp_version",
        choices=("1", "2c", "3"),
        default="2c",
        help="the protocol version; default 2c",
    )
    parser.add_argument(
        "--port", type=means.whole(1, 65535), default=161, metavar="N", help="the UDP port; default 161"
    )
    parser.add_argument("--community", metavar="REF", help="reference to the community (v1, v2c)")
    parser.add_argument("--user", metavar="NAME", help="the user's name (v3)")
    parser.add_argument(
        "--auth-protocol",
        metavar="NAME",
        choices=AUTH_PROTOCOLS,
        help=f"how to authenticate (v3): {', '.join(AUTH_PROTOCOLS)}",
    )
    parser.add_argument("--auth", metavar="REF", help="reference to the authentication password (v3)")
    parser.add_argument(
        "--privacy-protocol",
        metavar="NAME",
        choices=PRIVACY_PROTOCOLS,
        help=f"how to encrypt (v3): {', '.join(PRIVACY_PROTOCOLS)}",
    )
    parser.add_argument("--privacy", metavar="REF", help="reference to the encryption password (v3)")


def _identifier(text: str) -> str:
    if not _OID.fullmatch(text):
        raise argparse.ArgumentTypeError(
            f"“{printable(text, 120)}” is no object identifier in numbers, such as 1.3.6.1.2.1.1"
        )
    return text.removeprefix(".")


def _object(text: str) -> ObjectArgument:
    oid, _, metric = text.partition("=")
    if not _OID.fullmatch(oid) or not _METRIC.fullmatch(metric):
        raise argparse.ArgumentTypeError(
            f"“{printable(text, 120)}” is not of the form OID=METRIC,"
            " such as 1.3.6.1.2.1.2.1.0=interfaces_count"
        )
    return ObjectArgument(oid.removeprefix("."), metric)
