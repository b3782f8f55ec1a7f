"""Tests of the desk, with real widgets and the real store."""
