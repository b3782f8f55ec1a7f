"""From readings to conditions: soft and hard, what an endpoint's probes add up to, our own reach. Pure."""
