"""The probe types: one file or folder each, and the one list of them in ``registry.py``."""
