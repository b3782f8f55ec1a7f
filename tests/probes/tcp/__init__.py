"""Tests of the TCP probe, against real servers on loopback."""
