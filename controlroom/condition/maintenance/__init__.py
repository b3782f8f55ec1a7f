"""Planned maintenance: windows, when they are in force, and what of them is refused. Pure."""
