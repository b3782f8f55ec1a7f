"""The command ``figures``: what links measured over a window, as text or as JSON.

Rules:
1. What was found is no trouble: exit 0. Exit 1 is for history that could not be read, which is named.
2. While an engine lives, now is its newest second: what it is about to write is no blind time.
3. Services are told with the endpoints that they need, also where only some endpoints are wanted.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TextIO

from controlroom.errors import ControlroomError
from controlroom.report.endpoint_figures import (
    EndpointFigures,
    FiguresReader,
    Window,
    measuring_probe,
    worst_first,
)
from controlroom.report.escaping import printable
from controlroom.report.export_table import site_view
from controlroom.report.range import TimePoint, span
from controlroom.report.service_figures import ServiceFigures, service_figures
from controlroom.site.mistakes import nearest
from controlroom.site.profile import Profile, Profiles
from controlroom.site.view import SeenEndpoint, SeenService, SiteView
from controlroom.store.interface import ReadStore
from ui.terminal.figures_arguments import USUAL_WINDOW, WINDOWS
from ui.terminal.figures_json import as_json
from ui.terminal.figures_text import print_figures
from ui.terminal.passed_over import tell_passed_over
from ui.terminal.status import plain_console

CUSTOM: Final = "custom"
_ALIVE_WITHIN_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class SiteFigures:
    """All that was wanted of a site; ``blind_s`` is how long nothing at all could be measured."""

    view: SiteView
    window: Window
    blind_s: float
    endpoints: Sequence[EndpointFigures]
    services: Sequence[ServiceFigures]


def run_figures(
    store: ReadStore,
    chosen: argparse.Namespace,
    profiles: Profiles,
    *,
    utc_s: float,
    out: TextIO,
    err: TextIO,
) -> int:
    """Read what was asked for, print it, and return the exit code.

    Raise ``ControlroomError``: ``options-contradict``, ``empty-range``, ``bad-time``, ``no-such-endpoint``,
    ``no-such-probe``, ``no-such-profile``, ``nothing-to-show``.
    """
    view = site_view(store)
    if view is None:
        raise ControlroomError(
            "nothing-to-show", "The engine has not told its site yet.", "Ask again in some seconds."
        )
    utc_s = _newest_utc_s(store, utc_s)
    found = read_figures(store, view, chosen, profiles, utc_s)
    passed_over = store.passed_over()
    if chosen.json:
        out.write(json.dumps(as_json(found, passed_over, utc_s), indent=1, allow_nan=False) + "\n")
    else:
        print_figures(found, plain_console(out))
    return tell_passed_over(passed_over, err)


def read_figures(
    store: ReadStore, view: SiteView, chosen: argparse.Namespace, profiles: Profiles, utc_s: float
) -> SiteFigures:
    """Read what was asked for, the worst first."""
    window = _window(chosen.window, chosen.since, chosen.until, utc_s, view.time_zone)
    profile = _profile(chosen.profile, profiles)
    wanted = _endpoints(view, chosen.endpoints, chosen.probe)
    services = [each for each in view.services if _members(each) & wanted.keys()]
    reader = FiguresReader(store, view, window)
    found = {each.id: reader.endpoint(each, chosen.probe, profile) for each in wanted.values()}
    needed = {member for each in services for member in _members(each)} - found.keys()
    others = {each.id: reader.endpoint(each) for each in view.endpoints if each.id in needed}
    told = [service_figures(each, {**others, **found}, window) for each in services]
    return SiteFigures(view, window, reader.blind_s(), worst_first(found.values()), told)


def _newest_utc_s(store: ReadStore, utc_s: float) -> float:
    """Return now, or the newest second where that was a moment ago (rule 2)."""
    heartbeat = store.heartbeat()
    if heartbeat is None or not 0 <= utc_s - heartbeat.at_utc_s <= _ALIVE_WITHIN_S:
        return utc_s
    return heartbeat.at_utc_s


def _window(
    name: str | None, since: TimePoint | None, until: TimePoint | None, utc_s: float, zone_name: str
) -> Window:
    """Return the window that was typed."""
    if since is None and until is None:
        name = name or USUAL_WINDOW
        return Window(name, *WINDOWS[name].ending(utc_s))
    if name is not None:
        happened = "--window ends now and cannot stand beside --since or --until."
        raise ControlroomError("options-contradict", happened, "Leave out the one or the other.")
    if since is None:
        happened = "--until alone says no window."
        raise ControlroomError("options-contradict", happened, "Give --since as well, such as --since 2h.")
    typed = span(since, until, now_utc_s=utc_s, zone_name=zone_name)
    since_utc_s = utc_s if typed.since_utc_s is None else typed.since_utc_s
    until_utc_s = min(utc_s, utc_s if typed.until_utc_s is None else typed.until_utc_s)
    if since_utc_s >= until_utc_s:
        happened = "The range has no length."
        raise ControlroomError("empty-range", happened, "Give an --until that is later than --since.")
    return Window(CUSTOM, since_utc_s, until_utc_s)


def _profile(name: str | None, profiles: Profiles) -> Profile | None:
    if name is None or name in profiles:
        return None if name is None else profiles[name]
    known = f"Known: {', '.join(sorted(profiles))}."
    happened = f"There is no profile “{printable(name, 60)}”."
    raise ControlroomError("no-such-profile", happened, f"{_meant(name, profiles)}{known}")


def _endpoints(view: SiteView, ids: Sequence[str], probe: str | None) -> Mapping[str, SeenEndpoint]:
    """Return the endpoints that are wanted; with a probe named, those that have it."""
    known = {each.id: each for each in view.endpoints}
    for each in ids:
        if each not in known:
            happened = f"The site has no endpoint “{printable(each, 60)}”."
            advice = _meant(each, known) or "Give --endpoint the id of one of its endpoints."
            raise ControlroomError("no-such-endpoint", happened, advice.rstrip())
    wanted = {each: known[each] for each in ids} or known
    if probe is None:
        return wanted
    having = {name: seen for name, seen in wanted.items() if measuring_probe(seen, probe) is not None}
    if not having or (ids and len(having) < len(wanted)):
        raise _no_such_probe(probe, [seen for name, seen in wanted.items() if name not in having])
    return having


def _no_such_probe(probe: str, lacking: Sequence[SeenEndpoint]) -> ControlroomError:
    every = ((seen, each.name) for seen in lacking for each in seen.probes)
    names = sorted({name for seen, name in every if measuring_probe(seen, name) is not None})
    whose = f"Endpoint “{lacking[0].id}”" if len(lacking) == 1 else "No endpoint that is wanted"
    has = "has no" if len(lacking) == 1 else "has a"
    happened = f"{whose} {has} probe “{printable(probe, 60)}” that times round trips."
    shown = ", ".join(printable(name, 40) for name in names)
    known = f"Known: {shown}." if names else "None of its probes does."
    return ControlroomError("no-such-probe", happened, f"{_meant(probe, names)}{known}")


def _meant(typed: str, known: Mapping[str, object] | Sequence[str]) -> str:
    close = nearest(typed, known)
    return f"Did you mean {close}? " if close else ""


def _members(service: SeenService) -> set[str]:
    return {endpoint for path in service.paths for endpoint in path.endpoints}
