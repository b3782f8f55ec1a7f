"""All about one service, as text and codes: made from its standing and the picture. No Qt here.

Rules:
1. What is said of now is said only while monitoring runs. A link that answers and is not good enough for the
   service has its grade with the reason; a degraded one has the reason of its condition.
2. A shared risk is a risk group that takes endpoints of more than one path, or all of the only one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from controlroom.condition.state import Condition
from controlroom.report import service_state_words as words
from controlroom.report import wording
from controlroom.report.poor_words import poor_words
from controlroom.resilience.standing import LegStanding, Standing
from controlroom.site.view import SeenNeed, SeenService, SiteView
from ui.desk.faces import WAITING, condition_title
from ui.desk.picture import Picture

MOST_NEEDED: Final = 12
"""So many paths are named in what a service needs."""


@dataclass(frozen=True, slots=True)
class EndpointLine:
    """An endpoint of a path: its id, its name, the shape and the word of its condition."""

    id: str
    name: str
    shape: str
    word: str


@dataclass(frozen=True, slots=True)
class LegPart:
    """A path with its endpoints; ``state`` is a leg's code."""

    name: str
    state: str
    words: str
    endpoints: tuple[EndpointLine, ...]


@dataclass(frozen=True, slots=True)
class ServicePage:
    """What stands on the page. ``sections`` are titles and their lines, empty ones left out."""

    name: str
    state: str
    sentences: tuple[str, ...]
    legs: tuple[LegPart, ...]
    sections: tuple[tuple[str, tuple[str, ...]], ...]


def service_page(seen: SeenService, picture: Picture, site: SiteView, *, live: bool) -> ServicePage:
    """Make the page of a service as it is to be shown now."""
    standing = picture.standings.standings.get(seen.id) if live else None
    name_of = picture.name_of
    known = {} if standing is None else {leg.id: leg for leg in standing.legs}
    legs = tuple(
        LegPart(
            path.name,
            "" if path.id not in known else str(known[path.id].state),
            _leg_words(known.get(path.id), name_of, standby=path.standby),
            tuple(
                _endpoint_line(each, picture, _why_poor(each, seen, picture, site, standing), live=live)
                for each in path.endpoints
            ),
        )
        for path in seen.paths
    )
    untold = "Monitoring is not running, so nothing can be said of now." if not live else "Not judged yet."
    sentences = (untold,) if standing is None else _sentences(standing)
    now = () if standing is None else _now_sections(standing, name_of)
    told = (
        *now,
        ("Shared risks", tuple(words.capped(shared_risks(seen, site)))),
        ("What to do", tuple(filter(None, (seen.what_to_do,)))),
        ("Call", tuple(filter(None, (seen.contact, seen.owner and f"Owner: {seen.owner}")))),
        ("Lost while it fails", tuple(filter(None, (seen.consequence,)))),
        ("It needs", (need_words(seen),)),
    )
    state = "" if standing is None else words.state_title(standing.state)
    return ServicePage(seen.name, state, sentences, legs, tuple(each for each in told if each[1]))


def shared_risks(seen: SeenService, site: SiteView) -> list[str]:
    """Tell the risk groups that take several paths of a service at once (rule 2)."""
    lines = []
    for group in site.risk_groups:
        taken = [path.name for path in seen.paths if not set(path.endpoints).isdisjoint(group.members)]
        if len(taken) > 1:
            which = f"all {len(taken)} paths" if len(taken) == len(seen.paths) else _listed(taken)
            lines.append(f"{group.name}: takes {which}")
    return lines


def need_words(seen: SeenService) -> str:
    """Say which of its paths a service needs, however nested: ``any 2 of Mast A, Mast B, Mast C``."""
    told, _ = _need(seen.needs, {path.id: path.name for path in seen.paths}, MOST_NEEDED)
    return f"{told[:1].upper()}{told[1:]}."


def _need(needs: SeenNeed, names: Mapping[str, str], room: int) -> tuple[str, int]:
    """Tell a need by so many names at most; return it with how many names it may still be followed by."""
    if len(needs.of) == 1:
        only = needs.of[0]
        return (names.get(only, only), room - 1) if isinstance(only, str) else _need(only, names, room)
    parts = []
    for each in needs.of:
        if room <= 0:
            break
        if isinstance(each, str):
            parts.append(names.get(each, each))
            room -= 1
        else:
            inner, room = _need(each, names, room)
            parts.append(f"({inner})")
    more = len(needs.of) - len(parts)
    told = f"{', '.join(parts)}{f' and {more} more' if more else ''}"
    if needs.at_least == len(needs.of):
        return f"all of {told}", room
    return f"any {needs.at_least if needs.at_least > 1 else 'one'} of {told}", room


def _sentences(standing: Standing) -> tuple[str, ...]:
    found = (
        words.margin_sentence(standing),
        words.quality_sentence(standing),
        words.best_and_worst(standing),
    )
    return tuple(filter(None, found))


def _now_sections(standing: Standing, name_of: words.NameOf) -> tuple[tuple[str, tuple[str, ...]], ...]:
    following = tuple(words.next_lines(standing.next_to_fail, name_of))
    single = tuple(words.capped([name_of(each) for each in standing.single]))
    return (
        ("Next to fail: any of these lines loses it", following),
        ("Next to fail for quality", tuple(words.next_lines(standing.quality_next, name_of))),
        ("Single points of failure, with nothing failed", () if single == following else single),
    )


def _leg_words(leg: LegStanding | None, name_of: words.NameOf, *, standby: bool) -> str:
    told = "" if leg is None else words.leg_words(leg.state)
    if leg is not None and leg.because_of:
        told = f"{told}: {', '.join(map(name_of, leg.because_of[:3]))}"
    return ", ".join(filter(None, (told, "stands by" if standby else "")))


def _why_poor(
    endpoint_id: str, seen: SeenService, picture: Picture, site: SiteView, standing: Standing | None
) -> str:
    """Say why an endpoint that works is not good enough for a service; empty where it is."""
    endpoint, found = picture.endpoints.get(endpoint_id), picture.standings.poor.get(endpoint_id)
    if standing is None or endpoint_id not in standing.poor or endpoint is None or found is None:
        return ""
    return poor_words(found, endpoint.seen, site.profile_of(endpoint.seen), site.profile_of_service(seen))


def _endpoint_line(endpoint_id: str, picture: Picture, poor: str, *, live: bool) -> EndpointLine:
    endpoint = picture.endpoints.get(endpoint_id)
    name = picture.name_of(endpoint_id)
    if endpoint is None or endpoint.state is None or not live:
        return EndpointLine(endpoint_id, name, WAITING, "" if not live else "Waiting")
    state = endpoint.state
    why = "" if state.reason == "none" else wording.reason_words(state.reason, endpoint.seen)
    told = [condition_title(state.condition), why]
    if state.condition is Condition.UP:
        told.append(poor)
    return EndpointLine(endpoint_id, name, str(state.condition), ", ".join(filter(None, told)))


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
