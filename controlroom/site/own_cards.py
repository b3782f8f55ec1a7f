"""The action cards of faults of the monitoring itself, by the cause's code. No site can change them.

They are what stands between an operator and a desk that no longer tells the truth, so none is without steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from controlroom.site.action_card import ActionCard

_IT: Final = "Your own IT or network staff on call"
_UNKNOWN: Final = "Take all that is outside this workstation for unknown until this has ended."

_NO_WAY_OUT: Final = (
    _UNKNOWN,
    "Check whether this machine's gateway works, and whether its network settings were changed.",
    "Ask another desk, or by telephone, whether what matters most still works.",
)

OWN_CARDS: Final[Mapping[str, ActionCard]] = {
    "own_connection_lost": ActionCard(
        consequence="This workstation reaches nothing. Nothing outside it is watched.",
        steps=(
            _UNKNOWN,
            "Check this workstation's own network cable, switch port and address.",
            "Ask another desk, or by telephone, whether what matters most still works.",
            "Have somebody watch from another machine.",
        ),
        call=_IT,
        time_to_respond_s=120,
    ),
    "no_way_out_v4": ActionCard(
        consequence="By IPv4 this workstation reaches its own networks only. What is beyond is not watched.",
        steps=_NO_WAY_OUT,
        call=_IT,
        time_to_respond_s=120,
    ),
    "no_way_out_v6": ActionCard(
        consequence="By IPv6 this workstation reaches its own networks only. What is beyond is not watched.",
        steps=_NO_WAY_OUT,
        call=_IT,
        time_to_respond_s=120,
    ),
    "no_privilege": ActionCard(
        consequence="The engine may not send its probes, so these endpoints are not watched.",
        steps=(
            "Run “controlroom doctor” on this machine: it names the command that cures this.",
            "Run that command, or have it run by whoever may.",
            "Until then ask in another way whether what matters most still works.",
        ),
        call="Your own IT",
        time_to_respond_s=300,
    ),
    "store_failed": ActionCard(
        consequence="What is measured cannot be kept: it may be lost when this machine stops.",
        steps=(
            "See what the alarm names as the reason, and free room on the disk where it is full.",
            "Write alarms and acts down on paper until this has ended.",
            "Do not switch this machine off.",
        ),
        call="Your own IT",
        time_to_respond_s=300,
    ),
    "store_mended": ActionCard(
        consequence="A part of what was kept was damaged. What could be saved was saved.",
        steps=(
            "Run “controlroom doctor” and see what it says of the disk.",
            "Keep the files that end in “damaged” for whoever looks into it.",
            "Have the disk of this machine looked at.",
        ),
        call="Your own IT",
        time_to_respond_s=14_400,
    ),
}
