"""Tests of planned maintenance."""
