"""How the engine itself is doing: lateness, missed beats, what waits. It measures nothing itself."""

from __future__ import annotations

from collections.abc import Mapping


class Health:
    """Gathers the engine's own figures over one second."""

    def __init__(self) -> None:
        """Start with nothing gathered."""
        self._lateness_s: list[float] = []
        self._longest_stall_s = 0.0

    def sent(self, late_s: float) -> None:
        """Note how late a question left, in seconds after its beat."""
        self._lateness_s.append(late_s)

    def looked(self, gap_s: float) -> None:
        """Note how long the loop took to come round."""
        self._longest_stall_s = max(self._longest_stall_s, gap_s)

    def close(self, more: Mapping[str, float]) -> dict[str, float]:
        """Return the second's figures together with more of them, and begin the next second."""
        lateness_s = sorted(self._lateness_s)
        place = max(0, -(-len(lateness_s) * 99 // 100) - 1)
        figures = {
            "lateness_p99_s": lateness_s[place] if lateness_s else 0.0,
            "longest_stall_s": self._longest_stall_s,
            "questions": float(len(lateness_s)),
            **more,
        }
        self._lateness_s.clear()
        self._longest_stall_s = 0.0
        return figures
