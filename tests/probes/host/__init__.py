"""Tests of the host probe."""
