"""Tests of controlroom/logbook."""
