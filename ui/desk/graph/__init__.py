"""The graph of one endpoint: latency, loss and what was not measured."""
