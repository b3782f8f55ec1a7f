"""From readings to figures: windows, limits. Pure."""
