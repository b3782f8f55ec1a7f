"""What people see: the desk (Qt) and the terminal views. Knows the read model, never probes or SQL."""
