"""The doctor: looks at machine, data folder, site and engine, and names the cure. It changes nothing."""
