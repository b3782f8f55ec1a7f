"""Why a maintenance window cannot be planned as it was asked for: codes. Their words are made at the edge."""

from __future__ import annotations

import enum


class Refusal(enum.StrEnum):
    """What is wrong with a plan."""

    NO_TITLE = "no_title"
    NO_REASON = "no_reason"
    NO_TARGET = "no_target"
    NO_SUCH_TARGET = "no_such_target"
    TOO_MANY_TARGETS = "too_many_targets"
    NO_SUCH_ZONE = "no_such_zone"
    BAD_TIME = "bad_time"
    BAD_LENGTH = "bad_length"
    NO_END = "no_end"
    NO_LATEST_END = "no_latest_end"
    FLEXIBLE_RECURS = "flexible_recurs"
    LENGTH_AND_END_DIFFER = "length_and_end_differ"
    ENDS_BEFORE_IT_BEGINS = "ends_before_it_begins"
    OVER_ALREADY = "over_already"
    TOO_LONG = "too_long"
    LONGER_THAN_ITS_ROOM = "longer_than_its_room"
    BAD_RULE = "bad_rule"
    RULE_TOO_FINE = "rule_too_fine"
    RULE_NOT_SUPPORTED = "rule_not_supported"
    RULE_COUNTS_TOO_FAR = "rule_counts_too_far"
    NEVER_BEGINS = "never_begins"
    OVERLAPS_ITSELF = "overlaps_itself"


class PlanRefusedError(ValueError):
    """A plan breaks a rule; ``what`` is the part that does, as it was written (untrusted text)."""

    def __init__(self, code: Refusal, what: str = "") -> None:
        """Keep code and part apart, so that every edge words them in its own way."""
        super().__init__(code.value)
        self.code = code
        self.what = what
