"""Tests of the probe types."""
