"""Margins and expectations of services as JSON's own types. docs/audit.md documents the keys, which stay."""

from __future__ import annotations

import math
from typing import Final

from controlroom.resilience.expected import ComponentRank, Expectation, Figure
from controlroom.resilience.standing import Margin

YEAR_S: Final = 365.25 * 86_400.0


def margin_json(margin: Margin) -> dict[str, object]:
    """Tell a margin: between how many further failures lose the service."""
    return {"least": margin.least, "most": margin.most, "exact": margin.exact}


def figure_json(figure: Figure) -> dict[str, object]:
    """Tell a figure with its interval."""
    return {"best": number(figure.best), "low": number(figure.low), "high": number(figure.high)}


def number(value: float) -> float | None:
    """JSON has no infinity: what is no number is unknown."""
    return value if math.isfinite(value) else None


def expectation_json(found: Expectation | None) -> dict[str, object] | None:
    """Tell what can be expected of a service; ``None`` where nothing is known."""
    if found is None:
        return None
    return {
        "availability_ratio": figure_json(found.availability),
        "loss_probability": figure_json(found.loss),
        "lost_s_per_year": figure_json(
            Figure(found.loss.best * YEAR_S, found.loss.low * YEAR_S, found.loss.high * YEAR_S)
        ),
        "naive_availability_ratio": number(found.naive_availability),
        "exact": found.exact,
        "unwatched": list(found.unwatched),
        "watched_short": list(found.short),
        "importances": [_rank(each) for each in found.ranks],
    }


def _rank(each: ComponentRank) -> dict[str, object]:
    return {
        "component": each.component,
        "unavailability_ratio": figure_json(each.unavailability),
        "birnbaum": figure_json(each.birnbaum),
        "fussell_vesely": figure_json(each.fussell_vesely),
        "risk_achievement": figure_json(each.risk_achievement),
    }
