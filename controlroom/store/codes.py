"""Outcomes and reasons as the small numbers that the store keeps. The order is for ever."""

from __future__ import annotations

from typing import Final

from controlroom.reading import Outcome, Reason

OUTCOMES: Final[tuple[Outcome, ...]] = tuple(Outcome)
REASONS: Final[tuple[Reason, ...]] = tuple(Reason)

OUTCOME_CODE: Final = {outcome: code for code, outcome in enumerate(OUTCOMES)}
REASON_CODE: Final = {reason: code for code, reason in enumerate(REASONS)}
