"""The whole program as its users run it: real processes, real packets, a real store."""
