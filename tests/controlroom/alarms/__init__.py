"""Tests of controlroom/alarms."""
