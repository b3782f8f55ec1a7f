"""Tests of the ping probe."""
