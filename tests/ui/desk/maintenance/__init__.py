"""Tests of the planner of maintenance."""
