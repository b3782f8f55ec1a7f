"""Tests of the SNMP probe, against a real agent where one can be run."""
