"""Ping: ICMP and ICMPv6 echo to all targets through one socket per family."""

from probes.icmp.declaration import ICMP
from probes.icmp.parameters import IcmpParameters
from probes.icmp.prober import IcmpProber

__all__ = ["ICMP", "IcmpParameters", "IcmpProber"]
