"""Tests of the simulated probe."""
