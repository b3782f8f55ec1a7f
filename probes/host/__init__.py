"""Measures the very machine that this program runs on. It asks nobody else."""

from __future__ import annotations

from probes.host.declaration import HOST

__all__ = ["HOST"]
