"""Measurements, run by hand: figures, not verdicts."""
