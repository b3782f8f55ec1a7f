"""What the lab's hosts shall do, and what they did. Plain values that travel as JSON; no network here."""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass, fields
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class TargetScript:
    """How one host answers echo requests.

    ``jitter_s`` varies the delay evenly up to that much to either side; ``loss_ratio`` is the chance
    that a request or its reply is lost. Both are drawn from ``seed`` and the address, so the same
    requests meet the same fate. ``icmp_error`` (type, code) is sent in place of a reply, quoting
    ``quote_bytes`` of the request behind its IP header (None: all). ``wrong_secret`` spoils the data of
    the reply, ``wrong_source`` sends it from the next address. ``echo_bytes`` cuts the data of a reply.
    """

    delay_s: float = 0.0
    jitter_s: float = 0.0
    loss_ratio: float = 0.0
    silent: bool = False
    duplicate: bool = False
    wrong_secret: bool = False
    wrong_source: bool = False
    icmp_error: tuple[int, int] | None = None
    quote_bytes: int | None = None
    echo_bytes: int | None = None
    seed: int = 1

    def as_json(self) -> dict[str, Any]:
        """Return the fields as JSON knows them."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """Read what ``as_json`` wrote."""
        known = {field.name for field in fields(cls)}
        given = {name: value for name, value in values.items() if name in known}
        if given.get("icmp_error") is not None:
            given["icmp_error"] = tuple(given["icmp_error"])
        return cls(**given)


@dataclass(frozen=True, slots=True)
class Seen:
    """One echo request that reached the lab, and what became of it.

    ``replied_*`` is when the first thing sent back left; None when nothing was, or not yet.
    ``answered`` tells whether that was a true echo reply. ``ttl`` and ``traffic_class`` are of the request.
    """

    address: str
    identifier: int
    sequence: int
    size_bytes: int
    ttl: int
    traffic_class: int
    arrived_utc_s: float
    arrived_monotonic_s: float
    answered: bool = False
    replied_utc_s: float | None = None
    replied_monotonic_s: float | None = None

    @property
    def rtt_s(self) -> float | None:
        """How long the lab kept the request; None when it sent nothing back."""
        if self.replied_monotonic_s is None:
            return None
        return self.replied_monotonic_s - self.arrived_monotonic_s


class Fate:
    """Draws loss and jitter for one host, always in the same order."""

    def __init__(self, script: TargetScript, address: str) -> None:
        """Begin the sequence that belongs to this script's seed and this address."""
        self._script = script
        self._random = random.Random(f"{script.seed}/{address}")  # noqa: S311 - a script, not a secret

    def draw(self) -> float | None:
        """Return the delay of the next answer in seconds; None when there shall be none."""
        script = self._script
        lost = self._random.random() < script.loss_ratio
        jitter_s = self._random.uniform(-script.jitter_s, script.jitter_s)
        return None if lost or script.silent else max(0.0, script.delay_s + jitter_s)
