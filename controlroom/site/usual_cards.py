"""What an action card says where the site is silent, by the kind of endpoint or risk group and the fault.

It is data that belongs to the program and not to a folder, because the loader, the engine and every desk need
it: so nobody hands it around, and none can be missing. A site has its own way by a rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from controlroom.site.alarm_rule import RuleCause
from controlroom.site.endpoint_kind import EndpointKind

FAILED_S: Final = 300.0
"""Seconds that one has, if nothing else is said, when something failed."""

UNSTABLE_S: Final = 900.0
"""Seconds that one has when something comes and goes: it is as urgent as its failure."""

WORKING_S: Final = 1800.0
"""Seconds that one has when something works worse than it should, or cannot be measured."""

WARNING_S: Final = 14_400.0
"""Seconds that one has when a device only warns."""


@dataclass(frozen=True, slots=True)
class UsualCard:
    """What is usual. ``first`` goes before an endpoint's own steps while it may still work."""

    consequence: str
    steps: tuple[str, ...]
    call: str
    time_to_respond_s: float
    first: str = ""


@dataclass(frozen=True, slots=True)
class _Kind:
    """The words that the cards of one kind have in common."""

    call: str
    lost: str
    worse: str
    comes_and_goes: str
    check: str
    another_way: str


_KINDS: Final[Mapping[EndpointKind, _Kind]] = {
    EndpointKind.RADIO_GATEWAY: _Kind(
        call="Whoever looks after the radio network",
        lost="Officers who are reached through it may be without radio.",
        worse="Radio through it may be delayed or broken up, and it may fail.",
        comes_and_goes="Radio through it comes and goes: calls may break off.",
        check="Make a test call by radio to find out who is reached.",
        another_way="Move its talk groups to another gateway, or agree with the officers on another way.",
    ),
    EndpointKind.MOBILE_LINK: _Kind(
        call="The service desk of the mobile network",
        lost="Whoever is reached by it is without data, and perhaps without voice.",
        worse="Data by it is slow or comes in pieces, and it may fail.",
        comes_and_goes="It comes and goes: data that is sent by it may not arrive.",
        check="Ask somebody who uses it, by radio, whether it works.",
        another_way="Tell those who use it to use another network or the radio.",
    ),
    EndpointKind.CLOUD: _Kind(
        call="The provider's service desk, and your own IT on call",
        lost="What runs there cannot be used from here.",
        worse="What runs there is slow, and may fail.",
        comes_and_goes="What runs there comes and goes: entries may be lost.",
        check="Find out at another desk whether what runs there can be used.",
        another_way="Work with what stands in for it, on paper where there is nothing else.",
    ),
    EndpointKind.PARTNER: _Kind(
        call="The partner's duty desk",
        lost="Calls and messages to this partner, and from them, may not arrive.",
        worse="Calls and messages to this partner may be late or broken up, and may fail.",
        comes_and_goes="The way to this partner comes and goes: calls may break off.",
        check="Call the partner by telephone and ask whether they reach you.",
        another_way="Agree with the partner on another way, and tell all desks which one.",
    ),
    EndpointKind.INFRASTRUCTURE: _Kind(
        call="Your own IT or network staff on call",
        lost="Whatever hangs on it may fail with it.",
        worse="Whatever hangs on it may be slow, and it may fail.",
        comes_and_goes="It comes and goes, and with it whatever hangs on it.",
        check="See which other endpoints are affected, and look at the device if you can.",
        another_way="Go over to what stands in for it, where there is something.",
    ),
}

_CALL: Final = "Make the call that stands on this card, and note when help will come."


def _cards(kind: _Kind) -> dict[RuleCause, UsualCard]:
    """Make the cards of one kind, one for each fault that an endpoint can have."""
    report = "Report the figure that is beyond its limit, with the time since when."
    find_out = "Find out in another way whether it works: the monitoring cannot tell."
    lost = "Take it for lost in whatever must not fail."
    return {
        RuleCause.DOWN: UsualCard(kind.lost, (kind.check, kind.another_way, _CALL), kind.call, FAILED_S),
        RuleCause.DEGRADED: UsualCard(
            kind.worse,
            (kind.check, f"Where it is too bad for its use: {_lower(kind.another_way)}", report),
            kind.call,
            WORKING_S,
            first="Find out whether it is still good enough for its use. Where it is not, go on.",
        ),
        RuleCause.NOT_MEASURED: UsualCard(
            "Whether it works is not known.",
            (find_out, kind.check, "Have mended what the alarm names as the reason."),
            "Your own IT or network staff on call",
            WORKING_S,
            first=f"{find_out} Where it does not, go on.",
        ),
        RuleCause.UNSTABLE: UsualCard(
            kind.comes_and_goes, (lost, kind.another_way, _CALL), kind.call, UNSTABLE_S
        ),
    }


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


USUAL_OF_KINDS: Final[Mapping[EndpointKind, Mapping[RuleCause, UsualCard]]] = {
    name: _cards(kind) for name, kind in _KINDS.items()
}
"""By an endpoint's kind and its fault."""


def _group(consequence: str, first: str, call: str) -> UsualCard:
    seen = "See in the list which endpoints are lost, and whom they serve."
    ways = "Go over to ways that do not hang on it."
    return UsualCard(consequence, (seen, first, ways, _CALL), call, FAILED_S)


USUAL_OF_GROUPS: Final[Mapping[str, UsualCard]] = {
    "carrier": _group(
        "Whatever goes over this carrier may be lost.",
        "Find out whether lines and phones of another carrier still work.",
        "The carrier's fault desk",
    ),
    "duct": _group(
        "Whatever runs through this duct may be cut.",
        "Find out whether anybody is digging or building along it.",
        "The fault desks of the carriers in it",
    ),
    "mast": _group(
        "Whatever stands on this mast may be off the air.",
        "Find out whether the mast has power and its uplink.",
        "Whoever looks after the mast",
    ),
    "building": _group(
        "Whatever stands in this building may be lost.",
        "Find out whether the building has power, and whether anybody in it is in danger.",
        "Whoever looks after the building",
    ),
    "power": _group(
        "Whatever hangs on this feed may be without power, or will be when batteries end.",
        "Find out what is running on batteries, and for how long they last.",
        "The electricity supplier, and whoever looks after the generators",
    ),
    "region": _group(
        "Whatever runs in this region may be lost.",
        "See what the provider says of this region.",
        "The provider's service desk, and your own IT on call",
    ),
    "staff": _group(
        "Whatever these people keep running may stand still.",
        "Find out who can stand in for them.",
        "The duty manager",
    ),
    "other": _group(
        "Several endpoints are lost at once, so whatever they have in common may have failed.",
        "Find out what they have in common: a carrier, a building, power, a switch.",
        "Your own IT or network staff on call",
    ),
}
"""By a risk group's kind. A common cause that was only inferred is one of the kind ``other``."""
