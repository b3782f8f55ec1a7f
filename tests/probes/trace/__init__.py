"""Tests of the path trace."""
