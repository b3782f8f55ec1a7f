"""The part of relibmss that diagrams use, with types. It adds nothing to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, cast

import relibmss  # type: ignore[import-untyped]


class CutFamily(Protocol):
    """A family of sets of names, kept as a diagram of its own (a ZDD)."""

    def get_id(self) -> int:
        """Return what tells this node from others."""

    def get_children(self) -> Sequence[CutFamily] | None:
        """Return the sets without and with this node's name; ``None`` at a leaf."""

    def count(self) -> int:
        """Count the sets."""

    def extract(self) -> Iterable[Sequence[str]]:
        """Yield the sets."""


class BddNode(Protocol):
    """A Boolean function of named variables."""

    def get_id(self) -> int:
        """Return what tells this node from others: 0 and 1 are the leaves."""

    def get_label(self) -> str | None:
        """Return the variable that it decides by; ``None`` at a leaf."""

    def get_children(self) -> Sequence[BddNode]:
        """Return the function with that variable false, and with it true."""

    def ifelse(self, then: BddNode, els: BddNode) -> BddNode:
        """Return the function that is the one where this is true, and the other elsewhere."""

    def prob(self, probability: Mapping[str, float]) -> float:
        """Return how probable it is, its variables being independent."""

    def bmeas(self, probability: Mapping[str, float]) -> Mapping[str, float]:
        """Return the derivative of that by each variable's probability."""

    def minpath(self) -> CutFamily:
        """Return the smallest sets of variables that make it true: of a failure, its minimal cut sets."""


class BddManager(Protocol):
    """What makes functions and holds their nodes."""

    def defvar(self, name: str) -> BddNode:
        """Return the function that is a variable."""

    def const(self, value: int) -> BddNode:
        """Return the function that is always false (0) or true (1)."""

    def info(self) -> Mapping[str, int]:
        """Count what it holds; ``nodes`` are those of all functions ever made."""


def bdd_manager(names: Sequence[str]) -> BddManager:
    """Return an empty manager that decides by these variables in this order."""
    return cast("BddManager", relibmss.BDD(list(names)))
