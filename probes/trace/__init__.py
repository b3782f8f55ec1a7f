"""Path traces: which routers lie between here and an address, by echo requests or by UDP."""

from probes.trace.run import trace

__all__ = ["trace"]
