"""Alarms: what needs a person to act in time, its states and transitions. Pure."""
