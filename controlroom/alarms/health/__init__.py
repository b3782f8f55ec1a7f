"""Alarm health: what the operators were given, beside the published targets, and what to do. Pure."""
