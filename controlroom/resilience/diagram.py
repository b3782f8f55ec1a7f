"""The binary decision diagram of when something fails: margins, what is next, probabilities, importances.

It is built by relibmss (``bdd_of.py``), and only a plain copy of its nodes is kept, children before parents:
margins are asked for at every change and cost one walk over them, and a copy belongs to no thread.

Rules:
1. The function is monotone, so a component that has failed always takes the branch of its failure.
2. The least number of further failures is the cheapest way to the true leaf, where the branch of a failure
   costs one. Each cheapest way is one minimal cut set, and none comes twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np

from controlroom.resilience.bdd import BddNode
from controlroom.resilience.bdd_of import MOST_NODES, bdd_of
from controlroom.resilience.expression import Expression, components
from controlroom.resilience.importance import Importance, importance

Samples = np.ndarray[Any, np.dtype[np.float64]]

ENDLESS: Final = 1 << 30
FALSE, TRUE = 0, 1


class Node(NamedTuple):
    """One decision: the place of its component, and of the nodes without and with that failure."""

    component: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class LeastCuts:
    """The smallest cut sets: their size, those listed, and how many more there are."""

    size: int
    sets: tuple[tuple[str, ...], ...]
    more: int


class Diagram:
    """When one service fails, as a diagram. Make it by ``of``."""

    def __init__(self, names: Sequence[str], nodes: Sequence[Node], top: int) -> None:
        """Hold the nodes; the first two places are the leaves false and true."""
        self.names = tuple(names)
        self._nodes = nodes
        self._top = top
        self._places = {name: place for place, name in enumerate(self.names)}

    @classmethod
    def of(cls, expression: Expression, most_nodes: int = MOST_NODES) -> Diagram:
        """Build it; raise ``TooLargeError``."""
        names = components(expression)
        nodes, top = _copied(bdd_of(expression, most_nodes), names)
        return cls(names, nodes, top)

    def __len__(self) -> int:
        """How many decisions it has."""
        return len(self._nodes) - 2

    def margin(self, failed: Collection[str], spared: Collection[str] = ()) -> int:
        """Return the least number of failures beyond those that failed; 0 where it has failed.

        What is spared does not fail any further, whatever happens to it; where nothing else can lose it the
        answer is ``ENDLESS``.
        """
        return self._costs(self._places_of(failed), self._places_of(spared))[self._top]

    def least_cuts(self, failed: Collection[str], most: int, spared: Collection[str] = ()) -> LeastCuts:
        """Return the sets of further failures that are as small as can be, ``most`` of them at most."""
        lost, kept = self._places_of(failed), self._places_of(spared)
        costs = self._costs(lost, kept)
        size = costs[self._top]
        counts = self._counted(costs, lost, kept)
        sets: list[tuple[str, ...]] = []
        for found in self._cheapest(costs, lost, kept, counts):
            sets.append(tuple(self.names[place] for place in sorted(found)))
            if len(sets) >= most:
                break
        return LeastCuts(size, tuple(sorted(sets)), counts[self._top] - len(sets))

    def probability(self, unavailability: Mapping[str, float]) -> float:
        """Return how probable its failure is; components fail independently of each other."""
        return float(self.sampled(_one_each(unavailability, self.names))[0])

    def sampled(self, unavailability: Mapping[str, Samples]) -> Samples:
        """Return its failure's probability for each of many sets of probabilities, one array a component."""
        return self._sampled(unavailability)[self._top]

    def sampled_birnbaum(self, unavailability: Mapping[str, Samples]) -> Mapping[str, Samples]:
        """Return the Birnbaum importance of each component for each of many sets of probabilities.

        It is the derivative of the probability: summed over a component's decisions, how probable it is that
        one is reached, times what the failure changes there. One walk down tells it of all components.
        """
        values = self._sampled(unavailability)
        reached: list[Samples] = [np.zeros_like(values[0]) for _ in values]
        reached[self._top] = np.ones_like(values[0])
        found = {name: np.zeros_like(values[0]) for name in self.names}
        for at in range(len(self._nodes) - 1, TRUE, -1):
            place, low, high = self._nodes[at]
            chance = unavailability[self.names[place]]
            found[self.names[place]] += reached[at] * (values[high] - values[low])
            reached[low] += reached[at] * (1 - chance)
            reached[high] += reached[at] * chance
        return found

    def _sampled(self, unavailability: Mapping[str, Samples]) -> list[Samples]:
        """Return the probability of each node, children before parents."""
        size = len(unavailability[self.names[0]]) if self.names else 1
        values: list[Samples] = [np.zeros(size), np.ones(size)]
        for place, low, high in self._nodes[2:]:
            chance = unavailability[self.names[place]]
            values.append((1 - chance) * values[low] + chance * values[high])
        return values

    def importances(self, unavailability: Mapping[str, float]) -> Mapping[str, Importance]:
        """Return how much hangs on each component (``importance.py``)."""
        chances = _one_each(unavailability, self.names)
        whole = float(self.sampled(chances)[0])
        birnbaum = self.sampled_birnbaum(chances)
        return {
            name: importance(whole, unavailability[name], float(birnbaum[name][0])) for name in self.names
        }

    def _places_of(self, names: Collection[str]) -> set[int]:
        return {self._places[name] for name in names if name in self._places}

    def _costs(self, lost: Collection[int], kept: Collection[int]) -> list[int]:
        """Return for each node how many further failures lead from it to the true leaf (rule 2)."""
        costs = [ENDLESS, 0]
        add = costs.append
        for place, low, high in self._nodes[2:]:
            if place in lost:
                add(costs[high])
            elif place in kept:
                add(costs[low])
            else:
                without, with_it = costs[low], costs[high] + 1
                add(without if without <= with_it else min(with_it, ENDLESS))
        return costs

    def _counted(self, costs: Sequence[int], lost: Collection[int], kept: Collection[int]) -> list[int]:
        """Count the cheapest ways from each node."""
        counts = [0, 1]
        for at, (place, low, high) in enumerate(self._nodes[2:], start=2):
            if place in lost:
                counts.append(counts[high])
            elif place in kept:
                counts.append(counts[low])
            else:
                without = counts[low] if costs[low] == costs[at] else 0
                counts.append(without + (counts[high] if costs[high] + 1 == costs[at] else 0))
        return counts

    def _cheapest(
        self, costs: Sequence[int], lost: Collection[int], kept: Collection[int], counts: Sequence[int]
    ) -> Iterator[tuple[int, ...]]:
        """Yield the cheapest ways, each as the components that fail on it."""
        waiting: list[tuple[int, tuple[int, ...]]] = [(self._top, ())] if counts[self._top] else []
        while waiting:
            at, taken = waiting.pop()
            if at == TRUE:
                yield taken
                continue
            place, low, high = self._nodes[at]
            if place in lost or place in kept:
                waiting.append((high if place in lost else low, taken))
                continue
            if costs[high] + 1 == costs[at]:
                waiting.append((high, (*taken, place)))
            if costs[low] == costs[at]:
                waiting.append((low, taken))


def _copied(root: BddNode, names: Sequence[str]) -> tuple[list[Node], int]:
    """Copy the nodes that are reached, children before parents; no recursion, for diagrams are deep."""
    places = {name: place for place, name in enumerate(names)}
    nodes = [Node(-1, 0, 0), Node(-1, 1, 1)]
    known: dict[int, int] = {}
    waiting: list[tuple[BddNode, Sequence[BddNode] | None]] = [(root, None)]
    while waiting:
        node, children = waiting.pop()
        identity = node.get_id()
        if identity in known:
            continue
        label = node.get_label()
        if label is None:
            known[identity] = TRUE if identity == TRUE else FALSE
        elif children is None:
            children = node.get_children()
            waiting.append((node, children))
            waiting.extend((child, None) for child in children)
        else:
            low, high = (known[child.get_id()] for child in children)
            known[identity] = len(nodes)
            nodes.append(Node(places[label], low, high))
    return nodes, known[root.get_id()]


def _one_each(values: Mapping[str, float], names: Sequence[str]) -> Mapping[str, Samples]:
    return {name: np.array([values[name]]) for name in names}
