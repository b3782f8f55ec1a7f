"""A theme as colours by role, read from its token file and checked. It knows no Qt and paints nothing."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

_HEX = re.compile(r"#[0-9a-f]{6}")

SURFACES = ("surface.window", "surface.header", "surface.panel", "surface.tile", "surface.input")
"""What text stands on when nothing is the matter."""

TINTS = (
    *(f"urgency.{number}.tint" for number in range(5)),
    "difference.come",
    "difference.gone",
)
"""What text stands on when something is, or where it came or went."""

TEXTS = ("text.strong", "text.main", "text.muted", "text.dim")
"""The inks for words and figures."""

URGENCIES = (1, 2, 3, 4)
"""The numbers on the badges, most urgent first."""

ROLES = frozenset(
    {
        *SURFACES,
        *TINTS,
        *TEXTS,
        *(f"urgency.{number}.{part}" for number in URGENCIES for part in ("fill", "line", "digit")),
        *(f"condition.{name}" for name in ("up", "unknown", "stale", "maintenance")),
        *(f"line.{name}" for name in ("panel", "tile", "button", "focus")),
        *(
            f"band.{name}{part}"
            for name in ("stopped", "warning", "notice", "simulated")
            for part in ("", ".text")
        ),
        *(f"plot.{name}" for name in ("line", "band", "axis", "grid", "edge", "limit", "lost", "unmeasured")),
        "surface.button",
        "surface.hover",
    }
)
"""Every role that the desk paints with."""


class ThemeError(ValueError):
    """A token file cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one theme as ``#rrggbb``, by role."""

    title: str
    colours: Mapping[str, str]

    def __getitem__(self, role: str) -> str:
        """Return the colour of a role."""
        return self.colours[role]


def read_tokens(text: str) -> Tokens:
    """Read a token file; raise ``ThemeError`` when a role is missing, unknown or has no colour."""
    document = tomllib.loads(text)
    base: dict[str, str] = document.get("base", {})
    roles: dict[str, str] = document.get("role", {})
    missing, unknown = sorted(ROLES - set(roles)), sorted(set(roles) - ROLES)
    if missing or unknown:
        raise ThemeError(f"roles missing: {missing}; roles unknown: {unknown}")
    wrong = sorted(name for name, value in base.items() if not _HEX.fullmatch(value))
    dangling = sorted(role for role, name in roles.items() if name not in base)
    if wrong or dangling:
        raise ThemeError(f"colours not #rrggbb: {wrong}; roles without a base colour: {dangling}")
    return Tokens(str(document.get("title", "")), {role: base[name] for role, name in roles.items()})


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """Return the relative luminance, 0 to 1, of ``#rrggbb`` (WCAG 2.2, sRGB)."""
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return 0.2126 * _linear(red) + 0.7152 * _linear(green) + 0.0722 * _linear(blue)


def _linear(channel: float) -> float:
    return float(channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4)
