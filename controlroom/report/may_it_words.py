"""The answer to "may I take this down?", in one sentence. It judges no service itself.

Rules:
1. The worst decides: a loss goes before a doubt, that before a last leg, that before what is no longer good
   enough, and only where none of them comes is the answer yes.
2. A service that has one failure to lose already comes nearer to loss by every further single point.
3. What is down already is no reason for anything, and is said to be so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from controlroom.report.service_state_words import NameOf
from controlroom.resilience.standing import ServiceState, Standing

_Pair = tuple[Standing, Standing]
_MOST_NAMES: Final = 3


def may_it_words(
    names: Sequence[str],
    before: Sequence[Standing],
    after: Sequence[Standing],
    title_of: NameOf,
    name_of: NameOf = str,
    down: Sequence[str] = (),
) -> str:
    """Answer whether these may be taken down: what would be lost, or the least that remains.

    ``before`` and ``after`` are of the same services in the same order; ``title_of`` names a service,
    ``name_of`` a component. ``down`` are those of the names that are down already.
    """
    if not names:
        return "Tick what you want to try."
    pairs = list(zip(before, after, strict=True))
    if not down:
        return _answer(names, pairs, title_of, name_of)
    already = f"{_listed(down)} {'is' if len(down) == 1 else 'are'} down already"
    if len(down) == len(names) and all(one == other for one, other in pairs):
        return f"{already}: nothing would change."
    taken = [each for each in names if each not in down] or names
    return f"{_answer(taken, pairs, title_of, name_of)} {already}."


def _answer(names: Sequence[str], pairs: Sequence[_Pair], title_of: NameOf, name_of: NameOf) -> str:
    what = names[0] if len(names) == 1 else f"these {len(names)}"
    return (
        _no(what, pairs, title_of)
        or _with_care(what, pairs, title_of, name_of)
        or _yes(what, pairs, title_of)
    )


def _no(what: str, pairs: Sequence[_Pair], title_of: NameOf) -> str:
    """Say what would be lost, or may be; empty where nothing would."""
    nearer = [other for one, other in pairs if _nearer(one, other)]
    lost = [title_of(each.service_id) for each in nearer if each.margin.most == 0]
    if lost:
        return f"No: without {what} {_listed(lost)} would be lost."
    doubtful = [title_of(each.service_id) for each in nearer if each.margin.least == 0]
    if doubtful:
        return f"Better not: without {what} {_listed(doubtful)} may be lost, because something is unknown."
    return ""


def _with_care(what: str, pairs: Sequence[_Pair], title_of: NameOf, name_of: NameOf) -> str:
    """Say what would stand on its last leg, or on more single points, or not be good enough (rules 1, 2)."""
    last = [title_of(other.service_id) for one, other in pairs if _nearer(one, other) and _is_last(other)]
    if last:
        return f"Only with care: without {what} one more failure loses {_listed(last)}."
    further = [pair for pair in pairs if _is_last(pair[1]) and _further_points(*pair)]
    if further:
        titles = _listed([title_of(other.service_id) for _, other in further])
        points = dict.fromkeys(name for pair in further for name in _further_points(*pair))
        told = _listed([name_of(each) for each in points])
        return f"Only with care: {titles} would be one failure from loss by more than now: {told}."
    worse = [title_of(other.service_id) for one, other in pairs if _spoils(one, other)]
    if worse:
        return f"Only with care: without {what} too little of {_listed(worse)} would be good enough."
    return ""


def _yes(what: str, pairs: Sequence[_Pair], title_of: NameOf) -> str:
    nearer = [other for one, other in pairs if _nearer(one, other)]
    if nearer:
        least = min(each.margin.least for each in nearer)
        return f"Yes: every service stays at least {least} failures from loss without {what}."
    marred = [title_of(other.service_id) for one, other in pairs if one.legs != other.legs]
    yes = f"Yes: no service comes nearer to loss without {what}"
    return f"{yes}, but {_listed(marred)} would have less left." if marred else f"{yes}."


def _nearer(before: Standing, after: Standing) -> bool:
    now, then = before.margin, after.margin
    return (then.least, then.most) != (now.least, now.most) and then.least <= now.least


def _is_last(standing: Standing) -> bool:
    return standing.margin.least == 1


def _further_points(before: Standing, after: Standing) -> list[str]:
    """Return the single points that there would be and are not now.

    Where not all that there are now are listed, only those that the service was not laid out with count.
    """
    known = {*after.single, *_points(before)}
    found = [each for each in _points(after) if each not in known]
    if before.next_to_fail.more and before.state is ServiceState.AT_RISK:
        return []
    return found


def _points(standing: Standing) -> Iterator[str]:
    return (found[0] for found in standing.next_to_fail.sets if len(found) == 1)


def _spoils(before: Standing, after: Standing) -> bool:
    return after.state is ServiceState.DEGRADED and before.state is not ServiceState.DEGRADED


def _listed(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    if len(names) <= _MOST_NAMES:
        return f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{', '.join(names[:2])} and {len(names) - 2} more"
