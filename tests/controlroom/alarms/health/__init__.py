"""Alarm health, by hand and by property."""
