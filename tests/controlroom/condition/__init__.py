"""Tests of controlroom/condition."""
