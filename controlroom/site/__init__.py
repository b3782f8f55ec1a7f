"""What is configured: the typed model of a site, and reading it from TOML with every mistake named."""
