"""Keeping what was measured and what happened. The only place that speaks SQL; the interface does not."""
