"""Tests of the form of endpoints and probes, through its own widgets on real files."""
