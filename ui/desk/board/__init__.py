"""The board: every endpoint in its fixed place, grouped by kind."""
