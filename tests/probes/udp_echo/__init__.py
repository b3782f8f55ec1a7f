"""Tests of the probe for echo and test packets by UDP."""
