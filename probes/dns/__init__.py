"""The DNS probe: asks a given name server, whether it knows a name and whether it tells the truth."""

from __future__ import annotations

from probes.dns.declaration import DNS

__all__ = ["DNS"]
