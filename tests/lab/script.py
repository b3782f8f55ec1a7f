"""What the lab's hosts shall do, and what they did. Plain values that travel as JSON; no network here."""

from __future__ import annotations

import enum
import random
from dataclasses import asdict, dataclass, fields
from typing import Any, Self


class Spread(enum.StrEnum):
    """How delays lie around their middle: ``jitter_s`` is half the width, the deviation, or the tail's."""

    EVEN = "even"
    NORMAL = "normal"
    LONG_TAIL = "long_tail"


@dataclass(frozen=True, slots=True)
class TargetScript:
    """How one host answers echo requests.

    Time: ``delay_s`` varied by ``jitter_s`` as ``spread`` says; or ``replay_s``, the round-trip times of
    a recording one after the other, ``replay_step_s`` apart and over again, ``None`` where it was lost.
    ``reorder_ratio`` of the answers wait ``reorder_s`` longer, so that younger ones overtake them.

    Loss: ``loss_ratio`` is the chance that a request or its reply is lost. With ``bad_after`` above zero
    that holds while the link is good; each request turns it bad with that chance, and good again with
    ``good_after``, and while it is bad ``bad_loss_ratio`` is lost (Gilbert-Elliott). All is drawn from
    ``seed`` and the address, so the same requests meet the same fate.

    Answers: ``icmp_error`` (type, code) is sent in place of a reply, quoting ``quote_bytes`` of the
    request behind its IP header (None: all), with ``mtu``, from ``error_sender`` (None: the host itself);
    so are packets of TCP and UDP answered, which are else met by silence.
    ``route`` are the routers on the way: one of them ends a request whose time to live is too short, and
    another script with other routers is a change of route. ``wrong_secret`` spoils the data of the reply,
    ``wrong_source`` sends it from the next address. ``echo_bytes`` cuts the data of a reply.
    """

    delay_s: float = 0.0
    jitter_s: float = 0.0
    spread: Spread = Spread.EVEN
    replay_s: tuple[float | None, ...] = ()
    replay_step_s: float = 1.0
    reorder_ratio: float = 0.0
    reorder_s: float = 0.0
    loss_ratio: float = 0.0
    bad_after: float = 0.0
    good_after: float = 0.0
    bad_loss_ratio: float = 1.0
    silent: bool = False
    duplicate: bool = False
    wrong_secret: bool = False
    wrong_source: bool = False
    icmp_error: tuple[int, int] | None = None
    quote_bytes: int | None = None
    mtu: int = 0
    error_sender: str | None = None
    route: tuple[str, ...] = ()
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
        for name in ("icmp_error", "replay_s", "route"):
            if given.get(name) is not None:
                given[name] = tuple(given[name])
        given["spread"] = Spread(given.get("spread", Spread.EVEN))
        return cls(**given)


@dataclass(frozen=True, slots=True)
class Seen:
    """One echo request that reached the lab, and what became of it.

    ``replied_*`` is when the first thing sent back left; None when nothing was, or not yet.
    ``answered`` tells whether that was a true echo reply. ``ttl``, ``traffic_class``, ``dont_fragment``
    and ``source`` are of the request.
    """

    address: str
    identifier: int
    sequence: int
    size_bytes: int
    ttl: int
    traffic_class: int
    dont_fragment: bool
    source: str
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
    """Draws the fate of each request to one host, always in the same order."""

    def __init__(self, script: TargetScript, address: str) -> None:
        """Begin the sequence that belongs to this script's seed and this address."""
        self._script = script
        self._random = random.Random(f"{script.seed}/{address}")  # noqa: S311 - a script, not a secret
        self._bad = False
        self._began_s: float | None = None

    def draw(self, now_s: float = 0.0) -> float | None:
        """Return the delay of the next answer in seconds; None when there shall be none."""
        script, chance = self._script, self._random
        self._turn()
        lost = chance.random() < (script.bad_loss_ratio if self._bad else script.loss_ratio)
        delay_s = self._replayed_s(now_s) if script.replay_s else self._drawn_s()
        if chance.random() < script.reorder_ratio and delay_s is not None:
            delay_s += script.reorder_s
        return None if lost or script.silent or delay_s is None else max(0.0, delay_s)

    def _turn(self) -> None:
        """Let the link turn bad, or good again (Gilbert-Elliott)."""
        script = self._script
        if script.bad_after and self._random.random() < (
            script.good_after if self._bad else script.bad_after
        ):
            self._bad = not self._bad

    def _drawn_s(self) -> float:
        """Return a delay of the script's spread."""
        script, chance = self._script, self._random
        if script.spread is Spread.NORMAL:
            return chance.gauss(script.delay_s, script.jitter_s)
        if script.spread is Spread.LONG_TAIL:
            return script.delay_s + (chance.expovariate(1 / script.jitter_s) if script.jitter_s else 0.0)
        return script.delay_s + chance.uniform(-script.jitter_s, script.jitter_s)

    def _replayed_s(self, now_s: float) -> float | None:
        """Return what the recording says of this moment."""
        if self._began_s is None:
            self._began_s = now_s
        step = int((now_s - self._began_s) / self._script.replay_step_s)
        return self._script.replay_s[step % len(self._script.replay_s)]
