"""Tests of controlroom/measure."""
