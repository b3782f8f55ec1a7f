"""What probes over TCP have in common: connecting, TLS, certificates, and one deadline over all of it.

Every byte that comes in is untrusted: it is counted before it is kept, and whoever sends slowly, without end
or without sense meets a bound or the deadline.
"""
