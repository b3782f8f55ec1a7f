"""Tests of the care of a store."""
