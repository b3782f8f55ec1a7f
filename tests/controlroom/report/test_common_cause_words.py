"""Codes of common causes in words, by themselves and where reasons are told."""

from __future__ import annotations

from controlroom.report.common_cause_words import common_cause_words
from controlroom.report.wording import fault_words, reason_words


def test_each_code_has_its_words() -> None:
    """And a code of something else has none here."""
    assert common_cause_words("behind:core-router") == "behind core-router, which is down"
    assert common_cause_words("falls:4") == "fell 4 times"
    assert common_cause_words("falls:1") == "fell once"
    assert common_cause_words("lost:2000:mast-3") == "2,000 lost, mast-3 first"
    assert common_cause_words("deadline") == ""


def test_reasons_are_told_with_them() -> None:
    """Where any other reason is told; what comes from outside is escaped."""
    assert reason_words("lost:3:a") == "3 lost, a first"
    assert "\x1b" not in reason_words("behind:\x1b[31m")


def test_other_endpoints_are_named_as_the_site_does() -> None:
    """Where somebody can say how: by their ids otherwise."""
    named = {"mast-3": "Mast Three", "core": "Core router"}.__getitem__
    assert common_cause_words("lost:3:mast-3", named) == "3 lost, Mast Three first"
    assert fault_words("down", "behind:core", name_of=named) == "down, behind Core router, which is down"
