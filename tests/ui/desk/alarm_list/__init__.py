"""Tests of the list of alarms."""
