"""The arguments of ``controlroom probe tcp`` and ``http``: what is asked of a service, and their help."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ui.terminal.parser import Commands
    from ui.terminal.service_arguments import AskingMeans

CONNECTION_KEYS: Final = (
    *("tls", "authorities", "minimum_tls", "source_address", "path", "method", "expected_status"),
    *("body_contains", "body_lacks", "body_pattern", "redirects", "authorization"),
)
"""Parameters that are options here alone, by the same name."""


def add_connections(types: Commands, means: AskingMeans) -> None:
    """Add both types."""
    _add_tcp(types, means)
    _add_http(types, means)


def _add_tcp(types: Commands, means: AskingMeans) -> None:
    """Add the type ``tcp``."""
    tcp = means.command(
        types,
        "tcp",
        "connect, with TLS where wanted, and look at the certificate",
        "  controlroom probe tcp 127.0.0.1 --port 22\n"
        "  controlroom probe tcp cad.example --port 443 --tls\n"
        "  controlroom probe tcp 192.0.2.7 --port 8443 --tls --server-name cad.example",
    )
    means.add_target(tcp)
    tcp.add_argument("--port", type=means.whole(1, 65535), required=True, metavar="N", help="the TCP port")
    tcp.add_argument("--tls", action="store_const", const=True, help="set TLS up on the connection")
    _add_trust(tcp)
    means.add_count(tcp)
    means.add_timeout(tcp, 3.0)
    means.add_json(tcp)


def _add_http(types: Commands, means: AskingMeans) -> None:
    """Add the type ``http``."""
    http = means.command(
        types,
        "http",
        "ask a web service for a page, and measure each phase",
        "  controlroom probe http cad.example --path /health --contains ready\n"
        "  controlroom probe http 192.0.2.7 --plain --port 8080 --status 200 --status 401\n"
        "  controlroom probe http cad.example --authorization file:/etc/controlroom/cad.token",
        "A secret is given by reference (file:PATH or keyring:SERVICE/USER), never as itself.",
    )
    means.add_target(http)
    http.add_argument("--plain", dest="tls", action="store_const", const=False, help="without TLS")
    http.add_argument(
        "--port", type=means.whole(1, 65535), metavar="N", help="the TCP port; default 443 or 80"
    )
    http.add_argument("--path", metavar="PATH", help="what is asked for; default /")
    http.add_argument("--method", choices=("GET", "HEAD"), help="default GET")
    _add_expected(http)
    http.add_argument(
        "--redirects", type=means.whole(0, 5), metavar="N", help="how many to follow on the same host"
    )
    http.add_argument("--authorization", metavar="REF", help="reference to the Authorization header's value")
    _add_trust(http)
    means.add_count(http)
    means.add_timeout(http, 5.0)
    means.add_json(http)


def _add_expected(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--status",
        dest="expected_status",
        metavar="N",
        action="append",
        help="a status that is well, or a range such as 200-299, which is the default; may be repeated",
    )
    parser.add_argument(
        "--contains",
        dest="body_contains",
        metavar="TEXT",
        action="append",
        help="what the body must contain; may be repeated",
    )
    parser.add_argument(
        "--lacks",
        dest="body_lacks",
        metavar="TEXT",
        action="append",
        help="what the body may not contain; may be repeated",
    )
    parser.add_argument(
        "--pattern", dest="body_pattern", metavar="REGEX", help="what the body must match somewhere"
    )


def _add_trust(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--server-name", metavar="NAME", help="whom the certificate must be for; default: the target"
    )
    parser.add_argument(
        "--authorities", metavar="FILE", help="trust those of this file (PEM) instead of the system's"
    )
    parser.add_argument(
        "--no-verify",
        dest="verify_certificate",
        action="store_const",
        const=False,
        help="measure with a certificate that does not hold as well",
    )
    parser.add_argument(
        "--minimum-tls", choices=("1.2", "1.3"), help="the oldest version of TLS that will do"
    )
    parser.add_argument("--source-address", metavar="ADDRESS", help="the own address to connect from")
