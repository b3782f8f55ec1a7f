"""When something fails, as a function of what can fail: leaves and *at least so many of these*. Immutable.

Every such function is monotone: a further failure never mends anything. Parts may be shared; what walks an
expression visits a shared part once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, eq=False)
class Fails:
    """True when the component of this name fails."""

    component: str


@dataclass(frozen=True, slots=True, eq=False)
class AtLeast:
    """True when at least so many of its parts are; 1 is *any*, the number of parts is *all*."""

    count: int
    parts: tuple[Expression, ...]


Expression = Fails | AtLeast


def any_of(parts: Iterable[Expression]) -> Expression:
    """Return what is true when any part is; a single part is itself."""
    listed = tuple(parts)
    return listed[0] if len(listed) == 1 else AtLeast(1, listed)


def all_of(parts: Iterable[Expression]) -> Expression:
    """Return what is true when all parts are; a single part is itself."""
    listed = tuple(parts)
    return listed[0] if len(listed) == 1 else AtLeast(len(listed), listed)


def bottom_up(top: Expression) -> Iterator[Expression]:
    """Yield every part once, each after all its own parts; it needs no recursion, however deep it is."""
    seen: set[int] = set()
    waiting: list[tuple[Expression, bool]] = [(top, False)]
    while waiting:
        part, opened = waiting.pop()
        if id(part) in seen:
            continue
        if opened or isinstance(part, Fails):
            seen.add(id(part))
            yield part
        else:
            waiting.append((part, True))
            waiting.extend((inner, False) for inner in reversed(part.parts))


def folded(
    top: Expression, leaf: Callable[[str], Value], at_least: Callable[[int, list[Value]], Value]
) -> Value:
    """Compute a value for the whole from those of its parts, each part once."""
    values: dict[int, Value] = {}
    for part in bottom_up(top):
        if isinstance(part, Fails):
            values[id(part)] = leaf(part.component)
        else:
            values[id(part)] = at_least(part.count, [values[id(inner)] for inner in part.parts])
    return values[id(top)]


def components(top: Expression) -> tuple[str, ...]:
    """Return the names of all that can fail in it, in the order of their first appearance."""
    return tuple(dict.fromkeys(part.component for part in bottom_up(top) if isinstance(part, Fails)))


def fails(top: Expression, failed: Iterable[str]) -> bool:
    """Whether it is true while just these components have failed."""
    lost = frozenset(failed)
    return folded(top, lost.__contains__, lambda count, parts: sum(parts) >= count)
