"""The audit of a site: what is there, what is wrong with it, how well it was measured, what was practised."""
