"""Tests of controlroom/resilience."""
