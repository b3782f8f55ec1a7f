"""What a device answered, by object: whole columns of tables can be picked out of it. It asks nobody."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping

from probes.snmp.client import RawValue


class Objects:
    """Objects by their identifiers, without a leading dot."""

    def __init__(self, values: Mapping[str, RawValue]) -> None:
        """Take what was answered."""
        self._values = dict(values)
        self._sorted: list[tuple[tuple[int, ...], str]] | None = None

    def get(self, oid: str) -> RawValue | None:
        """Return the value of an object with its instance, or ``None``."""
        return self._values.get(oid.removeprefix("."))

    def column(self, oid: str) -> dict[str, RawValue]:
        """Return the values below an identifier by what follows it, in the order of their numbers."""
        if self._sorted is None:
            self._sorted = sorted((_arcs(name), name) for name in self._values)
        oid = oid.removeprefix(".")
        prefix, found = _arcs(oid), {}
        for arcs, name in self._sorted[bisect_left(self._sorted, (prefix, "")) :]:
            if arcs[: len(prefix)] != prefix:
                break
            if len(arcs) > len(prefix):
                found[name[len(oid) + 1 :]] = self._values[name]
        return found

    def items(self) -> Iterable[tuple[str, RawValue]]:
        """Return all of them."""
        return self._values.items()

    def joined(self, more: Iterable[tuple[str, RawValue]]) -> Objects:
        """Return these and more; what is new takes the place of what was."""
        return Objects({**self._values, **dict(more)})

    def below(self, columns: Iterable[str]) -> list[tuple[str, RawValue]]:
        """Return those that are below one of these identifiers."""
        prefixes = tuple(f"{oid.removeprefix('.')}." for oid in columns)
        return [(oid, raw) for oid, raw in self._values.items() if oid.startswith(prefixes)]

    def without(self, columns: Iterable[str]) -> Objects:
        """Return these but those that are below one of these identifiers."""
        left_out = dict(self.below(columns))
        return Objects({oid: raw for oid, raw in self._values.items() if oid not in left_out})


def _arcs(oid: str) -> tuple[int, ...]:
    return tuple(map(int, oid.split(".")))
