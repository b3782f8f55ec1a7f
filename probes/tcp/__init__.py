"""TCP and TLS: how long a connection takes, and whether the certificate behind it holds."""

from probes.tcp.declaration import TCP
from probes.tcp.parameters import TcpParameters

__all__ = ["TCP", "TcpParameters"]
