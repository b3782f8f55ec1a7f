"""Whether a link loses more, or less, than it usually does. It judges no outage and no limit.

Bernoulli CUSUMs (E. S. Page, 1954; M. R. Reynolds and Z. G. Stoumbos, 1999): the logarithm of how much
likelier each probe's fate is under the other ratio than under the usual one, added up, and never below
zero. For independent losses of a known ratio, such a sum passes h at most once in exp(h) probes on
average (G. Lorden, 1971); so the threshold is the logarithm of the probes that shall lie between two
false calls.

Rules:
1. The usual ratio is learned; what was summed up since the sum last was zero is added only when it is zero
   again, so that a rise does not teach its own normal. Nothing is called while ``LEARNING_PROBES`` are taken
   in, and what is learned from few probes is held two standard errors higher.
2. Losses of many links come in bursts. How often a loss follows a loss is learned too (Gilbert's chain), and
   the threshold is divided by the exponent of such a chain's sums, which is 1 for independent losses and less
   for bursts. A link that hardly loses anything counts as somewhat bursty.
3. A rise is a ratio four times as high, and at least ``LEAST_RAISED``; a fall is a quarter, and is only
   looked for where the link loses more than ``LEAST_FALLEN_FROM``.
4. After a call the ratio since the change is where learning starts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

LEAST_RATIO: Final = 0.005
HIGHEST_RATIO: Final = 0.8
LEAST_RAISED: Final = 0.05
LEAST_FALLEN_FROM: Final = 0.05
FACTOR: Final = 4.0
MEMORY: Final = 20_000.0
"""From how many probes the usual ratio is learned; older ones are forgotten little by little."""

LOSS_MEMORY: Final = 500.0
"""From how many losses it is learned whether they come in bursts."""

LEARNING_PROBES: Final = 300.0

_LEARN_EVERY: Final = 128.0
_ERRORS: Final = 2.0
_PRIOR_PROBES: Final = 50.0
_PRIOR_AFTER_LOSS: Final = 10.0
_PRIOR_REPEATS: Final = 3.0
_HIGHEST_REPEAT: Final = 0.9


@dataclass(frozen=True, slots=True)
class LossChange:
    """A loss ratio that is no longer the usual one; ``probes`` were sent since ``since_s``."""

    since_s: float
    before: float
    after: float
    probes: int


class LossCusum:
    """The usual loss of a link, and the two sums against it."""

    def __init__(self, log_probes: float) -> None:
        """Start unknowing; ``log_probes`` is the logarithm of the probes between two false calls."""
        self._log_probes = log_probes
        self._probes = _PRIOR_PROBES
        self._losses = _PRIOR_PROBES * LEAST_RATIO
        self._after_loss = _PRIOR_AFTER_LOSS
        self._repeats = _PRIOR_REPEATS
        self._taught = False
        self._learn_now()
        self.restart()

    def restart(self) -> None:
        """Forget the runs, as after a gap."""
        self._rise = self._fall = 0.0
        self._rising: list[float] = [0.0, 0, 0, 0, 0]
        self._falling: list[float] = [0.0, 0, 0]
        self._lost_before = False

    @property
    def usual_ratio(self) -> float:
        """Return the learned loss ratio, from 0 to 1."""
        return min(self._losses / self._probes, HIGHEST_RATIO)

    def step(self, at_s: float, lost: bool) -> LossChange | None:
        """Take in one probe's fate; return a change that is now certain."""
        self._count(at_s, lost)
        if lost:
            self._rise += self._rise_of_loss
            self._fall += self._fall_of_loss
        else:
            self._rise += self._rise_of_reply
            self._fall += self._fall_of_reply
        if self._fall <= 0.0:
            self._fall = 0.0
            self._falling = [at_s, 0, 0]
        if self._rise <= 0.0:
            self._rise = 0.0
            self._take_in()
            self._rising = [at_s, 0, 0, 0, 0]
        if self._rise > self._rise_threshold:
            return self._call(self._rising)
        if self._fall > self._fall_threshold:
            return self._call(self._falling)
        return None

    def kept(self) -> dict[str, Any]:
        """Return all it knows, as numbers and lists of them."""
        return {
            "usual": [self._probes, self._losses, self._after_loss, self._repeats],
            "rise": [self._rise, *self._rising],
            "fall": [self._fall, *self._falling],
            "lost_before": self._lost_before,
            "taught": self._taught,
        }

    def restore(self, kept: dict[str, Any]) -> None:
        """Take over what :meth:`kept` returned."""
        self._probes, self._losses, self._after_loss, self._repeats = kept["usual"]
        self._learn_now()
        self._rise, *self._rising = kept["rise"]
        self._fall, *self._falling = kept["fall"]
        self._lost_before, self._taught = kept["lost_before"], kept["taught"]

    def _count(self, at_s: float, lost: bool) -> None:
        """Count a probe into both runs: when they began, probes, losses, and losses behind losses."""
        rising, falling = self._rising, self._falling
        if not rising[1]:
            rising[0] = at_s
        if not falling[1]:
            falling[0] = at_s
        rising[1] += 1
        falling[1] += 1
        if lost:
            rising[2] += 1
            falling[2] += 1
        if self._lost_before:
            rising[3] += 1
            rising[4] += lost
        self._lost_before = lost

    def _take_in(self) -> None:
        """Learn from what was summed up since the sum last was zero (rule 1)."""
        _, probes, losses, after_loss, repeats = self._rising
        self._probes += probes
        self._losses += losses
        self._after_loss += after_loss
        self._repeats += repeats
        self._unlearned += probes
        self._taught = self._taught or self._probes >= LEARNING_PROBES
        if self._unlearned >= _LEARN_EVERY:
            self._forget()
            self._learn_now()

    def _forget(self) -> None:
        if self._probes > MEMORY:
            self._losses *= MEMORY / self._probes
            self._probes = MEMORY
        if self._after_loss > LOSS_MEMORY:
            self._repeats *= LOSS_MEMORY / self._after_loss
            self._after_loss = LOSS_MEMORY

    def _learn_now(self) -> None:
        self._unlearned = 0.0
        repeat = self._repeats / self._after_loss
        ratio = max(self.usual_ratio, LEAST_RATIO)
        bursty = min(max((repeat - ratio) / (1 - ratio), 0.0), _HIGHEST_REPEAT)
        error = _ERRORS * math.sqrt(ratio / self._probes * (1 + bursty) / (1 - bursty))
        usual = min(ratio + error, HIGHEST_RATIO)
        raised = min(max(LEAST_RAISED, FACTOR * usual), (1.0 + usual) / 2)
        self._rise_of_loss = math.log(raised / usual)
        self._rise_of_reply = math.log((1 - raised) / (1 - usual))
        self._rise_threshold = self._log_probes / exponent(
            usual, bursty, self._rise_of_loss, self._rise_of_reply
        )
        self._learn_fall(max(ratio - error, LEAST_RATIO), bursty)

    def _learn_fall(self, usual: float, bursty: float) -> None:
        fallen = usual / FACTOR
        self._fall_of_loss = math.log(fallen / usual)
        self._fall_of_reply, self._fall_threshold = 0.0, math.inf
        if usual > LEAST_FALLEN_FROM:
            self._fall_of_reply = math.log((1 - fallen) / (1 - usual))
            self._fall_threshold = self._log_probes / exponent(
                usual, bursty, self._fall_of_loss, self._fall_of_reply
            )

    def _call(self, run: list[float]) -> LossChange | None:
        """Tell a change and learn anew from it (rule 4); while still learning, only learn."""
        since_s, probes, losses = run[0], run[1], run[2]
        before = self.usual_ratio
        learning = not self._taught
        if learning:
            self._take_in()
        else:
            self._probes = min(probes, LEARNING_PROBES)
            self._losses = losses / probes * self._probes
        self._learn_now()
        lost_before = self._lost_before
        self.restart()
        self._lost_before = lost_before
        return None if learning else LossChange(since_s, before, losses / probes, int(probes))


def exponent(ratio: float, bursty: float, of_loss: float, of_reply: float) -> float:
    """Return the positive s for which such a chain's sums, multiplied by s, have no drift in the exponential.

    In a chain with this loss ratio whose losses and replies keep to their kind with probability ``bursty``
    more than chance, the probability that a sum of ``of_loss`` and ``of_reply`` ever passes h falls as
    exp(-s h). The condition is that the matrix of transition probabilities times exp(s step) has the
    eigenvalue
    1. For independent steps that are logarithms of a likelihood ratio s is 1.
    """
    begin, end = ratio * (1 - bursty), (1 - ratio) * (1 - bursty)
    low, high = 1e-3, 2.0
    for _ in range(24):
        middle = (low + high) / 2
        loss, reply = math.exp(middle * of_loss), math.exp(middle * of_reply)
        stays, keeps = (1 - begin) * reply, (1 - end) * loss
        grows = stays >= 1 or keeps >= 1 or (1 - stays) * (1 - keeps) < begin * end * loss * reply
        low, high = (low, middle) if grows else (middle, high)
    return low
