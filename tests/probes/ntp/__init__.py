"""Tests of the NTP probe."""
