"""How a command ends: 0 all is well, 1 trouble was found, 2 the input was bad. It prints nothing."""

from __future__ import annotations

from typing import Final

FOUND_TROUBLE: Final = 1
BAD_INPUT: Final = 2

_ABOUT_INPUT: Final = frozenset(
    {
        "act-malformed",
        "bad-csv",
        "bad-parameter",
        "bad-plan",
        "bad-setting",
        "bad-target",
        "bad-time",
        "empty-range",
        "folder-confused",
        "folder-open-to-all",
        "folder-real",
        "folder-simulated",
        "folder-unreadable",
        "folder-unwritable",
        "network-share",
        "no-data-folder",
        "no-such-alarm",
        "no-such-component",
        "no-such-endpoint",
        "no-such-probe",
        "no-such-profile",
        "no-such-step",
        "no-such-view",
        "nothing-to-show",
        "output-not-empty",
        "output-unusable",
        "options-contradict",
        "size-too-small",
    }
)


def exit_code_of(error_code: str) -> int:
    """Return how a command ends that an error has ended."""
    return BAD_INPUT if error_code in _ABOUT_INPUT else FOUND_TROUBLE
