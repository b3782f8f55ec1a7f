"""Which units people say with a prefix, and which prefix fits a size. It writes no figure.

A device's description may name a unit with a prefix in it already (``kHz``, ``mV``): that is the same unit,
and 5 800 000 of it are GHz. Which prefixes a unit takes is what people say: nobody measures half a bit, and
nobody flies a megametre.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_SIZES: Final = {"T": 1e12, "G": 1e9, "M": 1e6, "k": 1e3, "": 1.0, "m": 1e-3, "µ": 1e-6}
_READ: Final = {**_SIZES, "u": 1e-6, "n": 1e-9}

_LARGE, _ALL, _NEAR, _AS_IT_IS = ("T", "G", "M", "k", ""), tuple(_SIZES), ("k", "", "m"), ("",)
_TAKEN: Final[dict[str, tuple[str, ...]]] = {
    "bit/s": _LARGE,
    "bps": _LARGE,
    "B": _LARGE,
    "B/s": _LARGE,
    "Hz": _LARGE,
    "Wh": _LARGE,
    "VAh": _LARGE,
    "VA": _LARGE,
    "var": _LARGE,
    "W": _ALL,
    "V": _ALL,
    "A": _ALL,
    "Ah": ("k", "", "m"),
    "m": _NEAR,
    "s": _AS_IT_IS,
}
"""The prefixes of each unit, the greatest first. Times have words of their own, and are only read here."""

_ALSO: Final = {"bytes": "B"}


def plain_unit(unit: str) -> tuple[float, str] | None:
    """Return the unit without its prefix, and how many of those it is: ``kHz`` is ``1e3, "Hz"``.

    ``None`` for a unit that people do not say with a prefix.
    """
    unit = _ALSO.get(unit, unit)
    if unit in _TAKEN:
        return 1.0, unit
    size = _READ.get(unit[:1])
    return (size, unit[1:]) if size is not None and unit[1:] in _TAKEN else None


def prefixed_unit(unit: str, size: float) -> tuple[float, str] | None:
    """Return by what a value of a size is divided and the unit that it has then: ``1e6, "Mbit/s"``.

    ``None`` for a unit that people do not say with a prefix. Nothing at all has the unit without one.
    """
    return next(_fitting(unit, size), None)


def greater_unit(unit: str, size: float) -> tuple[float, str] | None:
    """Return the same for the next greater prefix; ``None`` where there is none."""
    fits = prefixed_unit(unit, size)
    greater = prefixed_unit(unit, 1000 * fits[0]) if fits is not None else None
    return greater if greater is not None and fits is not None and greater[0] > fits[0] else None


def _fitting(unit: str, size: float) -> Iterator[tuple[float, str]]:
    plain = plain_unit(unit)
    if plain is None or plain[1] == "s":
        return
    count, name = plain
    prefixes = [(_SIZES[prefix] / count, f"{prefix}{name}") for prefix in _TAKEN[name]]
    if size == 0:
        yield 1 / count, name
    yield from (each for each in prefixes if abs(size) >= each[0])
    yield prefixes[-1]
