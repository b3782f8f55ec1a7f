"""Tests of the store: its contract, and the parts behind it."""
