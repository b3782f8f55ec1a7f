"""Endpoints and their probes in a form: edited, tested, saved, undone. All disk work is done in threads."""
