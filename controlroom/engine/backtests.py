"""A backtest: a file, or what a store holds, replayed by settings that are tried out. It changes neither.

Rules:
1. Without a wish for some, every endpoint is replayed that something reaches, each by itself.
2. What is tried out holds for all endpoints that are replayed.
3. In a file each reply that took longer than its timeout counts as lost, as it would have live. A data folder
   has judged so already, and only a timeout that is tried out can be shorter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from controlroom.engine.backtest import Judging, replay
from controlroom.engine.backtest_csv import RECORDED, CsvRecording, recorded_site
from controlroom.engine.backtest_history import EndpointHistory
from controlroom.engine.backtest_settings import NO_SETTINGS, Settings, with_profile, with_settings
from controlroom.errors import ControlroomError
from controlroom.probe import ProbeTypes
from controlroom.report.escaping import printable
from controlroom.report.range import TimePoint, span
from controlroom.report.replayed import Replayed
from controlroom.site.mistakes import nearest
from controlroom.site.model import Site
from controlroom.site.profile import Profiles
from controlroom.store.care import Doing, Tell
from controlroom.store.interface import ReadStore

NO_SUCH_ENDPOINT = "no-such-endpoint"


@dataclass(frozen=True, slots=True)
class Tried:
    """What is tried out, on which endpoints, over which range; all of them when none is named."""

    settings: Settings = NO_SETTINGS
    profile: str | None = None
    endpoint_ids: Sequence[str] = ()
    since: TimePoint | None = None
    until: TimePoint | None = None


@dataclass(frozen=True, slots=True)
class Backtests:
    """The two kinds of backtest. ``now_utc_s`` is what spans that count back are counted from."""

    probe_types: ProbeTypes
    profiles: Profiles
    now_utc_s: float

    def of_csv(self, path: Path, tried: Tried, tell: Tell) -> Iterator[Replayed]:
        """Replay a file; raise ``ControlroomError`` where it, or what is tried out, cannot be used."""
        wanted = span(tried.since, tried.until, now_utc_s=self.now_utc_s, zone_name="UTC")
        recording = CsvRecording(path)
        facts = recording.look_through(lambda done, total: tell(Doing(path.name, "records", done, total)))
        period_s = tried.settings.probe.get("period_s")
        recorded = recorded_site(self.probe_types, facts.period_s, period_s)
        site = self._as_tried(recorded, {RECORDED.endpoint_id}, tried, recorded=True)
        (probe,) = site.endpoints[0].probes
        judging = Judging(self.probe_types, self.profiles, probe.timeout_s)
        rows = recording.readings(RECORDED, wanted, partial(_tell_replay, tell, path.name))
        yield replay(site, RECORDED.endpoint_id, judging, rows)

    def of_history(self, store: ReadStore, site: Site, tried: Tried, tell: Tell) -> Iterator[Replayed]:
        """Replay what a store holds, one endpoint after another; raise ``ControlroomError`` as ``of_csv``."""
        wanted = span(tried.since, tried.until, now_utc_s=self.now_utc_s, zone_name=site.time_zone)
        ids = self._chosen(site, tried)
        tried_site = self._as_tried(site, set(ids), tried)
        for endpoint in (each for each in tried_site.endpoints if each.id in ids):
            history = EndpointHistory(store, endpoint, wanted)
            rows = history.readings(partial(_tell_replay, tell, endpoint.name))
            judging = Judging(self.probe_types, self.profiles, tried.settings.deadline_s)
            yield replay(tried_site, endpoint.id, judging, rows, history.blind())

    def _as_tried(self, site: Site, endpoint_ids: set[str], tried: Tried, *, recorded: bool = False) -> Site:
        if tried.profile is not None:
            site = with_profile(site, endpoint_ids, tried.profile, self.profiles)
        return with_settings(site, endpoint_ids, tried.settings, self.probe_types, recorded=recorded)

    def _chosen(self, site: Site, tried: Tried) -> list[str]:
        """Return who is replayed (rule 1), or refuse an endpoint that the site does not have."""
        known = [endpoint.id for endpoint in site.endpoints]
        for wanted in tried.endpoint_ids:
            if wanted not in known:
                meant = nearest(wanted, known)
                happened = f"The site has no endpoint “{printable(wanted, 60)}”."
                advice = (
                    f"Did you mean {meant}?" if meant else "Give --endpoint the id of one of its endpoints."
                )
                raise ControlroomError(NO_SUCH_ENDPOINT, happened, advice)
        if tried.endpoint_ids:
            return list(dict.fromkeys(tried.endpoint_ids))
        return [
            endpoint.id
            for endpoint in site.endpoints
            if any(self.probe_types[probe.type].reaches for probe in endpoint.probes)
        ]


def _tell_replay(tell: Tell, name: str, done: float, total: float) -> None:
    tell(Doing(name, "replay", int(done), int(total)))
