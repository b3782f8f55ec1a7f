"""Tests of the HTTP probe, against real servers on loopback."""
