"""Tests of what the desk was told by messages."""
