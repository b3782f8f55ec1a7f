"""An expression when some components have failed already: what of it is left. It judges nothing."""

from __future__ import annotations

from collections.abc import Collection

from controlroom.resilience.expression import AtLeast, Expression, Fails, folded


def given_failed(top: Expression, failed: Collection[str]) -> Expression | None:
    """Return when it is true beyond those that failed; ``None`` where they make it true already.

    Parts that are shared stay shared.
    """
    lost = frozenset(failed)

    def leaf(component: str) -> Expression | None:
        return None if component in lost else leaves.setdefault(component, Fails(component))

    def gate(count: int, parts: list[Expression | None]) -> Expression | None:
        left = tuple(part for part in parts if part is not None)
        wanted = count - (len(parts) - len(left))
        if wanted <= 0:
            return None
        return left[0] if wanted == 1 and len(left) == 1 else AtLeast(wanted, left)

    leaves: dict[str, Fails] = {}
    return folded(top, leaf, gate)
