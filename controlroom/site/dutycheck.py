"""Whether whoever is to be told of an alarm is there, and the most urgent is always told. It tells nobody.

1. Contacts and shifts have ids of their own among each other, and none is the desk's.
2. A shift names contacts, a step of an escalation a contact, a shift or the desk.
3. The steps of an escalation stand in order of time. Of two escalations not both are for a priority.
4. Quiet hours never silence the most urgent priority.
"""

from __future__ import annotations

from itertools import chain, pairwise

from controlroom.site.alarm_rule import NEVER
from controlroom.site.duty import DESK
from controlroom.site.mistakes import MistakeList
from controlroom.site.place import Place
from controlroom.site.references import check_references, unique, unknown_reference


def check_duty(mistakes: MistakeList, site: Place) -> None:
    """Note all that is wrong with contacts, shifts, escalations and quiet hours."""
    told = unique(mistakes, chain(site.items("contacts"), site.items("shifts")), "id", "contact and shift")
    contacts = {one.at("id").text or "" for one in site.items("contacts")}
    for place in chain(site.items("contacts"), site.items("shifts")):
        _check_reserved(mistakes, place, DESK, "is the name of the desk itself.")
    for shift in site.items("shifts"):
        check_references(mistakes, shift, "contacts", contacts, "contact")
    unique(mistakes, site.items("escalations"), "id", "escalation")
    for escalation in site.items("escalations"):
        _check_reserved(mistakes, escalation, NEVER, "is the name of no escalation at all.")
        _check_steps(mistakes, escalation, told | {DESK})
    _check_priorities(mistakes, site)
    for quiet in site.items("quiet_hours"):
        _check_told(mistakes, quiet)


def _check_reserved(mistakes: MistakeList, place: Place, reserved: str, happened: str) -> None:
    if place.at("id").text == reserved:
        mistakes.add("reserved-id", place.at("id").path, happened, "Choose another id.")


def _check_steps(mistakes: MistakeList, escalation: Place, known: frozenset[str]) -> None:
    steps = list(escalation.items("steps"))
    for step in steps:
        to = step.at("to")
        if to.text is not None and to.text not in known:
            unknown_reference(mistakes, to, to.text, known, "contact or shift")
    for one, later in pairwise(steps):
        before_s, after_s = one.at("after_s").number, later.at("after_s").number
        if before_s is not None and after_s is not None and after_s < before_s:
            happened = f"is {after_s:g}, which is before the step above it ({before_s:g})."
            mistakes.add(
                "bad-escalation", later.at("after_s").path, happened, "Put the steps in order of time."
            )


def _check_priorities(mistakes: MistakeList, site: Place) -> None:
    seen: dict[float, str] = {}
    for escalation in site.items("escalations"):
        name = escalation.at("id").text or "another"
        for priority in escalation.items("priorities"):
            number = priority.number
            if number in seen:
                happened = f"is priority {number:g}, which {seen[number][:63]} is for already."
                mistakes.add("bad-escalation", priority.path, happened, "Take it out of one of them.")
            elif number is not None:
                seen[number] = name


def _check_told(mistakes: MistakeList, quiet: Place) -> None:
    least = quiet.at("least_urgent_told").number
    if least is not None and least < 1:
        happened = "would silence priority 1, for which people are called at any hour."
        mistakes.add(
            "silences-the-most-urgent", quiet.at("least_urgent_told").path, happened, "Write 1 to 4."
        )
