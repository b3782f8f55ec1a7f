"""How services stand, in words for people, for desk and terminal alike. It judges nothing.

Rules:
1. The margin is told as the number of further failures that lose the service; a range where something is
   unknown, "at least" where a structure is too large for an exact answer.
2. A margin that only maintenance takes is told as such: nothing has failed.
3. What is wrong is told by its legs, the worst first; where all is well, that is said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from controlroom.resilience.component import group_of
from controlroom.resilience.standing import LegStanding, LegState, Margin, NextToFail, ServiceState, Standing
from controlroom.site.view import SiteView

NameOf = Callable[[str], str]
MOST_SETS: Final = 12
"""So many sets of what is next to fail are told one by one."""
_STATES: Final = {
    ServiceState.WORKING: "Working",
    ServiceState.AT_RISK: "At risk",
    ServiceState.DEGRADED: "Degraded",
    ServiceState.LOST: "Lost",
    ServiceState.UNKNOWN: "Unknown",
}
_LEGS: Final = {
    LegState.WORKING: "works",
    LegState.DEGRADED: "works poorly",
    LegState.LOST: "lost",
    LegState.UNKNOWN: "unknown",
    LegState.MAINTENANCE: "in maintenance",
}
_SHORT_LEGS: Final = {LegState.DEGRADED: "poor"}
_TOO_LARGE: Final = "The structure is too large for an exact answer"
_WORST_FIRST: Final = (LegState.LOST, LegState.UNKNOWN, LegState.DEGRADED, LegState.MAINTENANCE)


def state_title(state: ServiceState) -> str:
    """Name a state as a heading: ``At risk``."""
    return _STATES[state]


def leg_words(state: LegState) -> str:
    """Tell the state of a leg: ``works poorly``."""
    return _LEGS[state]


def margin_number(margin: Margin) -> str:
    """Tell a margin in as few signs as can be: ``2``, ``0–1``, ``4+``."""
    if not margin.certain:
        return f"{margin.least}–{margin.most}"
    return f"{margin.least}{'' if margin.exact else '+'}"


def margin_short(standing: Standing) -> str:
    """Say what the number of a margin counts, to stand behind it: ``failures from loss``."""
    if standing.state is ServiceState.LOST:
        return "lost"
    margin = standing.margin
    if margin.most == 0:
        return "rests on maintenance"
    return "failure from loss" if margin.certain and margin.least == 1 else "failures from loss"


def margin_sentence(standing: Standing) -> str:
    """Say how far a service is from loss, as a sentence."""
    margin = standing.margin
    if standing.state is ServiceState.LOST:
        return "The service is lost."
    if margin.most == 0:
        return "It rests on what is in maintenance; nothing else carries it."
    if not margin.certain:
        told = f"{_range(margin)} more failures lose it: what is unknown decides."
        return told if margin.exact else f"{told} {_TOO_LARGE}."
    if margin.exact:
        return "1 more failure loses it." if margin.least == 1 else f"{margin.least} more failures lose it."
    looked = f"{margin.least - 1} failure{'' if margin.least == 2 else 's'}"
    return (
        f"At least {margin.least} more failures lose it. {_TOO_LARGE}; it was looked through up to {looked}."
    )


def quality_sentence(standing: Standing) -> str:
    """Say how far a service is from not being good enough for its use; empty where that tells nothing new."""
    quality = standing.quality
    if standing.state is ServiceState.LOST or (quality == standing.margin and not standing.quality_lost):
        return ""
    if standing.quality_lost:
        return "It works, but not enough of it is good enough for its use."
    if not quality.certain:
        return f"{_range(quality)} more failures leave too little that is good enough."
    if quality.least == 1:
        return "1 more failure leaves too little that is good enough."
    at_least = "" if quality.exact else "At least "
    return f"{at_least}{quality.least} more failures leave too little that is good enough."


def best_and_worst(standing: Standing) -> str:
    """Say what may be where something is unknown; empty where nothing unknown makes a difference."""
    margin = standing.margin
    if margin.certain:
        return ""
    worst = "lost" if margin.least == 0 else _further(margin.least)
    return f"At best: {_further(margin.most)}. At worst: {worst}."


def wrong_words(standing: Standing, name_of: NameOf) -> str:
    """Say in one line what is wrong with a service, or that all is well (rule 3)."""
    wrong = _wrong_legs(standing)
    if not wrong:
        return single_words(standing, name_of) or "All well"
    first = leg_line(wrong[0], name_of)
    return first if len(wrong) == 1 else f"{first}; {len(wrong) - 1} more not well"


def leg_line(leg: LegStanding, name_of: NameOf) -> str:
    """Tell one leg, its state and what makes it so: ``Trunk 2 lost: Carrier router Borealis``."""
    told = f"{leg.name} {leg_words(leg.state)}"
    causes = [name_of(each) for each in leg.because_of]
    causes = [each for each in causes if each != leg.name]
    if not causes:
        return told
    return f"{told}: {causes[0]}" + (f" and {len(causes) - 1} more" if len(causes) > 1 else "")


def single_words(standing: Standing, name_of: NameOf) -> str:
    """Name what loses a service by itself, as it was laid out; empty where nothing does."""
    if not standing.single:
        return ""
    if len(standing.single) > 1:
        return f"{len(standing.single)} single points of failure"
    return f"Single point of failure: {name_of(standing.single[0])}"


def short_words(standing: Standing, name_of: NameOf) -> str:
    """Say what ``wrong_words`` says where there is little room."""
    wrong = _wrong_legs(standing)
    if wrong:
        first = f"{wrong[0].name} {_SHORT_LEGS.get(wrong[0].state, leg_words(wrong[0].state))}"
        return first if len(wrong) == 1 else f"{first}, {len(wrong) - 1} more"
    if len(standing.single) > 1:
        return f"Any of {len(standing.single)} loses it"
    return f"Relies on {name_of(standing.single[0])}" if standing.single else "All well"


def fewest_words(standing: Standing, name_of: NameOf) -> str:
    """Say what ``short_words`` says where there is next to no room."""
    wrong = _wrong_legs(standing)
    if wrong:
        worst = wrong[0].state
        count = sum(leg.state is worst for leg in wrong)
        return f"{count} path{'' if count == 1 else 's'} {_SHORT_LEGS.get(worst, leg_words(worst))}"
    return "1 single point" if len(standing.single) == 1 else short_words(standing, name_of)


def least_words(standing: Standing, name_of: NameOf) -> str:
    """Say what ``fewest_words`` says where even that has no room: ``1 unknown``."""
    wrong = _wrong_legs(standing)
    if not wrong:
        return fewest_words(standing, name_of)
    worst = wrong[0].state
    return f"{sum(leg.state is worst for leg in wrong)} {_SHORT_LEGS.get(worst, leg_words(worst))}"


def set_words(names: Sequence[str], name_of: NameOf) -> str:
    """Tell a set of what has to fail together: ``Core switch A and Core switch B``."""
    told = [name_of(each) for each in names]
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"


def next_lines(found: NextToFail, name_of: NameOf) -> list[str]:
    """Tell what is next to fail, a set a line, and how many more there are."""
    return capped([set_words(each, name_of) for each in found.sets], found.more)


def capped(lines: Sequence[str], more: int = 0) -> list[str]:
    """Return as many lines as are told one by one, and how many more there are."""
    untold = max(0, len(lines) - MOST_SETS) + more
    return [*lines[:MOST_SETS], f"and {untold} more"] if untold else list(lines)


def component_name(component: str, site: SiteView) -> str:
    """Name a component for people, by its own name; by its id where the site does not have it."""
    group_id = group_of(component)
    if group_id is None:
        return next((each.name for each in site.endpoints if each.id == component), component)
    group = site.risk_group(group_id)
    return group_id if group is None else group.name


def _wrong_legs(standing: Standing) -> list[LegStanding]:
    return [leg for state in _WORST_FIRST for leg in standing.legs if leg.state is state]


def _range(margin: Margin) -> str:
    return f"{margin.least} to {margin.most}"


def _further(count: int) -> str:
    if count == 0:
        return "lost"
    return f"{count} more failure{'s lose' if count > 1 else ' loses'} it"
