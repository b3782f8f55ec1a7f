"""Tests of the SIP probe."""
