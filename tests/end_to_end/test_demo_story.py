"""The demonstration's story through the real engine, fifteen minutes in a few seconds: it happens as told."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from pathlib import Path

import pytest

import resources
from controlroom.alarms.alarm import ENGINE
from controlroom.engine.engine import Engine
from controlroom.engine.parts import EngineParts
from controlroom.engine.profile_files import read_profiles
from controlroom.engine.site_file import read_site
from controlroom.logbook.chain import first_break
from controlroom.logbook.entry import ALARM_KINDS, Entry, LogKind
from controlroom.resilience.live import Resilience
from controlroom.resilience.observed import Observed
from controlroom.site.model import Site
from controlroom.site.view import view_of
from controlroom.store.folder import DataFolder
from controlroom.store.sqlite import open_engine_store, open_read_store
from probes.registry import PROBE_TYPES
from probes.simulated import SimulatedParameters
from tests.lab.quick_time import QuickLoop
from tests.resources.test_demo import CUT

PROFILES = read_profiles(resources.path("profiles"))

Told = Sequence[tuple[float, Entry]]


def _shorter(site: Site) -> Site:
    """Only the endpoints that something happens to, and the anchors: the others would only take time."""
    wanted = set(site.own_connectivity.anchors)
    for endpoint in site.endpoints:
        for probe in endpoint.probes:
            assert isinstance(probe.parameters, SimulatedParameters)
            if probe.parameters.faults:
                wanted.add(endpoint.id)
    kept = tuple(endpoint for endpoint in site.endpoints if endpoint.id in wanted)
    return site.model_copy(update={"endpoints": kept, "services": ()})


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The log of one story, each entry with its time in seconds of the story."""
    folder = DataFolder(Path(tmp_path_factory.mktemp("story")) / "data")
    store, loop = open_engine_store(folder), QuickLoop()
    site = _shorter(read_site(resources.path("demo/site.toml"), PROBE_TYPES, PROFILES).site)
    parts = EngineParts(
        site=site,
        site_digest="",
        probe_types=PROBE_TYPES,
        profiles=PROFILES,
        store=store,
        resolve_secret=str,
        own_addresses=frozenset,
        ways_out=lambda: None,
        clocks=loop.clocks,
        version="1",
    )

    async def live() -> float:
        began_utc_s = loop.clocks().utc_s
        assert await Engine(parts).run(for_s=900)
        return began_utc_s

    def refuse(name: str, *_more: object, **_others: object) -> None:
        asked_names.append(name)
        raise OSError(name)

    asked_names: list[str] = []
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(socket, "getaddrinfo", refuse)
            began_utc_s = loop.run_until_complete(live())
        assert asked_names == [], "a simulated endpoint's name was looked up"
    finally:
        loop.close()
        store.close()
    reader = open_read_store(folder)
    entries = reader.entries()
    reader.close()
    assert first_break(entries) is None
    return [(entry.at_utc_s - began_utc_s, entry) for entry in entries]


def conditions(log: Told, endpoint_id: str) -> list[tuple[float, str]]:
    """What an endpoint became, and when."""
    return [
        (at_s, str(entry.facts["to"]))
        for at_s, entry in log
        if entry.kind is LogKind.CONDITION_CHANGED and entry.subject == endpoint_id
    ]


def test_calm_comes_first_and_the_first_alarm_within_two_seconds_of_its_cause(log: Told) -> None:
    """A minute and a half to look around; then a hospital is lost, and comes back."""
    first_s, first = next((at_s, entry) for at_s, entry in log if entry.kind in ALARM_KINDS)
    assert first.kind is LogKind.ALARM_RAISED
    assert first.subject == "hospital-st-anne"
    assert 88 < first_s < 91.5
    (_, down), (back_s, up) = conditions(log, "hospital-st-anne")
    assert (down, up) == ("down", "up")
    assert 245 < back_s < 250


def test_the_cut_is_seen_whole_and_our_own_connection_is_not_blamed(log: Told) -> None:
    """Six endpoints within four seconds, one of them an anchor; the other anchors still answer."""
    for endpoint_id in CUT:
        (down_s, down), (up_s, up) = conditions(log, endpoint_id)
        assert (down, up) == ("down", "up")
        assert 190 < down_s < 194
        assert 449 < up_s < 456
    kinds = {entry.kind for _, entry in log}
    assert not kinds & {LogKind.OWN_CONNECTION_LOST, LogKind.BLIND_TIME, LogKind.CLOCK_STEPPED}
    assert not any(entry.subject == ENGINE for _, entry in log if entry.kind in ALARM_KINDS)


def test_emergency_calls_come_to_two_one_and_no_further_failures_and_back(log: Told) -> None:
    """As the engine's own conditions give it; what the run left out is taken to work."""
    view = view_of(read_site(resources.path("demo/site.toml"), PROBE_TYPES, PROFILES).site, PROBE_TYPES)
    resilience, failed, margins = Resilience(view), set[str](), [2]
    for at_s, entry in log:
        if entry.kind is not LogKind.CONDITION_CHANGED:
            continue
        (failed.add if entry.facts["to"] in ("down", "unreachable") else failed.discard)(entry.subject)
        margin = resilience.look(Observed(failed=frozenset(failed)))["call-taking"].margin.most
        if margin != margins[-1]:
            margins.append(margin)
            assert at_s < 600
    assert margins == [2, 1, 0, 1, 2]


def test_weather_rain_crowds_and_slowness_degrade(log: Told) -> None:
    """None of them is called down for it, and each recovers within the story."""
    for endpoint_id in ("mast-highmoor", "cad-west", "avl-5g", "mountain-rescue"):
        became = [condition for _, condition in conditions(log, endpoint_id)]
        assert became == ["degraded", "up"], endpoint_id


def test_flapping_is_one_alarm_that_counts(log: Told) -> None:
    """With its fourth fall it is told as unstable, and calls no more for those that follow."""
    own = [(at, one) for at, one in log if one.kind in ALARM_KINDS and one.subject == "apn-borealis"]
    unstable = [(at, one) for at, one in own if one.facts["cause"] == "unstable"]
    first_s, first = unstable[0]
    assert (first.kind, first.facts["reason"]) == (LogKind.ALARM_RAISED_AGAIN, "falls:4")
    assert len({one.facts["alarm"] for _, one in unstable}) == 1
    calls = (LogKind.ALARM_RAISED, LogKind.ALARM_RAISED_AGAIN)
    assert not [one for at, one in own if at > first_s and one.kind in calls]


def test_what_stands_on_one_mast_is_lost_together(log: Told) -> None:
    """The mast and the repeater, within seconds of each other."""
    (mast_s, _), _ = conditions(log, "mast-stonebeck")
    (repeater_s, _), _ = conditions(log, "fireground-repeater")
    assert 510 < mast_s < repeater_s < 517


def test_a_wrong_password_makes_unknown_and_never_down(log: Told) -> None:
    """It lives, and tells us nothing."""
    became = [condition for _, condition in conditions(log, "voice-recorder")]
    assert became[0] == "unknown"
    assert "down" not in became
    assert became[-1] == "up"


def test_at_the_end_all_is_calm_again(log: Told) -> None:
    """Every endpoint that something happened to is up, a while before the story begins anew."""
    last: dict[str, tuple[float, str]] = {}
    for at_s, entry in log:
        if entry.kind is LogKind.CONDITION_CHANGED:
            last[entry.subject] = (at_s, str(entry.facts["to"]))
    assert len(last) >= 15
    assert {condition for _, condition in last.values()} == {"up"}
    assert max(at_s for at_s, _ in last.values()) < 890
