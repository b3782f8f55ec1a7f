"""Tests of controlroom/engine."""
