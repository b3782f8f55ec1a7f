"""How good an endpoint's link was over a range, read from the store, as it was judged live."""

from __future__ import annotations

import hashlib
import json

from controlroom.measure.asked import RTT_S, Asked, asked_of
from controlroom.measure.figures import link_figures
from controlroom.measure.quality import Quality, quality_of
from controlroom.reading import SeriesKey
from controlroom.site.view import SeenEndpoint, SeenProbe, SiteView
from controlroom.store.codes import lost_codes, unmeasured_codes
from controlroom.store.interface import ReadStore


def telling_probe(seen: SeenEndpoint) -> SeenProbe | None:
    """Return the probe whose round-trip times tell of the link: the first that measures them."""
    measuring = (each for each in seen.probes if any(metric.name == RTT_S for metric in each.metrics))
    return next(measuring, None)


def what_is_asked(seen: SeenEndpoint, probe: SeenProbe) -> str:
    """Tell one link from another: by its address, the probe and its period."""
    told = json.dumps([seen.address, probe.type, probe.name, probe.period_s])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def asked_in(
    store: ReadStore, seen: SeenEndpoint, probe: SeenProbe, since_utc_s: float, until_utc_s: float
) -> Asked:
    """Read what was asked of a probe over a range, and what came of it."""
    samples = store.samples(SeriesKey(seen.id, probe.name, RTT_S), since_utc_s, until_utc_s)
    return asked_of(
        samples.at_utc_s,
        samples.value,
        lost_codes(samples.outcome, samples.reason),
        unmeasured_codes(samples.outcome, samples.reason),
        samples.beat,
        probe.period_s,
    )


def quality_in(
    store: ReadStore, site: SiteView, seen: SeenEndpoint, since_utc_s: float, until_utc_s: float
) -> Quality | None:
    """Judge a range of an endpoint's link; ``None`` where nothing measures its round trips."""
    probe = telling_probe(seen)
    if probe is None:
        return None
    figures = link_figures(asked_in(store, seen, probe, since_utc_s, until_utc_s), since_utc_s, until_utc_s)
    return quality_of(figures, site.profile_of(seen), seen.voice)
