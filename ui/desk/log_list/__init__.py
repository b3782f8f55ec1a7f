"""The event log with its note line and export."""
