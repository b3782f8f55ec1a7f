"""Tests of the DNS probe."""
