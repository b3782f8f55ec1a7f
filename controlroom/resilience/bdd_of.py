"""Building the binary decision diagram of an expression by relibmss, in bounded room. It asks nothing of it.

Rules:
1. Variables are ordered as a walk through the expression from left to right first meets them.
2. Whoever builds one says how many nodes it may have. After each single operation they are counted, and
   beyond that number ``TooLargeError`` says so: time and memory are bounded, whatever the structure is.
3. What is built belongs to the thread that built it, which must drop it as well (relibmss holds to that).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from controlroom.errors import ControlroomError
from controlroom.resilience.bdd import BddManager, BddNode, bdd_manager
from controlroom.resilience.expression import AtLeast, Expression, Fails, bottom_up, components

LIVE_NODES: Final = 20_000
"""So many nodes keep a look at a service within a few milliseconds."""

MOST_NODES: Final = 1_000_000
"""So many for a question that a person waits for: about 1 GB at the worst, while cut sets are made."""


class TooLargeError(ControlroomError):
    """A structure whose diagram would have more nodes than may be; the code is ``structure-too-large``."""

    def __init__(self, most_nodes: int) -> None:
        """Say how many there may be."""
        happened = f"The structure is too large for an exact answer (more than {most_nodes:,} nodes)."
        super().__init__("structure-too-large", happened)


def bdd_of(expression: Expression, most_nodes: int = MOST_NODES) -> BddNode:
    """Build it; raise ``TooLargeError``."""
    manager = bdd_manager(components(expression))
    made: dict[int, BddNode] = {}
    for part in bottom_up(expression):
        if isinstance(part, Fails):
            made[id(part)] = manager.defvar(part.component)
        else:
            made[id(part)] = _gate(manager, part, [made[id(inner)] for inner in part.parts], most_nodes)
    return made[id(expression)]


def _gate(manager: BddManager, gate: AtLeast, parts: Sequence[BddNode], most_nodes: int) -> BddNode:
    """Build *at least so many* part by part, so that nodes can be counted in between (rule 2)."""
    reached = [manager.const(1)] + [manager.const(0)] * gate.count
    for seen, part in enumerate(parts, start=1):
        left = len(parts) - seen
        for count in range(min(seen, gate.count), max(0, gate.count - left - 1), -1):
            reached[count] = part.ifelse(reached[count - 1], reached[count])
            if manager.info()["nodes"] > most_nodes:
                raise TooLargeError(most_nodes)
    return reached[gate.count]
