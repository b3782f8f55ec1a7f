"""Tests of what probes over TCP have in common, against real servers on loopback."""
