"""SNMP: numbers read from devices by GET, through gufo-snmp or pysnmp."""

from probes.snmp.declaration import SNMP
from probes.snmp.parameters import SnmpObject, SnmpParameters
from probes.snmp.prober import SnmpProber

__all__ = ["SNMP", "SnmpObject", "SnmpParameters", "SnmpProber"]
