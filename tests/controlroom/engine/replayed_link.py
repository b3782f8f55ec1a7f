"""A link whose readings are written down, and its replay, for the tests of backtests."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from controlroom.engine.backtest import Judging, replay
from controlroom.probe import Metric, ProbeParameters, Prober, ProberContext, ProbeType
from controlroom.reading import Outcome, ProbeKey, Reading, Reason
from controlroom.report.replayed import Replayed
from controlroom.site.model import Endpoint, EndpointKind, Limit, Probe, Site

START_UTC_S = 1_790_000_000.0
LINK = ProbeKey("mast", "icmp")


def _never(context: ProberContext) -> Prober:
    """A replay asks nothing."""
    raise AssertionError(context)


PING = ProbeType(
    "icmp",
    "Ping",
    "",
    ProbeParameters,
    lambda _: (Metric("rtt_s", "s", "Round-trip time"),),
    _never,
    1.0,
    1.0,
)
JUDGING = Judging({"icmp": PING}, {})


def site_of(period_s: float = 1.0, limits: tuple[Limit, ...] = ()) -> Site:
    """Build a site of one pinged mast."""
    probe = Probe(
        type="icmp",
        name="icmp",
        period_s=period_s,
        timeout_s=min(1.0, period_s),
        limits=limits,
        parameters=ProbeParameters(),
    )
    endpoint = Endpoint(
        id="mast", name="Mast", kind=EndpointKind.PARTNER, address="192.0.2.1", probes=(probe,)
    )
    return Site(name="Room", endpoints=(endpoint,))


def readings_of(
    answers: Iterable[float | Reason | None], period_s: float = 1.0, start_utc_s: float = START_UTC_S
) -> list[Reading]:
    """Make one reading a period: a round-trip time, ``None`` for a loss, or why it was not run."""
    return [reading_at(start_utc_s + place * period_s, answer) for place, answer in enumerate(answers)]


def reading_at(at_utc_s: float, answer: float | Reason | None) -> Reading:
    """Make one reading."""
    if isinstance(answer, Reason):
        return Reading(LINK, at_utc_s, math.nan, Outcome.NOT_RUN, answer)
    if answer is None:
        return Reading(LINK, at_utc_s, math.nan, Outcome.NO_REPLY, Reason.DEADLINE)
    return Reading(LINK, at_utc_s, math.nan, Outcome.REPLIED, values={"rtt_s": answer})


def replay_of(readings: Sequence[Reading], site: Site | None = None, judging: Judging = JUDGING) -> Replayed:
    """Replay readings of the mast."""
    return replay(site or site_of(), "mast", judging, enumerate(readings))
