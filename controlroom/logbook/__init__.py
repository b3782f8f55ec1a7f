"""The log that nobody can quietly change: what an entry is, and the chain of hashes. Pure."""
